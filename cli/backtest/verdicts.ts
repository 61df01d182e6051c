/** What two sides said of the same swipe, and what that is per rule. Pure. */

import { ACTIONS, type Action } from "../../schemas/fields.js";
import type { LoggedOutcome, Reason } from "../../schemas/outcomes.js";

export const CHANGES = ["newHit", "stronger", "weaker", "noHit"] as const;
export type Change = (typeof CHANGES)[number];

/** A rule that found more or less of a swipe. */
export interface RuleChange {
  readonly rule: string;
  readonly change: Change;
  /** What the rule asked for; null where it did not hit. */
  readonly from: Action | null;
  readonly to: Action | null;
}

export interface Verdict {
  readonly action: Action;
  readonly reasons: readonly Reason[];
}

/** Decisions and revisions of one record, paired by the swipe; null where a side has none. */
export interface VerdictPair<Kind extends "decision" | "revision"> {
  readonly baseline: Extract<LoggedOutcome, { type: Kind }> | null;
  readonly draft: Extract<LoggedOutcome, { type: Kind }> | null;
}

export function rankOf(action: Action): number {
  return ACTIONS.indexOf(action);
}

/** Was the swipe stopped, for a moment or for good? */
export function isStopped(action: Action): boolean {
  return action === "challenge" || action === "reject";
}

/** Live findings by rule, the strongest of each. */
export function liveHits(reasons: readonly Reason[]): ReadonlyMap<string, Action> {
  if (reasons.length === 0) return NO_HITS;
  const hits = new Map<string, Action>();
  for (const { rule, mode, action } of reasons) {
    if (mode !== "live") continue;
    const known = hits.get(rule);
    if (known === undefined || rankOf(known) < rankOf(action)) hits.set(rule, action);
  }
  return hits;
}

export function ruleChanges(
  baseline: ReadonlyMap<string, Action>,
  draft: ReadonlyMap<string, Action>,
): readonly RuleChange[] {
  if (baseline.size === 0 && draft.size === 0) return NO_CHANGES;
  const changes: RuleChange[] = [];
  for (const [rule, to] of draft) {
    const from = baseline.get(rule) ?? null;
    if (from === null) changes.push({ rule, change: "newHit", from, to });
    else if (from !== to)
      changes.push({ rule, change: rankOf(to) > rankOf(from) ? "stronger" : "weaker", from, to });
  }
  for (const [rule, from] of baseline)
    if (!draft.has(rule)) changes.push({ rule, change: "noHit", from, to: null });
  return changes;
}

export function isGained({ change }: RuleChange): boolean {
  return change === "newHit" || change === "stronger";
}

/** Revisions of one record, by the decision they correct. */
export function revisionPairs(
  baseline: readonly LoggedOutcome[],
  draft: readonly LoggedOutcome[],
): readonly VerdictPair<"revision">[] {
  const pairs = new Map<string, VerdictPair<"revision">>();
  for (const outcome of baseline)
    if (outcome.type === "revision") pairs.set(outcome.decisionId, { baseline: outcome, draft: null });
  for (const outcome of draft)
    if (outcome.type === "revision")
      pairs.set(outcome.decisionId, {
        baseline: pairs.get(outcome.decisionId)?.baseline ?? null,
        draft: outcome,
      });
  return [...pairs.values()];
}

const NO_HITS: ReadonlyMap<string, Action> = new Map();
const NO_CHANGES: readonly RuleChange[] = [];
