/** Whole rows of decisions whose places are known: the engine goes to them and reads no others. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import { LIST_COLUMNS, OUTCOME_COLUMNS, rowPlaceOf } from "./decision-rows.js";
import { textIn } from "./figure-sums.js";
import { allOf, ask, type Condition, type FiguresDatabase } from "./figures-query.js";
import { cursorOf } from "./row-place.js";

const ALL: Condition = { sql: "true", parameters: {} };

/** Of `decision_list`, in the order of the places. @param places with their actions. */
export async function listRowsAt(
  database: FiguresDatabase,
  places: readonly Row[],
  signal: AbortSignal | undefined,
  {
    condition = ALL,
    columns = LIST_COLUMNS,
  }: { readonly condition?: Condition; readonly columns?: string } = {},
): Promise<readonly Row[]> {
  if (places.length === 0) return [];
  const { sql, parameters } = allOf([
    {
      // Action and time lead the engine to the rows.
      sql: `(action, at, partition, journalOffset) IN
        (
          SELECT CAST(place.1, 'Enum8(\\'none\\' = 0, \\'approve\\' = 1, \\'review\\' = 2, \\'challenge\\' = 3, \\'reject\\' = 4)'),
            fromUnixTimestamp64Milli(place.2, 'Asia/Shanghai'), place.3, place.4
          FROM (SELECT arrayJoin(arrayZip({placeActions:Array(String)}, {placeTimes:Array(Int64)},
            {partitions:Array(UInt16)}, {offsets:Array(UInt64)})) AS place)
        )`,
      parameters: { ...placed(places), placeActions: places.map((place) => textIn(place, "action")) },
    },
    condition,
  ]);
  const question = { sql: `SELECT ${columns} FROM decision_list WHERE ${sql}`, parameters };
  return inOrder(places, await ask(database, question, signal));
}

/** Of `outcomes`, where an institution's rows lie together. */
export async function institutionRowsAt(
  database: FiguresDatabase,
  institutionId: string,
  places: readonly Row[],
  signal: AbortSignal | undefined,
): Promise<readonly Row[]> {
  if (places.length === 0) return [];
  const question = {
    sql: `SELECT ${OUTCOME_COLUMNS} FROM outcomes
      WHERE institutionId = {institutionId:String} AND type = 'decision' AND (occurredAt, partition, journalOffset) IN
        (
          SELECT fromUnixTimestamp64Milli(place.1, 'Asia/Shanghai'), place.2, place.3
          FROM (SELECT arrayJoin(arrayZip({placeTimes:Array(Int64)}, {partitions:Array(UInt16)},
            {offsets:Array(UInt64)})) AS place)
        )`,
    parameters: { ...placed(places), institutionId },
  };
  return inOrder(places, await ask(database, question, signal));
}

function placed(places: readonly Row[]) {
  const all = places.map(rowPlaceOf);
  return {
    placeTimes: all.map(({ at }) => at),
    partitions: all.map(({ partition }) => partition),
    offsets: all.map(({ journalOffset }) => journalOffset),
  };
}

/** Each place once, also where its row lies twice; what was asked of rows beside their places may leave some out. */
function inOrder(places: readonly Row[], rows: readonly Row[]): readonly Row[] {
  const byPlace = new Map(rows.map((row) => [cursorOf(rowPlaceOf(row)), row]));
  const cursors = new Set(places.map((place) => cursorOf(rowPlaceOf(place))));
  return [...cursors].map((cursor) => byPlace.get(cursor)).filter((row) => row !== undefined);
}
