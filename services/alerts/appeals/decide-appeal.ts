/**
 * What a command makes of an appeal. Pure.
 *
 * 1. First and second review are by different people.
 * 2. A decision has a third person, or two: a reviewer proposes, another person confirms (four eyes: money).
 * 3. Who reviewed or decided does not reconsider; a reconsideration is never worse for the holder.
 * 4. A holder's change that is known by its requestId makes no event.
 */

import {
  type AppealDocument,
  type AppealState,
  DOCUMENT_BYTES_MAX,
  DOCUMENTS_MAX,
} from "../../../schemas/appeal.js";
import type { OfficeCommand } from "../../../schemas/appeal-command.js";
import { assertNever } from "../assert-never.js";
import type { Appeal, AppealEvent, Outcomes } from "./appeal.js";
import { type AppealRefusal, type AppealRefusalCode, refused } from "./appeal-refusals.js";

interface DraftFields {
  readonly swipes: readonly string[];
  readonly hasAgent: boolean;
  readonly hasStatement: boolean;
  readonly bankAccountTail: string | null;
}

export type HolderCommand =
  | { readonly type: "open"; readonly personKey: string; readonly caseId: string }
  | { readonly type: "save"; readonly draft: DraftFields }
  | { readonly type: "add-document"; readonly document: AppealDocument }
  | { readonly type: "remove-document"; readonly documentId: string }
  | { readonly type: "submit"; readonly requestId: string }
  | { readonly type: "supplement"; readonly requestId: string }
  | { readonly type: "withdraw"; readonly requestId: string }
  | { readonly type: "ask-reconsideration"; readonly requestId: string };
export type AppealCommand = HolderCommand | OfficeCommand | { readonly type: "close" };

/** What is true beside the appeal itself, at the time of the command. */
export interface AppealFacts {
  /** The person's settlements that stand, by decisionId: when each was, ISO 8601. */
  readonly swipes: ReadonlyMap<string, string>;
  /** Has the holder's term for a reconsideration ended? False while nothing is decided. */
  readonly isReconsiderationOver: boolean;
}

export type Decided = readonly AppealEvent[] | AppealRefusal;

/** In which states a command is at home; whatever else it needs is in `decideAppeal`. */
export const COMMAND_STATES = {
  open: [],
  save: ["draft", "returned-for-more"],
  "add-document": ["draft", "returned-for-more"],
  "remove-document": ["draft", "returned-for-more"],
  submit: ["draft"],
  supplement: ["returned-for-more"],
  withdraw: ["draft", "submitted", "returned-for-more", "first-review", "second-review", "investigation"],
  "ask-reconsideration": ["decided"],
  accept: ["submitted"],
  return: ["submitted", "first-review", "second-review", "investigation"],
  resume: ["returned-for-more"],
  review: ["first-review", "second-review"],
  investigate: ["investigation"],
  decide: ["investigation"],
  confirm: ["investigation"],
  drop: ["investigation"],
  reconsider: ["reconsideration"],
  close: ["decided"],
} as const satisfies Readonly<Record<AppealCommand["type"], readonly AppealState[]>>;

const EDITING: readonly AppealCommand["type"][] = ["save", "add-document", "remove-document"];

export function decideAppeal(command: AppealCommand, appeal: Appeal, facts: AppealFacts): Decided {
  if ("requestId" in command && appeal.requestIds.includes(command.requestId)) return [];
  if (command.type === "open") return open(command, appeal);
  if (appeal.version === 0) return refused("UNKNOWN");
  const states: readonly AppealState[] = COMMAND_STATES[command.type];
  if (!states.includes(appeal.state))
    return refused(EDITING.includes(command.type) ? "NOT_OPEN_ANY_MORE" : "NOT_IN_THIS_STATE");
  return inState(command, appeal, facts);
}

function open({ personKey, caseId }: Extract<HolderCommand, { type: "open" }>, appeal: Appeal): Decided {
  return appeal.version === 0 ? [{ type: "opened", personKey, caseId }] : [];
}

function inState(
  command: Exclude<AppealCommand, { type: "open" }>,
  appeal: Appeal,
  facts: AppealFacts,
): Decided {
  switch (command.type) {
    case "save":
      return orEvent(claimFault(command.draft.swipes, appeal) ?? unknownSwipe(command.draft.swipes, facts), {
        type: "draft-saved",
        ...command.draft,
      });
    case "add-document":
      // The same file pressed twice is one.
      if (
        appeal.documents.some(
          ({ sha256, kind }) => sha256 === command.document.sha256 && kind === command.document.kind,
        )
      )
        return [];
      return orEvent(documentFault(command.document, appeal), {
        type: "document-added",
        document: command.document,
      });
    case "remove-document": {
      const isThere = appeal.documents.some(({ documentId }) => documentId === command.documentId);
      const { documentId } = command;
      return orEvent(isThere ? null : "DOCUMENT_UNKNOWN", { type: "document-removed", documentId });
    }
    case "submit":
      return submit(command.requestId, appeal, facts);
    case "supplement":
      return orEvent(incomplete(appeal, facts), { type: "supplemented", requestId: command.requestId });
    case "withdraw":
      return [{ type: "withdrawn", requestId: command.requestId }];
    case "ask-reconsideration":
      return orEvent(facts.isReconsiderationOver ? "RECONSIDERATION_TOO_LATE" : null, {
        type: "reconsideration-asked",
        requestId: command.requestId,
      });
    case "accept":
      return [{ type: "accepted", by: command.by }];
    case "return":
      return [{ type: "returned", by: command.by, what: command.what }];
    case "resume":
      return [{ type: "resumed", by: command.by, reason: command.reason }];
    case "review":
      return review(command, appeal);
    case "investigate":
      return [{ type: "investigated", by: command.by, findings: command.findings }];
    case "decide":
      return decide(command, appeal);
    case "confirm":
      return confirm(command.by, appeal);
    case "drop":
      return orEvent(appeal.proposal === null ? "NO_PROPOSAL" : null, {
        type: "proposal-dropped",
        by: command.by,
        reason: command.reason,
      });
    case "reconsider":
      return reconsider(command, appeal);
    case "close":
      return orEvent(facts.isReconsiderationOver ? null : "TERM_RUNS", { type: "closed" });
    default:
      return assertNever(command);
  }
}

function orEvent(fault: AppealRefusalCode | null, event: AppealEvent): Decided {
  return fault === null ? [event] : refused(fault);
}

/** What a reviewer has looked at stays what is decided about: a claim more would be decided by one person alone. */
function claimFault(
  swipes: readonly string[],
  { firstReviewer, swipes: claimed }: Appeal,
): AppealRefusalCode | null {
  const isSame = swipes.length === claimed.length && swipes.every((one) => claimed.includes(one));
  return firstReviewer === null || isSame ? null : "NOT_OPEN_ANY_MORE";
}

function unknownSwipe(swipes: readonly string[], facts: AppealFacts): AppealRefusalCode | null {
  return swipes.every((decisionId) => facts.swipes.has(decisionId)) ? null : "SWIPE_UNKNOWN";
}

function documentFault({ bytes }: AppealDocument, { documents }: Appeal): AppealRefusalCode | null {
  if (bytes < 1 || bytes > DOCUMENT_BYTES_MAX) return "DOCUMENT_TOO_LARGE";
  return documents.length >= DOCUMENTS_MAX ? "TOO_MANY_DOCUMENTS" : null;
}

/** What every appeal needs before people look at it. */
function incomplete(appeal: Appeal, facts: AppealFacts): AppealRefusalCode | null {
  const has = (kind: AppealDocument["kind"]) => appeal.documents.some((document) => document.kind === kind);
  if (appeal.swipes.length === 0) return "NO_SWIPES";
  if (!appeal.hasStatement) return "NO_STATEMENT";
  if (!has("police-receipt")) return "NO_POLICE_RECEIPT";
  if (appeal.hasAgent && !has("authorisation")) return "NO_AUTHORISATION";
  return unknownSwipe(appeal.swipes, facts);
}

function submit(requestId: string, appeal: Appeal, facts: AppealFacts): Decided {
  const fault = incomplete(appeal, facts);
  if (fault !== null) return refused(fault);
  const [earliestSwipeAt] = appeal.swipes.map((decisionId) => facts.swipes.get(decisionId)!).sort();
  return [{ type: "submitted", requestId, earliestSwipeAt: earliestSwipeAt! }];
}

function review(
  { by, opinion }: Extract<OfficeCommand, { type: "review" }>,
  { state, firstReviewer }: Appeal,
): Decided {
  if (state === "first-review") return [{ type: "first-reviewed", by, opinion }];
  return orEvent(by === firstReviewer ? "SAME_PERSON" : null, { type: "second-reviewed", by, opinion });
}

function decide(command: Extract<OfficeCommand, { type: "decide" }>, appeal: Appeal): Decided {
  const { by, outcomes, own, reasons } = command;
  if (!appeal.isInvestigated) return refused("NOT_INVESTIGATED");
  const fault = outcomesFault(command, appeal);
  if (fault !== null) return refused(fault);
  const isThird = by !== appeal.firstReviewer && by !== appeal.secondReviewer;
  return isThird
    ? [{ type: "decided", by: [by], outcomes, own, reasons }]
    : [{ type: "decision-proposed", by, outcomes, own, reasons }];
}

function confirm(by: string, { proposal }: Appeal): Decided {
  if (proposal === null) return refused("NO_PROPOSAL");
  const { outcomes, own, reasons } = proposal;
  return orEvent(by === proposal.by ? "NEEDS_ANOTHER_PERSON" : null, {
    type: "decided",
    by: [proposal.by, by],
    outcomes,
    own,
    reasons,
  });
}

function reconsider(command: Extract<OfficeCommand, { type: "reconsider" }>, appeal: Appeal): Decided {
  const { by, outcomes, own, reasons } = command;
  const { decision, firstReviewer, secondReviewer } = appeal;
  if ([...decision!.by, firstReviewer, secondReviewer].includes(by)) return refused("DECIDED_ALREADY_BY_YOU");
  const fault = outcomesFault(command, appeal);
  if (fault !== null) return refused(fault);
  const isWorse = appeal.swipes.some(
    (id) => decision!.outcomes[id] === "upheld" && outcomes[id] !== "upheld",
  );
  return orEvent(isWorse ? "WORSE_FOR_HOLDER" : null, { type: "reconsidered", by, outcomes, own, reasons });
}

function outcomesFault(
  { outcomes, own }: { readonly outcomes: Outcomes; readonly own: readonly string[] },
  { swipes }: Appeal,
): AppealRefusalCode | null {
  const named = Object.keys(outcomes);
  const isComplete = named.length === swipes.length && swipes.every((id) => Object.hasOwn(outcomes, id));
  if (!isComplete) return "OUTCOMES_INCOMPLETE";
  return own.every((decisionId) => outcomes[decisionId] === "rejected") ? null : "OWN_NOT_REJECTED";
}
