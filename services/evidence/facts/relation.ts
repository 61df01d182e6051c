/** How a swipe stands to the loss report of the credential it was made with. */

import { parseInstantMs } from "../../../schemas/instant.js";
import type { CanonicalSwipe } from "../../../schemas/journal.js";
import type { LossPeriod } from "./loss-periods.js";

export const RELATIONS = [
  /** Nobody reported this credential lost. */
  "no-report",
  "before-report",
  /** Reported, not in effect yet. */
  "pending",
  "in-effect",
  /** The report ran out, and nobody had said that the card was found. */
  "lapsed",
  /** With the number that was replaced. */
  "replaced",
  /** After a release, or with the card that came instead. */
  "ended",
] as const;
export type Relation = (typeof RELATIONS)[number];

/** Before the report took effect, or after: what an appeal goes by. */
export const BEFORE_EFFECT: readonly Relation[] = ["before-report", "pending"];
export const AFTER_EFFECT: readonly Relation[] = ["in-effect", "lapsed", "replaced"];

/** The rule that finds the state out, in the order of their strength. */
const BY_RULE: readonly (readonly [rule: string, relation: Relation])[] = [
  ["R04", "replaced"],
  ["R01", "in-effect"],
  ["R02", "pending"],
  ["R03", "lapsed"],
];

/** @param rules live ones of the decision as it stands: what the judge found counts before what the times alone say. */
export function relationOf(
  swipe: CanonicalSwipe,
  rules: readonly string[],
  periods: readonly LossPeriod[],
): Relation {
  const found = BY_RULE.find(([rule]) => rules.includes(rule));
  return found === undefined ? relationByTime(swipe, periods) : found[1];
}

function relationByTime(swipe: CanonicalSwipe, periods: readonly LossPeriod[]): Relation {
  const covering = periods.filter(
    ({ cardKey, newCardKey }) =>
      cardKey === null || cardKey === swipe.cardKey || (newCardKey !== null && newCardKey === swipe.cardKey),
  );
  if (covering.length === 0) return "no-report";
  const ms = parseInstantMs(swipe.occurredAt);
  const period = covering.findLast(({ fromMs }) => fromMs <= ms);
  if (period === undefined) return "before-report";
  const { state, newCardKey } = period;
  if (state !== "replaced") return state;
  const isOld = newCardKey !== null && swipe.cardKey !== undefined && swipe.cardKey !== newCardKey;
  return isOld ? "replaced" : "ended";
}
