/**
 * Lists of decisions, newest first, that read bounded numbers of rows whatever is asked for.
 *
 * 1. The newest rows are taken in the order of time, as many as a look has, and the filter is applied to them: a look
 *    never reads on until something matches. Looks grow; after the last the page ends where it has come to.
 * 2. A look reads places and what the filter asks for; whole rows are read of what is shown (`placed-rows.ts`).
 * 3. A row that lies twice is shown once.
 */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { Scope } from "../../../schemas/console/access.js";
import { ACTIONS } from "../../../schemas/fields.js";
import type { DecisionsFilter, Range } from "../server/figures-desk.js";
import { rowPlaceOf } from "./decision-rows.js";
import {
  allOf,
  ask,
  type Condition,
  type FiguresDatabase,
  filterCondition,
  scopeCondition,
} from "./figures-query.js";
import { institutionRowsAt, listRowsAt } from "./placed-rows.js";
import { cursorOf, placeAfter, placeOf, type RowPlace } from "./row-place.js";

/** Most pages are full after the first; of a rare rule a day is looked through. Where all rows match, a page's rows come before. */
export const LOOKS = [1_000, 10_000, 50_000] as const;

export interface Scanned {
  readonly rows: readonly Row[];
  /** Where to go on; null: there is nothing more. */
  readonly next: RowPlace | null;
}

export interface ScanAsked {
  readonly scope: Scope;
  readonly range: Range;
  readonly filter: DecisionsFilter;
  readonly after: string | null;
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

export async function scanDecisions(database: FiguresDatabase, asked: ScanAsked): Promise<Scanned> {
  const { places, next } = await scanPlaces(database, asked);
  const { filter, signal } = asked;
  const rows =
    filter.institutionId === undefined
      ? await listRowsAt(database, places, signal)
      : await institutionRowsAt(database, filter.institutionId, places, signal);
  return { rows, next };
}

async function scanPlaces(database: FiguresDatabase, asked: ScanAsked) {
  let before = asked.after === null ? placeAfter(asked.range.to) : placeOf(asked.after);
  const places: Row[] = [];
  const matching = matchingOf(asked);
  for (const look of matching.sql === "true" ? [asked.limit + 1, ...LOOKS] : LOOKS) {
    const wanted = asked.limit - places.length;
    const found = await ask(
      database,
      lookOf(asked, matching, { before, look, limit: wanted + 1 }),
      asked.signal,
    );
    const some = once(found.filter((row) => Boolean(row.isMatch)));
    places.push(...some.slice(0, wanted));
    if (some.length > wanted) return { places, next: rowPlaceOf(places.at(-1)!) };
    if (found.length <= wanted && !isCut(found)) return { places, next: null };
    before = rowPlaceOf(found.at(-1)!);
    if (places.length === asked.limit) break;
  }
  return { places, next: before };
}

/** The last of a full look is given whether it matches or not. */
function isCut(found: readonly Row[]): boolean {
  return Boolean(found.at(-1)?.isLast);
}

/** Rows of one place stand beside each other. */
function once(rows: readonly Row[]): readonly Row[] {
  return rows.filter(
    (row, index) => index === 0 || cursorOf(rowPlaceOf(row)) !== cursorOf(rowPlaceOf(rows[index - 1]!)),
  );
}

interface Look {
  readonly before: RowPlace;
  readonly look: number;
  readonly limit: number;
}

/** Of the newest `look` rows those that match, and the last of them: `look` rows there were then. */
function lookOf({ filter, range }: ScanAsked, matching: Condition, { before, look, limit }: Look) {
  const { sql, parameters } =
    filter.institutionId === undefined
      ? listPlaces(filter, matching.sql)
      : institutionPlaces(filter, matching.sql, filter.institutionId);
  return {
    sql: `SELECT toString(action) AS action, toFloat64(toUnixTimestamp64Milli(at)) AS atMs, partition,
        toFloat64(journalOffset) AS journal, sequence, isMatch, place = {look:UInt32} AS isLast
      FROM (SELECT *, row_number() OVER (ORDER BY ${NEWEST_FIRST}) AS place
        FROM (SELECT * FROM (${sql}) ORDER BY ${NEWEST_FIRST} LIMIT {look:UInt32}))
      WHERE isMatch OR place = {look:UInt32}
      ORDER BY place LIMIT {limit:UInt32}`,
    parameters: {
      ...{ ...matching.parameters, ...parameters, look, limit },
      ...{ from: range.from, beforeAt: before.at, beforePartition: before.partition },
      ...{ beforeOffset: before.journalOffset, beforeSequence: before.sequence },
    },
  };
}

const NEWEST_FIRST = "at DESC, partition DESC, journalOffset DESC, sequence DESC";

function matchingOf({ filter, scope }: ScanAsked): Condition {
  return allOf([
    scopeCondition(scope),
    filterCondition(filter),
    ruleCondition(filter),
    terminalCondition(filter),
  ]);
}

interface Branch {
  readonly table: string;
  /** The column of the time it is ordered by. */
  readonly at: string;
  readonly condition: string;
  readonly isMatch: string;
}

/** As the tables are ordered: the engine begins at the place and reads no more than it gives. */
function newest({ table, at, condition, isMatch }: Branch): string {
  return `SELECT action, ${at} AS at, partition, journalOffset, sequence, (${isMatch}) AS isMatch FROM ${table}
    WHERE ${condition} AND ${at} >= fromUnixTimestamp64Milli({from:Int64}) AND ${at} <= fromUnixTimestamp64Milli({beforeAt:Int64})
      AND (${at}, partition, journalOffset, sequence) <
        (fromUnixTimestamp64Milli({beforeAt:Int64}), {beforePartition:UInt16}, {beforeOffset:UInt64}, {beforeSequence:UInt32})
    ORDER BY ${at} DESC, partition DESC, journalOffset DESC, sequence DESC LIMIT {look:UInt32}`;
}

function listPlaces({ actions = ACTIONS }: DecisionsFilter, isMatch: string): Condition {
  const branchOf = (action: string) =>
    newest({ table: "decision_list", at: "at", condition: `action = '${action}'`, isMatch });
  const branches = ACTIONS.filter((action) => actions.includes(action)).map(
    (action) => `(${branchOf(action)})`,
  );
  return { sql: branches.length === 0 ? branchOf("none") : branches.join(" UNION ALL "), parameters: {} };
}

function institutionPlaces(
  { actions = ACTIONS }: DecisionsFilter,
  isMatch: string,
  institutionId: string,
): Condition {
  const condition =
    "institutionId = {institutionId:String} AND type = 'decision' AND has({actions:Array(String)}, toString(action))";
  return {
    sql: newest({ table: "outcomes", at: "occurredAt", condition, isMatch }),
    parameters: { institutionId, actions: [...actions] },
  };
}

function ruleCondition({ rule }: DecisionsFilter): Condition | null {
  if (rule === undefined) return null;
  return { sql: "has(rules, {rule:String}) OR has(shadowRules, {rule:String})", parameters: { rule } };
}

function terminalCondition({ terminalId }: DecisionsFilter): Condition | null {
  if (terminalId === undefined) return null;
  return { sql: "terminalId = {terminalId:String}", parameters: { terminalId } };
}
