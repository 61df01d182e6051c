/** An analytics writer in a process of its own, to be killed: node killed-writer.mjs ROOT DATA_DIRECTORY PARTITIONS */

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , root, directory, partitions] = process.argv;
const load = (path) => import(pathToFileURL(join(root, "dist", path)).href);
const { openChdbDatabase } = await load("platform/analytics/chdb/chdb-database.js");
const { systemClock } = await load("platform/clock/system-clock.js");
const { openLmdbEventLog } = await load("platform/event-log/lmdb/lmdb-event-log.js");
const { silentLogger } = await load("platform/logger/logger.js");
const { noMetrics } = await load("platform/metrics/metrics.js");
const { Topic } = await load("schemas/topics.js");
const { startAnalyticsService } = await load("services/analytics/analytics-service.js");

const topic = { partitions: Number(partitions), durability: "derived" };
const log = await openLmdbEventLog({
  path: join(directory, "log"),
  topics: { [Topic.JOURNAL]: topic, [Topic.DECISIONS]: topic },
  readOnly: true,
  clock: systemClock,
});
const database = await openChdbDatabase({ directory: join(directory, "analytics") });
const service = await startAnalyticsService({
  log,
  database,
  clock: systemClock,
  logger: silentLogger,
  metrics: noMetrics,
  migrationsDirectory: join(root, "schemas", "clickhouse"),
  // Small blocks: many moments at which a kill can cut one off.
  blockLimits: { rowsFull: 60, bytesFull: 1 << 20, waitMs: 5 },
  rollEveryMs: 5,
  readLimits: { recordsMax: 60, bytesMax: 1 << 20, waitMs: 5 },
});
process.stdout.write("started\n");
while (!(await service.status()).every(({ lag }) => lag === 0)) await systemClock.sleep(20);
await service.close();
await database.close();
await log.close();
process.stdout.write("done\n");
