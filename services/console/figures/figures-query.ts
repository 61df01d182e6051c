/** How the console asks the analytics database: limits, the scope, what a failure is to the port. */

import {
  type AnalyticsDatabase,
  AnalyticsError,
  type Parameters,
  type Row,
} from "../../../platform/analytics/analytics-database.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { FiguresFilter, Range } from "../server/figures-desk.js";
import { FiguresAway, type FiguresAwayCode } from "../server/figures-desk.js";

/** A page that has to wait longer says so. */
const SECONDS_MAX = 8;
/** An answer is a page or a chart: 800 days by hour are 19,200 lines. */
const ROWS_MAX = 20_000;
/** Beside the swipes: a query that wants more is not one of ours. */
const MEMORY_BYTES_MAX = 512 << 20;
/** One core of two stays with the swipes. */
const THREADS_MAX = 1;

export const FIGURES_LIMITS = {
  secondsMax: SECONDS_MAX,
  rowsMax: ROWS_MAX,
  memoryBytesMax: MEMORY_BYTES_MAX,
  threadsMax: THREADS_MAX,
} as const;

export type FiguresDatabase = Pick<AnalyticsDatabase, "query">;

/** @throws FiguresAway; DOMException of the signal. */
export async function ask(
  database: FiguresDatabase,
  { sql, parameters }: Question,
  signal?: AbortSignal,
): Promise<readonly Row[]> {
  signal?.throwIfAborted();
  try {
    const rows = await database.query(sql, parameters, FIGURES_LIMITS);
    signal?.throwIfAborted();
    return rows;
  } catch (error) {
    if (!(error instanceof AnalyticsError) || error.code === "REFUSED") throw error;
    throw new FiguresAway(codeOf(error), `figures: ${error.message}`, { cause: error });
  }
}

export interface Question {
  /** A constant of the program. */
  readonly sql: string;
  readonly parameters: Parameters;
}

function codeOf(error: AnalyticsError): FiguresAwayCode {
  if (error.code === "TIMEOUT") return "TOO_LONG";
  return error.code === "LIMIT" || /code (241|158|307)\b/.test(error.message) ? "TOO_MUCH" : "AWAY";
}

/** A condition on rows that have both regions, with its parameters. */
export interface Condition {
  readonly sql: string;
  readonly parameters: Parameters;
}

/** Either region lies in the scope. */
export function scopeCondition(scope: Scope): Condition {
  if (scope.includes("")) return { sql: "true", parameters: {} };
  return {
    sql: "arrayExists(prefix -> startsWith(insuredRegion, prefix) OR startsWith(careRegion, prefix), {scope:Array(String)})",
    parameters: { scope: [...scope] },
  };
}

/** The region of care lies in the scope. */
export function careScopeCondition(scope: Scope): Condition {
  if (scope.includes("")) return { sql: "true", parameters: {} };
  return {
    sql: "arrayExists(prefix -> startsWith(careRegion, prefix), {scope:Array(String)})",
    parameters: { scope: [...scope] },
  };
}

export function filterCondition(filter: FiguresFilter = {}): Condition {
  const { insuredRegion, careRegion, institutionKind, kind } = filter;
  return allOf([
    insuredRegion === undefined
      ? null
      : { sql: "startsWith(insuredRegion, {insuredRegion:String})", parameters: { insuredRegion } },
    careRegion === undefined
      ? null
      : { sql: "startsWith(careRegion, {careRegion:String})", parameters: { careRegion } },
    institutionKind === undefined
      ? null
      : { sql: "institutionKind = {institutionKind:String}", parameters: { institutionKind } },
    kind === undefined ? null : { sql: "kind = {kind:String}", parameters: { kind } },
  ]);
}

export function allOf(conditions: readonly (Condition | null)[]): Condition {
  const said = conditions.filter((condition) => condition !== null && condition.sql !== "true");
  return {
    sql: said.length === 0 ? "true" : said.map((condition) => `(${condition!.sql})`).join(" AND "),
    parameters: Object.assign({}, ...said.map((condition) => condition!.parameters)),
  };
}

/** @throws RangeError for a range that is none, or is too long. */
export function checkRange({ from, to }: Range, daysMax: number): void {
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to))
    throw new RangeError(`a range from ${from} to ${to}: expected two instants, the first before the second`);
  if (to - from > daysMax * 86_400_000)
    throw new RangeError(`a range of ${Math.ceil((to - from) / 86_400_000)} days; at most ${daysMax}`);
}
