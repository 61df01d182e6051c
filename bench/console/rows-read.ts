/** Rows that the engine read from tables, by its own counter: of this process, so nothing else may be asked meanwhile. */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";

export async function rowsRead(
  database: Pick<AnalyticsDatabase, "query">,
  action: () => Promise<unknown>,
): Promise<number> {
  const before = await counted(database);
  await action();
  return (await counted(database)) - before;
}

async function counted(database: Pick<AnalyticsDatabase, "query">): Promise<number> {
  const [row] = await database.query(
    "SELECT toFloat64(sum(value)) AS rows FROM system.events WHERE event = 'SelectedRows'",
  );
  return Number(row?.rows);
}
