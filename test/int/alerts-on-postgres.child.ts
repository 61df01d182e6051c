/**
 * The service of alerts as a process beside others: arguments PostgreSQL's URL and a file of the log's entries. Tells of
 * each SMS `{type: "sms", smsId}` when it goes to the gateway, and `{type: "caught-up"}` when all is applied and sent;
 * runs until it is killed or its parent has gone.
 */

import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../platform/clock/system-clock.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { Topic } from "../../schemas/topics.js";
import { startAlertsService } from "../../services/alerts/alerts-service.js";
import { migrationsFolder, regions, templates } from "../alerts/alerts-desk.js";
import { readEntries } from "../alerts/many-outcomes.js";

/** An operator's gateway answers in milliseconds. */
const GATEWAY_MS = 3;

process.once("disconnect", () => process.exit(0));
const [url, file] = process.argv.slice(2).map((argument) => String(JSON.parse(argument)));
const world = new MemoryLogWorld({ [Topic.DECISIONS]: 1 });
world.append(Topic.DECISIONS, 0, readEntries(readFileSync(file!, "utf8")));
const service = await startAlertsService({
  log: new MemoryEventLog(world),
  database: await openPostgresDatabase({ url: url! }),
  migrationsFolder,
  gateway: {
    send: async ({ smsId }) => {
      process.send?.({ type: "sms", smsId });
      await wait(GATEWAY_MS);
      return { receipt: "accepted", providerId: null };
    },
    close: async () => {},
  },
  contactOf: async () => ({ phone: "13812341234" }),
  templates,
  regions,
  smsStaleAfterMs: null,
  clock: systemClock,
  logger: silentLogger,
  metrics: noMetrics,
});
service.ended.catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
process.send?.({ type: "started" });
for (;;) {
  const [status] = await service.status();
  if (status!.lag === 0 && (await service.smsPending()) === 0) break;
  await wait(20);
}
process.send?.({ type: "caught-up" });
