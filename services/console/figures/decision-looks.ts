/** One look of a scan: the newest places before another, and which of them match. */

import type { Scope } from "../../../schemas/console/access.js";
import { ACTIONS } from "../../../schemas/fields.js";
import type { DecisionsFilter } from "../server/figures-desk.js";
import { allOf, type Condition, filterCondition, scopeCondition } from "./figures-query.js";
import type { RowPlace } from "./row-place.js";

export interface Look {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly before: RowPlace;
  readonly look: number;
  readonly limit: number;
}

/** Of the newest `look` rows those that match, and the last of them: `look` rows there were then. */
export function lookOf(filter: DecisionsFilter, matching: Condition, { from, before, look, limit }: Look) {
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
      ...{ from, beforeAt: before.at, beforePartition: before.partition },
      ...{ beforeOffset: before.journalOffset, beforeSequence: before.sequence },
    },
  };
}

const NEWEST_FIRST = "at DESC, partition DESC, journalOffset DESC, sequence DESC";

export function matchingOf({
  filter,
  scope,
}: {
  readonly filter: DecisionsFilter;
  readonly scope: Scope;
}): Condition {
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
