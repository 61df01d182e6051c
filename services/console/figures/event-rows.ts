/** Decisions by the numbers of their events. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { Scope } from "../../../schemas/console/access.js";
import { LIST_COLUMNS, rowPlaceOf } from "./decision-rows.js";
import { textIn } from "./figure-sums.js";
import { allOf, ask, type FiguresDatabase, scopeCondition } from "./figures-query.js";
import { cursorOf } from "./row-place.js";

/** Events of one question: a page of a timeline. */
export const EVENTS_MAX = 100;

/** Rows of `decision_list` within the scope, by event: more than one where it was judged under a former key too. */
export async function eventRows(
  database: FiguresDatabase,
  {
    scope,
    eventIds,
    signal,
  }: {
    readonly scope: Scope;
    readonly eventIds: readonly string[];
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const found = new Map<string, Row[]>();
  if (eventIds.length === 0) return found;
  const places = await ask(
    database,
    {
      sql: `SELECT toString(action) AS action, toFloat64(toUnixTimestamp64Milli(at)) AS atMs, partition,
          toFloat64(journalOffset) AS journal, sequence
        FROM event_places WHERE eventHash IN (SELECT cityHash64(arrayJoin({eventIds:Array(String)})))`,
      parameters: { eventIds: [...eventIds] },
    },
    signal,
  );
  if (places.length === 0) return found;
  const { sql, parameters } = allOf([
    scopeCondition(scope),
    { sql: "has({eventIds:Array(String)}, eventId)", parameters: { eventIds: [...eventIds] } },
  ]);
  const rows = await ask(
    database,
    {
      // Action and time lead the engine to the rows.
      sql: `SELECT ${LIST_COLUMNS} FROM decision_list
        WHERE (action, at, partition, journalOffset) IN
          (
            SELECT CAST(place.1, 'Enum8(\\'none\\' = 0, \\'approve\\' = 1, \\'review\\' = 2, \\'challenge\\' = 3, \\'reject\\' = 4)'),
              fromUnixTimestamp64Milli(place.2, 'Asia/Shanghai'), place.3, place.4
            FROM (SELECT arrayJoin(arrayZip({placeActions:Array(String)}, {placeTimes:Array(Int64)},
              {partitions:Array(UInt16)}, {offsets:Array(UInt64)})) AS place)
          ) AND ${sql}
        ORDER BY partition DESC, journalOffset DESC, sequence DESC`,
      parameters: {
        ...parameters,
        placeActions: places.map((place) => textIn(place, "action")),
        placeTimes: places.map((place) => rowPlaceOf(place).at),
        partitions: places.map((place) => rowPlaceOf(place).partition),
        offsets: places.map((place) => rowPlaceOf(place).journalOffset),
      },
    },
    signal,
  );
  const known = new Set(places.map((place) => cursorOf(rowPlaceOf(place))));
  for (const row of rows) {
    const cursor = cursorOf(rowPlaceOf(row));
    const eventId = textIn(row, "eventId");
    // Once: a row may lie twice.
    if (known.delete(cursor)) found.set(eventId, [...(found.get(eventId) ?? []), row]);
  }
  return found;
}
