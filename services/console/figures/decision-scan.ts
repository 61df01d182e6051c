/**
 * Lists of decisions, newest first, that read bounded numbers of rows whatever is asked for.
 *
 * 1. The newest rows are taken in the order of time, as many as a look has, and the filter is applied to them: a look
 *    never reads on until something matches. Looks grow; after the last the page ends where it has come to.
 * 2. A row that lies twice is shown once.
 */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { Scope } from "../../../schemas/console/access.js";
import { ACTIONS } from "../../../schemas/fields.js";
import type { DecisionsFilter, Range } from "../server/figures-desk.js";
import { LIST_COLUMNS, OUTCOME_COLUMNS, rowPlaceOf } from "./decision-rows.js";
import {
  allOf,
  ask,
  type Condition,
  type FiguresDatabase,
  filterCondition,
  scopeCondition,
} from "./figures-query.js";
import { cursorOf, placeAfter, placeOf, type RowPlace } from "./row-place.js";

/** Most pages are full after the first; of a rare rule a day is looked through. */
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
  let before = asked.after === null ? placeAfter(asked.range.to) : placeOf(asked.after);
  const rows: Row[] = [];
  for (const look of LOOKS) {
    const wanted = asked.limit - rows.length;
    const found = await ask(database, lookOf(asked, before, look, wanted + 1), asked.signal);
    const matching = once(found.filter((row) => Boolean(row.isMatch)));
    rows.push(...matching.slice(0, wanted));
    if (matching.length > wanted) return { rows, next: rowPlaceOf(rows.at(-1)!) };
    if (found.length <= wanted && !isCut(found)) return { rows, next: null };
    before = rowPlaceOf(found.at(-1)!);
    if (rows.length === asked.limit) break;
  }
  return { rows, next: before };
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

/** Of the newest `look` rows those that match, and the last of them: `look` rows there were then. */
function lookOf(asked: ScanAsked, before: RowPlace, look: number, limit: number) {
  const { filter, scope, range } = asked;
  const matching = allOf([
    scopeCondition(scope),
    filterCondition(filter),
    ruleCondition(filter),
    terminalCondition(filter),
  ]);
  const { sql, parameters } =
    filter.institutionId === undefined ? listRows(filter) : institutionRows(filter, filter.institutionId);
  return {
    sql: `SELECT *, place = {look:UInt32} AS isLast
      FROM (SELECT *, ${matching.sql} AS isMatch, row_number() OVER (ORDER BY ${NEWEST_FIRST}) AS place
        FROM (${sql}))
      WHERE place <= {look:UInt32} AND (isMatch OR place = {look:UInt32})
      ORDER BY place LIMIT {limit:UInt32}`,
    parameters: {
      ...{ ...matching.parameters, ...parameters, look, limit },
      ...{ from: range.from, beforeAt: before.at, beforePartition: before.partition },
      ...{ beforeOffset: before.journalOffset, beforeSequence: before.sequence },
    },
  };
}

const NEWEST_FIRST = "atMs DESC, partition DESC, journal DESC, sequence DESC";

/** As the tables are ordered: the engine begins at the place and reads no more than it gives. */
function newest(table: string, columns: string, at: string, condition: string): string {
  return `SELECT ${columns} FROM ${table}
    WHERE ${condition} AND ${at} >= fromUnixTimestamp64Milli({from:Int64}) AND ${at} <= fromUnixTimestamp64Milli({beforeAt:Int64})
      AND (${at}, partition, journalOffset, sequence) <
        (fromUnixTimestamp64Milli({beforeAt:Int64}), {beforePartition:UInt16}, {beforeOffset:UInt64}, {beforeSequence:UInt32})
    ORDER BY ${at} DESC, partition DESC, journalOffset DESC, sequence DESC LIMIT {look:UInt32}`;
}

function listRows({ actions = ACTIONS }: DecisionsFilter): Condition {
  const branches = ACTIONS.filter((action) => actions.includes(action)).map(
    (action) => `(${newest("decision_list", LIST_COLUMNS, "at", `action = '${action}'`)})`,
  );
  return { sql: branches.length === 0 ? NOTHING : branches.join(" UNION ALL "), parameters: {} };
}

const NOTHING = newest("decision_list", LIST_COLUMNS, "at", "action = 'none'");

function institutionRows({ actions = ACTIONS }: DecisionsFilter, institutionId: string): Condition {
  return {
    sql: newest(
      "outcomes",
      OUTCOME_COLUMNS,
      "occurredAt",
      "institutionId = {institutionId:String} AND type = 'decision' AND has({actions:Array(String)}, toString(action))",
    ),
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
