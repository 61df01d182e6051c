/** What a query costs by the engine's own counters: of this process, so nothing else may be asked meanwhile. */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";

export interface QueryCost {
  /** From tables. */
  readonly rows: number;
  /** Of all threads; does not grow with what else the machine does. */
  readonly cpuMs: number;
}

export async function costOf(
  database: Pick<AnalyticsDatabase, "query">,
  action: () => Promise<unknown>,
): Promise<QueryCost> {
  const before = await counted(database);
  await action();
  const after = await counted(database);
  return { rows: after.rows - before.rows, cpuMs: after.cpuMs - before.cpuMs };
}

async function counted(database: Pick<AnalyticsDatabase, "query">): Promise<QueryCost> {
  const [row] = await database.query(
    `SELECT toFloat64(sumIf(value, event = 'SelectedRows')) AS rows,
      toFloat64(sumIf(value, event IN ('UserTimeMicroseconds', 'SystemTimeMicroseconds'))) / 1000 AS cpuMs
     FROM system.events`,
  );
  return { rows: Number(row?.rows), cpuMs: Number(row?.cpuMs) };
}
