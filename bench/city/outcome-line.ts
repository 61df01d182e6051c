/** The part of an outcome line (docs/design.md, "Outcomes written") that the scoreboard reads. */
import { ACTIONS, type Action } from "../../schemas/fields.js";

export interface OutcomeReason {
  readonly rule: string;
  readonly mode: string;
  readonly action: string;
  readonly code?: string | null;
}

/** Any outcome: decisions and revisions carry all of it, transitions and duplicates only the first two. */
export interface OutcomeLine {
  readonly type: string;
  readonly eventId: string;
  readonly action?: string | null;
  readonly reasons?: readonly OutcomeReason[];
}

export function rankOf(action: string | null | undefined): number {
  return ACTIONS.indexOf(action as Action);
}

const REVIEW_RANK = rankOf("review");
const CHALLENGE_RANK = rankOf("challenge");

/** Review or stronger. */
export function alarms(action: string | null | undefined): boolean {
  return rankOf(action) >= REVIEW_RANK;
}

/** Challenge or stronger. */
export function isStrong(action: string | null | undefined): boolean {
  return rankOf(action) >= CHALLENGE_RANK;
}

/** The live reasons of an outcome that alarm by themselves; none where the outcome as a whole does not. */
export function alarmingReasons(outcome: OutcomeLine): readonly OutcomeReason[] {
  if (!alarms(outcome.action)) return [];
  return (outcome.reasons ?? []).filter((reason) => reason.mode === "live" && alarms(reason.action));
}
