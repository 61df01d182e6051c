import type { AnalyticsDatabase } from "../analytics-database.js";
import { DialectDatabase } from "../dialect-database.js";
import { ClickhouseDialect } from "./clickhouse-dialect.js";
import { type ClickhouseOptions, resolveAddress } from "./clickhouse-options.js";
import { prepareServer } from "./server-check.js";

/**
 * A database of a ClickHouse server, 24.8 or later; one node: our tables are not replicated.
 *
 * @throws AnalyticsError UNREACHABLE, NOT_AUTHORIZED, OPEN_FAILED: one message with the next step.
 */
export async function openClickhouseDatabase(options: ClickhouseOptions): Promise<AnalyticsDatabase> {
  const address = resolveAddress(options);
  await prepareServer(address);
  return new DialectDatabase(new ClickhouseDialect(address));
}
