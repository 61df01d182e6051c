import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import {
  type AnalyticsService,
  type AnalyticsServiceOptions,
  startAnalyticsService,
} from "../../services/analytics/analytics-service.js";
import { MIGRATIONS_DIRECTORY } from "./scratch-database.js";

export function startService(
  log: EventLog,
  database: AnalyticsDatabase,
  options: Partial<AnalyticsServiceOptions> = {},
): Promise<AnalyticsService> {
  return startAnalyticsService({
    log,
    database,
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
    migrationsDirectory: MIGRATIONS_DIRECTORY,
    blockLimits: { rowsFull: 400, bytesFull: 1 << 20, waitMs: 20 },
    rollEveryMs: 5,
    readLimits: { recordsMax: 400, bytesMax: 1 << 20, waitMs: 20 },
    ...options,
  });
}

/** Resolves when everything the logs hold is in the tables. */
export async function caughtUp(service: AnalyticsService): Promise<void> {
  for (;;) {
    const standing = await service.status();
    if (standing.every(({ lag }) => lag === 0)) return;
    await systemClock.sleep(10);
  }
}

/** Starts, writes everything there is, stops. */
export async function writeAll(log: EventLog, database: AnalyticsDatabase): Promise<void> {
  const service = await startService(log, database);
  await caughtUp(service);
  await service.close();
}
