/** An appeal as its events tell it. Pure: `evolve` is the only way in which a state comes about. */

import type { AppealDocument, AppealState } from "../../../schemas/appeal.js";
import { assertNever } from "../assert-never.js";

export type SwipeOutcome = "upheld" | "rejected";
/** By decisionId; each claimed swipe has one. */
export type Outcomes = Readonly<Record<string, SwipeOutcome>>;

/** Events hold tokens, numbers and words of the office. What the holder wrote lies sealed beside them (appeal-secrets.ts). */
export type AppealEvent =
  | { readonly type: "opened"; readonly personKey: string; readonly caseId: string }
  | {
      readonly type: "draft-saved";
      readonly swipes: readonly string[];
      readonly hasAgent: boolean;
      readonly hasStatement: boolean;
      readonly bankAccountTail: string | null;
    }
  | { readonly type: "document-added"; readonly document: AppealDocument }
  | { readonly type: "document-removed"; readonly documentId: string }
  | { readonly type: "submitted"; readonly requestId: string; readonly earliestSwipeAt: string }
  | { readonly type: "accepted"; readonly by: string }
  | { readonly type: "returned"; readonly by: string; readonly what: string }
  | { readonly type: "supplemented"; readonly requestId: string }
  /** The office goes on with what there is. */
  | { readonly type: "resumed"; readonly by: string; readonly reason: string }
  | { readonly type: "first-reviewed"; readonly by: string; readonly opinion: string }
  | { readonly type: "second-reviewed"; readonly by: string; readonly opinion: string }
  | { readonly type: "investigated"; readonly by: string; readonly findings: string }
  | {
      readonly type: "decision-proposed";
      readonly by: string;
      readonly outcomes: Outcomes;
      /** Rejected ones that were found to be the holder's own. */
      readonly own: readonly string[];
      readonly reasons: string;
    }
  | { readonly type: "proposal-dropped"; readonly by: string; readonly reason: string }
  | {
      readonly type: "decided";
      readonly by: readonly string[];
      readonly outcomes: Outcomes;
      /** Rejected ones that were found to be the holder's own. */
      readonly own: readonly string[];
      readonly reasons: string;
    }
  | { readonly type: "reconsideration-asked"; readonly requestId: string }
  | {
      readonly type: "reconsidered";
      readonly by: string;
      readonly outcomes: Outcomes;
      /** Rejected ones that were found to be the holder's own. */
      readonly own: readonly string[];
      readonly reasons: string;
    }
  | { readonly type: "withdrawn"; readonly requestId: string }
  /** Nobody asked for a reconsideration in time. */
  | { readonly type: "closed" };

export type AppealEventType = AppealEvent["type"];
export interface PlacedEvent {
  /** From 1, without gaps: the version after it. */
  readonly version: number;
  readonly at: string;
  readonly event: AppealEvent;
}

export interface Decision {
  readonly by: readonly string[];
  readonly outcomes: Outcomes;
  readonly own: readonly string[];
  readonly reasons: string;
  readonly at: string;
}

export interface Appeal {
  readonly version: number;
  readonly state: AppealState;
  readonly personKey: string;
  readonly caseId: string;
  readonly swipes: readonly string[];
  readonly hasStatement: boolean;
  readonly hasAgent: boolean;
  readonly bankAccountTail: string | null;
  readonly documents: readonly AppealDocument[];
  /** Where it goes on when what was asked for is there. */
  readonly returnedFrom: AppealState | null;
  readonly firstReviewer: string | null;
  readonly secondReviewer: string | null;
  readonly isInvestigated: boolean;
  readonly proposal: Extract<AppealEvent, { type: "decision-proposed" }> | null;
  /** As it stands: the reconsidered one where there is one. */
  readonly decision: Decision | null;
  /** Of the holder's changes: the same again changes nothing. */
  readonly requestIds: readonly string[];
}

export const NO_APPEAL: Appeal = {
  version: 0,
  state: "draft",
  personKey: "",
  caseId: "",
  swipes: [],
  hasStatement: false,
  hasAgent: false,
  bankAccountTail: null,
  documents: [],
  returnedFrom: null,
  firstReviewer: null,
  secondReviewer: null,
  isInvestigated: false,
  proposal: null,
  decision: null,
  requestIds: [],
};

export function appealOf(events: readonly PlacedEvent[]): Appeal {
  return events.reduce(evolve, NO_APPEAL);
}

export function evolve(before: Appeal, { version, at, event }: PlacedEvent): Appeal {
  const requestIds = "requestId" in event ? [...before.requestIds, event.requestId] : before.requestIds;
  return { ...before, ...changeOf(before, event, at), requestIds, version };
}

function changeOf(before: Appeal, event: AppealEvent, at: string): Partial<Appeal> {
  switch (event.type) {
    case "opened":
      return { personKey: event.personKey, caseId: event.caseId };
    case "draft-saved": {
      const { swipes, hasAgent, hasStatement, bankAccountTail } = event;
      return { swipes, hasAgent, hasStatement, bankAccountTail };
    }
    case "document-added":
      return { documents: [...before.documents, event.document] };
    case "document-removed":
      return { documents: before.documents.filter(({ documentId }) => documentId !== event.documentId) };
    case "submitted":
      return { state: "submitted" };
    case "accepted":
      return { state: "first-review" };
    case "returned":
      return { state: "returned-for-more", returnedFrom: before.state, proposal: null };
    case "supplemented":
    case "resumed":
      return { state: before.returnedFrom ?? "submitted", returnedFrom: null };
    case "first-reviewed":
      return { state: "second-review", firstReviewer: event.by };
    case "second-reviewed":
      return { state: "investigation", secondReviewer: event.by };
    case "investigated":
      return { isInvestigated: true };
    case "decision-proposed":
      return { proposal: event };
    case "proposal-dropped":
      return { proposal: null };
    case "decided":
      return { state: "decided", proposal: null, decision: decisionOf(event, event.by, at) };
    case "reconsideration-asked":
      return { state: "reconsideration" };
    case "reconsidered":
      return { state: "closed", decision: decisionOf(event, [event.by], at) };
    case "withdrawn":
      return { state: "withdrawn", returnedFrom: null, proposal: null };
    case "closed":
      return { state: "closed" };
    default:
      return assertNever(event);
  }
}

function decisionOf(
  { outcomes, own, reasons }: Pick<Decision, "outcomes" | "own" | "reasons">,
  by: readonly string[],
  at: string,
): Decision {
  return { by, outcomes, own, reasons, at };
}

export function resultOf(outcomes: Outcomes): "upheld" | "partly" | "rejected" {
  const all = Object.values(outcomes);
  if (all.every((outcome) => outcome === "upheld")) return "upheld";
  return all.every((outcome) => outcome === "rejected") ? "rejected" : "partly";
}
