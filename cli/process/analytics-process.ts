/** The analytics service as every profile starts it. */

import { join } from "node:path";
import { type AnalyticsService, startAnalyticsService } from "../../services/analytics/analytics-service.js";
import { packageRoot } from "../package-root.js";
import type { AnalyticsPlatform } from "../platforms.js";

/**
 * @param partitions to begin with; all of them where nothing is said, for the only process.
 * @throws AnalyticsError, MigrationError, EventLogError.
 */
export function startAnalytics(
  platform: AnalyticsPlatform,
  partitions?: readonly number[],
): Promise<AnalyticsService> {
  const { log, analytics, clock, logger, metrics } = platform;
  return startAnalyticsService({
    log,
    database: analytics,
    clock,
    logger,
    metrics,
    ...(partitions === undefined ? {} : { partitions }),
    migrationsDirectory: join(packageRoot, "schemas", "clickhouse"),
  });
}
