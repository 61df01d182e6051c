/** Which sums make up a range: whole days in the middle, hours at its ends. Days are China's. */

import { formatInstant } from "../../../schemas/instant.js";
import type { Range } from "../server/figures-desk.js";
import type { Condition } from "./figures-query.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHINA_OFFSET_MS = 8 * HOUR_MS;

export function floorTo(ms: number, unitMs: number): number {
  return Math.floor((ms + CHINA_OFFSET_MS) / unitMs) * unitMs - CHINA_OFFSET_MS;
}

export function ceilTo(ms: number, unitMs: number): number {
  return Math.ceil((ms + CHINA_OFFSET_MS) / unitMs) * unitMs - CHINA_OFFSET_MS;
}

export type Unit = "minute" | "hour" | "day";
const UNIT_MS: Readonly<Record<Unit, number>> = { minute: 60_000, hour: HOUR_MS, day: DAY_MS };

/** The range and whatever else of the units that it touches. */
export function widened({ from, to }: Range, unit: Unit): Range {
  return { from: floorTo(from, UNIT_MS[unit]), to: ceilTo(to, UNIT_MS[unit]) };
}

export function rangeText({ from, to }: Range): { readonly from: string; readonly to: string } {
  return { from: formatInstant(from), to: formatInstant(to) };
}

export interface Cover {
  /** Before the days. */
  readonly hoursFirst: Range;
  readonly days: Range;
  readonly hoursLast: Range;
}

/** @param range of whole hours. Parts may be empty. */
export function coverOf({ from, to }: Range): Cover {
  const [firstDay, lastDay] = [ceilTo(from, DAY_MS), floorTo(to, DAY_MS)];
  if (firstDay >= lastDay) {
    return { hoursFirst: { from, to }, days: { from: to, to }, hoursLast: { from: to, to } };
  }
  return {
    hoursFirst: { from, to: firstDay },
    days: { from: firstDay, to: lastDay },
    hoursLast: { from: lastDay, to },
  };
}

export type Sums = "swipes" | "rules";
const LEVELS = {
  swipes: { hour: "hour", day: "day" },
  rules: { hour: "rule-hour", day: "rule-day" },
} as const;

const BETWEEN = (name: string) =>
  `bucket >= toDateTime({${name}From:UInt32}) AND bucket < toDateTime({${name}To:UInt32})`;

/** Rows of the figures that make up a range of whole hours. */
export function coverCondition(range: Range, sums: Sums): Condition {
  const { hoursFirst, days, hoursLast } = coverOf(range);
  const { hour, day } = LEVELS[sums];
  return {
    sql: `(level = '${day}' AND ${BETWEEN("days")}) OR (level = '${hour}' AND ((${BETWEEN("first")}) OR (${BETWEEN("last")})))`,
    parameters: { ...bounds("days", days), ...bounds("first", hoursFirst), ...bounds("last", hoursLast) },
  };
}

/** Rows of one level. */
export function levelCondition(range: Range, level: string): Condition {
  return { sql: `level = '${level}' AND ${BETWEEN("days")}`, parameters: bounds("days", range) };
}

/** Epoch seconds of 32 bits: what is before 1970 or after 2106 is at its end. */
function bounds(name: string, { from, to }: Range) {
  const seconds = (ms: number) => Math.min(2 ** 32 - 1, Math.max(0, Math.floor(ms / 1000)));
  return { [`${name}From`]: seconds(from), [`${name}To`]: seconds(to) };
}
