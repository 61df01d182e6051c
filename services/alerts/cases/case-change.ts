/** What people may do about a case, decided: pure. */

import type { CallOutcome, CaseCommand } from "../../../schemas/case-command.js";
import {
  type CaseState,
  caseStatesAfter,
  caseTransition,
  needsSecondPerson,
} from "../../../schemas/case-transitions.js";
import type { CasesProblemCode } from "../../../schemas/http/cases-problem.js";
import { assertNever } from "../assert-never.js";

/** Long enough for a week's leave of whoever approves; the facts of a case move on. */
export const PROPOSAL_EXPIRES_AFTER_MS = 7 * 86_400_000;
/** A case that a thousand notes do not tell is no case. Bounds what one answer holds: 4 MB. */
export const NOTES_MAX = 1_000;

export interface OpenProposal {
  readonly proposalId: number;
  readonly to: CaseState;
  readonly rules: readonly string[] | null;
  readonly alertsSeen: number;
  readonly proposedBy: string;
  readonly expiresAtMs: number;
}

/** The case as it stands. */
export interface CaseStanding {
  readonly state: CaseState;
  readonly assignee: string | null;
  readonly alerts: number;
  readonly moneyAtRiskFen: number;
  /** Of standing alerts, as far as they are rules. */
  readonly rules: readonly string[];
  readonly proposal: OpenProposal | null;
  readonly notes: number;
  readonly standingNotes: readonly number[];
  readonly isLatest: boolean;
  /** null where none is open. */
  readonly openAppealId: string | null;
  /** The task to phone the case's person; null where none is open. */
  readonly openCallId: string | null;
}

export type CaseChange =
  | {
      readonly kind: "assigned";
      readonly assignee: string;
      readonly before: string | null;
      readonly reason: string | null;
    }
  | { readonly kind: "noted"; readonly text: string }
  | { readonly kind: "note-struck"; readonly noteId: number; readonly reason: string }
  | {
      readonly kind: "phoned";
      readonly callId: string;
      readonly outcome: CallOutcome;
      readonly reason: string | null;
    }
  | ({ readonly kind: "moved" } & Move)
  | {
      readonly kind: "proposed";
      readonly from: CaseState;
      readonly to: CaseState;
      readonly reason: string;
      readonly rules: readonly string[] | null;
      readonly alertsSeen: number;
      readonly expiresAtMs: number;
    }
  | ({ readonly kind: "approved"; readonly proposalId: number; readonly proposedBy: string } & Move)
  | { readonly kind: "rejected"; readonly proposalId: number; readonly reason: string };

export interface Move {
  readonly from: CaseState;
  readonly to: CaseState;
  readonly reason: string | null;
  readonly rules: readonly string[] | null;
}

export interface CaseRefusal {
  readonly refused: CasesProblemCode;
  readonly detail: string;
}

interface By {
  readonly actor: string;
  readonly nowMs: number;
}

export function decideCase(command: CaseCommand, standing: CaseStanding, by: By): CaseChange | CaseRefusal {
  switch (command.kind) {
    case "assign":
      return assigned(command, standing, by);
    case "note":
      if (standing.notes >= NOTES_MAX)
        return refuse(
          "CASE_FULL",
          `it has ${NOTES_MAX} notes; what is further to be said goes into the next case`,
        );
      return { kind: "noted", text: command.text };
    case "strike-note":
      if (!standing.standingNotes.includes(command.noteId))
        return refuse("NOTE_UNKNOWN", `note ${command.noteId} is not there or is struck out already`);
      return { ...command, kind: "note-struck" };
    case "phoned":
      return phoned(command, standing);
    case "move":
      return moved(command, standing, by);
    case "approve":
      return approved(command, standing, by);
    case "reject":
      return rejected(command, standing, by);
    default:
      return assertNever(command);
  }
}

type Command<Kind extends CaseCommand["kind"]> = Extract<CaseCommand, { kind: Kind }>;

function assigned(
  { assignee, reason }: Command<"assign">,
  { assignee: before, state }: CaseStanding,
  { actor }: By,
): CaseChange | CaseRefusal {
  if (state === "closed")
    return refuse("CASE_CLOSED", "nothing is to be done; reopen it first ('move … triage')");
  if (before !== null && before !== actor && reason === null)
    return refuse("ASSIGNED_TO_OTHER", `'${before}' has it; say with a reason why it is taken over`);
  return { kind: "assigned", assignee, before, reason };
}

/** Whoever works on cases may: who has the case, and where it stands, says nothing of who is to be told. */
function phoned(
  { outcome, note }: Command<"phoned">,
  { openCallId }: CaseStanding,
): CaseChange | CaseRefusal {
  if (openCallId === null)
    return refuse(
      "NO_CALL_OPEN",
      "nobody has to be phoned, or somebody was already; read the case again, and write a note of what was said",
    );
  return { kind: "phoned", callId: openCallId, outcome, reason: note };
}

function moved(command: Command<"move">, standing: CaseStanding, by: By): CaseChange | CaseRefusal {
  const { to, reason, rules } = command;
  const { state: from, alerts, moneyAtRiskFen } = standing;
  const transition = caseTransition(from, to);
  if (transition === null)
    return refuse(
      "TRANSITION_UNKNOWN",
      `from '${from}' it goes to ${caseStatesAfter(from).join(", ")}; '${to}' is not among them`,
    );
  // Who reopens a case has it then; otherwise whoever works on it decides where it goes.
  if (from !== "closed" && standing.assignee !== by.actor)
    return refuse("NOT_ASSIGNED", "take it first: POST …/assignment, 'kadun cases assign'");
  if (liveProposal(standing, by) !== null)
    return refuse("PROPOSAL_OPEN", `proposal ${standing.proposal!.proposalId} waits for a second person`);
  if (transition.reason === "needed" && reason === null)
    return refuse("REASON_MISSING", `from '${from}' to '${to}' a reason is kept`);
  const against = standsAgainst({ to, rules }, from, standing);
  if (against !== null) return against;
  if (!needsSecondPerson(transition, moneyAtRiskFen)) return { kind: "moved", from, to, reason, rules };
  const expiresAtMs = by.nowMs + PROPOSAL_EXPIRES_AFTER_MS;
  return { kind: "proposed", from, to, reason: reason!, rules, alertsSeen: alerts, expiresAtMs };
}

function standsAgainst(
  { to, rules }: Pick<Move, "to" | "rules">,
  from: CaseState,
  standing: CaseStanding,
): CaseRefusal | null {
  const requires = caseTransition(from, to)?.requires ?? [];
  if (requires.includes("no-open-appeal") && standing.openAppealId !== null)
    return refuse("APPEAL_OPEN", `appeal ${standing.openAppealId} is not decided; close the case afterwards`);
  if (requires.includes("latest-case") && !standing.isLatest)
    return refuse(
      "LATER_CASE",
      "work goes on in the subject's later case; note there what belongs to this one",
    );
  const unknown = (rules ?? []).filter((rule) => !standing.rules.includes(rule));
  if (unknown.length > 0)
    return refuse(
      "RULES_UNKNOWN",
      `${unknown.join(", ")}: expected rules of standing alerts: ${standing.rules.join(", ") || "there are none"}`,
    );
  return null;
}

function approved(command: Command<"approve">, standing: CaseStanding, by: By): CaseChange | CaseRefusal {
  const proposal = proposalToDecide(command, standing, by);
  if ("refused" in proposal) return proposal;
  const { state: from, alerts } = standing;
  const { to, rules, proposedBy, alertsSeen, proposalId } = proposal;
  if (proposedBy === by.actor)
    return refuse("SAME_PERSON", "you proposed it yourself; another person looks at it and approves");
  if (alerts !== alertsSeen)
    return refuse(
      "CASE_GREW",
      `it had ${alertsSeen} alerts and has ${alerts} now; reject the proposal, look at them and propose again`,
    );
  const against = standsAgainst({ to, rules }, from, standing);
  if (against !== null) return against;
  return { kind: "approved", proposalId, proposedBy, from, to, reason: command.reason, rules };
}

/** Who proposed it may take it back. */
function rejected(command: Command<"reject">, standing: CaseStanding, by: By): CaseChange | CaseRefusal {
  const proposal = proposalToDecide(command, standing, by);
  if ("refused" in proposal) return proposal;
  return { ...command, kind: "rejected" };
}

function proposalToDecide(
  { proposalId }: { readonly proposalId: number },
  { proposal }: CaseStanding,
  { nowMs }: By,
): OpenProposal | CaseRefusal {
  if (proposal === null || proposal.proposalId !== proposalId)
    return refuse("PROPOSAL_UNKNOWN", `${proposalId} is decided, or never was; read the case again`);
  if (proposal.expiresAtMs <= nowMs)
    return refuse("PROPOSAL_EXPIRED", "nobody decided in time; propose it again");
  return proposal;
}

/** One that has expired stands in nobody's way. */
function liveProposal({ proposal }: CaseStanding, { nowMs }: By): OpenProposal | null {
  return proposal !== null && proposal.expiresAtMs > nowMs ? proposal : null;
}

function refuse(refused: CasesProblemCode, detail: string): CaseRefusal {
  return { refused, detail };
}
