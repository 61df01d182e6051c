/**
 * By when a case is to be taken, and by when decided: counted from its first alert that stands, by its severity. One table for the
 * queue, the page "today" and docs/console.md. Hours of the clock, not of work: a card is used up on Sundays too.
 */

import type { CaseState } from "../case-transitions.js";
import type { Severity } from "../fields.js";

export interface CaseTerms {
  /** Until somebody has it. */
  readonly takeHours: number;
  /** Until it is established what there is to it. */
  readonly decideHours: number;
}

export const CASE_TERMS: Readonly<Record<Severity, CaseTerms>> = {
  // A lost card was used 29 times within 18 hours (docs/domain.md, Nanning): whoever looks within the first saves most of it. Decided
  // within a day, so that the holder knows before the next visit.
  critical: { takeHours: 1, decideHours: 24 },
  // Challenged swipes are stopped already; half a working day, and three days to ask holder and institution.
  high: { takeHours: 4, decideHours: 72 },
  // Reviews went through: what was paid can be asked back for months. A day to look, a week to ask.
  medium: { takeHours: 24, decideHours: 7 * 24 },
  // Patterns, seen together: a weekend may lie between. Two weeks are two rounds of a team's meeting.
  low: { takeHours: 72, decideHours: 14 * 24 },
};

const HOUR_MS = 3_600_000;

export interface CaseOnClock {
  readonly severity: Severity;
  /** When its first alert that stands happened; null where none stands. */
  readonly firstStandingAtMs: number | null;
  /** When it was opened again; null where it never was. */
  readonly reopenedAtMs: number | null;
  readonly state: CaseState;
  readonly assignee: string | null;
}

export interface CaseClocks {
  /** null: somebody has taken it, or nothing stands. */
  readonly takeByMs: number | null;
  /** null: it is decided, or nothing stands. */
  readonly decideByMs: number | null;
}

const DECIDED: readonly CaseState[] = ["confirmed", "cleared", "closed"];

export function caseClocks({
  severity,
  firstStandingAtMs,
  reopenedAtMs,
  state,
  assignee,
}: CaseOnClock): CaseClocks {
  if (firstStandingAtMs === null || DECIDED.includes(state)) return { takeByMs: null, decideByMs: null };
  const { takeHours, decideHours } = CASE_TERMS[severity];
  const fromMs = Math.max(firstStandingAtMs, reopenedAtMs ?? firstStandingAtMs);
  const isTaken = assignee !== null || state !== "new";
  return {
    takeByMs: isTaken ? null : fromMs + takeHours * HOUR_MS,
    decideByMs: fromMs + decideHours * HOUR_MS,
  };
}
