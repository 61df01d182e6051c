/**
 * What was said of swipes that nothing was found in: approvals without a reason, which `person_outcomes` does not keep. They
 * lie in `decision_list` under the place and time of the journal's own record, except where the clock was clamped or the
 * record was carried to another key: those are looked up by their event.
 */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { Scope } from "../../../schemas/console/access.js";
import { PLAIN_COLUMNS } from "./decision-rows.js";
import { eventRows } from "./event-rows.js";
import { textIn } from "./figure-sums.js";
import { type FiguresDatabase, scopeCondition } from "./figures-query.js";
import { listRowsAt } from "./placed-rows.js";

/** Rows with `PLAIN_COLUMNS`, by event. @param swipes rows of the journal. */
export async function plainDecisions(
  database: FiguresDatabase,
  {
    scope,
    swipes,
    signal,
  }: { readonly scope: Scope; readonly swipes: readonly Row[]; readonly signal: AbortSignal | undefined },
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const places = swipes.map((swipe) => ({ ...swipe, action: "approve" }));
  const condition = scopeCondition(scope);
  const there = await listRowsAt(database, places, signal, { condition, columns: PLAIN_COLUMNS });
  const found = new Map(there.map((row) => [textIn(row, "eventId"), [row]] as const));
  const eventIds = swipes.map((swipe) => textIn(swipe, "eventId")).filter((eventId) => !found.has(eventId));
  return new Map([...found, ...(await eventRows(database, { scope, eventIds, signal }))]);
}
