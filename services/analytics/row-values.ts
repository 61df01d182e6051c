/** Values of a row from the analytics database: checked where they come in. */

import type { Row } from "../../platform/analytics/analytics-database.js";

export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw unexpected(row, column, "a text");
  return value;
}

/** A count or an offset: at most 2^53, as a number or as a decimal text. */
export function integerIn(row: Row, column: string): number {
  const value = Number(row[column]);
  if (!Number.isSafeInteger(value)) throw unexpected(row, column, "an integer");
  return value;
}

/** A 64-bit integer, which comes as a decimal text. */
export function bigintIn(row: Row, column: string): bigint {
  const value = row[column];
  if (typeof value !== "string" || !/^-?\d+$/.test(value))
    throw unexpected(row, column, "a 64-bit integer as a text");
  return BigInt(value);
}

function unexpected(row: Row, column: string, expected: string): TypeError {
  return new TypeError(`column ${column} of a result is a ${typeof row[column]}; expected ${expected}`);
}
