/** Sums of the figures as SQL, and as the port has them. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { Figures } from "../../../schemas/http/figures.js";
import { formatInstant } from "../../../schemas/instant.js";

// As doubles: sums of fen are exact up to 90 000 billion yuan.
const SUMMED = [
  "swipes",
  "review",
  "challenge",
  "reject",
  "atRiskFen",
  "reviewedFen",
  "challengedFen",
  "rejectedFen",
] as const;
/** Of `swipe_figures AS f`. */
export const FIGURE_SUMS = SUMMED.map((name) => `toFloat64(sum(f.${name})) AS ${name}`).join(", ");
/** The same of `decision_list AS d`. */
export const ROW_SUMS = `toFloat64(count()) AS swipes, toFloat64(countIf(d.action = 'review')) AS review,
  toFloat64(countIf(d.action = 'challenge')) AS challenge, toFloat64(countIf(d.action = 'reject')) AS reject,
  toFloat64(sum(d.atRiskFen)) AS atRiskFen, toFloat64(sumIf(d.atRiskFen, d.action = 'review')) AS reviewedFen,
  toFloat64(sumIf(d.atRiskFen, d.action = 'challenge')) AS challengedFen,
  toFloat64(sumIf(d.atRiskFen, d.action = 'reject')) AS rejectedFen`;

export const NO_FIGURES: Figures = {
  swipes: 0,
  approve: 0,
  review: 0,
  challenge: 0,
  reject: 0,
  atRiskFen: 0,
  reviewedFen: 0,
  challengedFen: 0,
  rejectedFen: 0,
};

export function figuresOf(row: Row): Figures {
  const [swipes, review, challenge, reject] = [
    numberIn(row, "swipes"),
    numberIn(row, "review"),
    numberIn(row, "challenge"),
    numberIn(row, "reject"),
  ];
  return {
    swipes,
    approve: swipes - review - challenge - reject,
    review,
    challenge,
    reject,
    atRiskFen: numberIn(row, "atRiskFen"),
    reviewedFen: numberIn(row, "reviewedFen"),
    challengedFen: numberIn(row, "challengedFen"),
    rejectedFen: numberIn(row, "rejectedFen"),
  };
}

export function plus(a: Figures, b: Figures): Figures {
  const sum = Object.entries(a).map(([name, value]) => [name, value + b[name as keyof Figures]]);
  return Object.fromEntries(sum);
}

/** A number, or a 64-bit integer as its text. @throws TypeError. */
export function numberIn(row: Row, column: string): number {
  const value = row[column];
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw new TypeError(`column ${column} of a result is a ${typeof value}; expected a number`);
}

export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string")
    throw new TypeError(`column ${column} of a result is a ${typeof value}; expected a text`);
  return value;
}

/** @param column milliseconds. */
export function instantIn(row: Row, column: string): string {
  return formatInstant(numberIn(row, column));
}
