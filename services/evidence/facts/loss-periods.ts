/**
 * When a credential was reported lost, when the report was in effect and when it lapsed: by time alone, from the
 * transitions that the judge applied. Where a decision says R01–R04 itself, the decision's word counts (relation.ts).
 */

import type { Credential } from "../../../schemas/fields.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import type { CanonicalCardStatus } from "../../../schemas/journal.js";
import type { TransitionOutcome } from "../../../schemas/outcomes.js";

/** A status record whose transition was applied. */
export interface AppliedStatus {
  readonly record: CanonicalCardStatus;
  readonly transition: TransitionOutcome;
}

export type LossState = "pending" | "in-effect" | "lapsed" | "ended" | "replaced";

/** From `fromMs` on, until the next one of the same credential. */
export interface LossPeriod {
  readonly fromMs: number;
  readonly state: LossState;
  /** The card it is about; null for all of the credential. */
  readonly cardKey: string | null;
  readonly newCardKey: string | null;
}

const LOSS_ACTIONS: readonly string[] = [
  "report-loss",
  "confirm-loss",
  "file-replacement",
  "release",
  "replace",
];

export function isLossStatus({ record, transition }: AppliedStatus): boolean {
  return transition.applied && LOSS_ACTIONS.includes(record.action);
}

export function acceptedAtOf(record: CanonicalCardStatus): string {
  return record.acceptedAt ?? record.reportedAt ?? record.occurredAt;
}

/** By credential, in order of time. A record that came late counts by when it was accepted. */
export function lossPeriods(statuses: readonly AppliedStatus[]): ReadonlyMap<Credential, LossPeriod[]> {
  const byCredential = new Map<Credential, LossPeriod[]>();
  const inOrder = statuses
    .filter(isLossStatus)
    .map((status) => ({ status, ms: parseInstantMs(acceptedAtOf(status.record)) }))
    .sort((a, b) => a.ms - b.ms);
  for (const { status } of inOrder) {
    const { credential } = status.transition;
    const periods = byCredential.get(credential) ?? [];
    byCredential.set(credential, periods);
    apply(periods, status);
  }
  return byCredential;
}

function apply(periods: LossPeriod[], status: AppliedStatus): void {
  const { record, transition } = status;
  const effectiveMs = parseInstantMs(transition.effectiveAt);
  if (record.action === "release") change(periods, status, effectiveMs, "ended");
  else if (record.action === "replace") change(periods, status, effectiveMs, "replaced");
  else report(periods, status, effectiveMs);
}

/** Reported, confirmed, or a replacement asked for. */
function report(periods: LossPeriod[], status: AppliedStatus, effectiveMs: number): void {
  const { reportedAt, expiresAtMax } = status.transition;
  const reportedMs = parseInstantMs(reportedAt);
  if (!isOpenAt(periods, reportedMs)) change(periods, status, reportedMs, "pending");
  dropLapse(periods);
  if (periods.findLast(({ fromMs }) => fromMs <= effectiveMs)?.state !== "in-effect")
    change(periods, status, effectiveMs, "in-effect");
  if (expiresAtMax !== null) change(periods, status, parseInstantMs(expiresAtMax), "lapsed");
}

/** What was to come later does not come. */
function change(periods: LossPeriod[], { record }: AppliedStatus, fromMs: number, state: LossState): void {
  while (periods.length > 0 && periods.at(-1)!.fromMs >= fromMs) periods.pop();
  periods.push({ fromMs, state, cardKey: record.cardKey ?? null, newCardKey: record.newCardKey ?? null });
}

function isOpenAt(periods: readonly LossPeriod[], ms: number): boolean {
  const state = periods.findLast(({ fromMs }) => fromMs <= ms)?.state;
  return state === "pending" || state === "in-effect" || state === "lapsed";
}

/** Another report, or a formal one: the expiry of the one before is none any more. */
function dropLapse(periods: LossPeriod[]): void {
  if (periods.at(-1)?.state === "lapsed") periods.pop();
}
