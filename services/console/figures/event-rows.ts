/** Decisions by the numbers of their events. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { Scope } from "../../../schemas/console/access.js";
import { textIn } from "./figure-sums.js";
import { allOf, ask, type FiguresDatabase, scopeCondition } from "./figures-query.js";
import { listRowsAt } from "./placed-rows.js";

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
  const rows = await listRowsAt(database, places, signal, {
    condition: allOf([
      scopeCondition(scope),
      { sql: "has({eventIds:Array(String)}, eventId)", parameters: { eventIds: [...eventIds] } },
    ]),
  });
  for (const row of rows) {
    const eventId = textIn(row, "eventId");
    found.set(eventId, [...(found.get(eventId) ?? []), row]);
  }
  return found;
}
