/**
 * The service of alerts in a process of its own, to be killed: `node alerts-child.mjs FOLDER LOG_FILE`. Its log is made
 * anew at each start, the same each time. Says `opened` when the database is open and `done` when all is applied and
 * sent; then it ends.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Kysely } from "kysely";
import { packageRoot } from "../../dist/cli/package-root.js";
import { systemClock } from "../../dist/platform/clock/system-clock.js";
import { openPgliteDatabase } from "../../dist/platform/database/pglite/pglite-database.js";
import { MemoryEventLog } from "../../dist/platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../dist/platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../dist/platform/logger/logger.js";
import { noMetrics } from "../../dist/platform/metrics/metrics.js";
import { openSmsOutbox } from "../../dist/platform/sms-gateway/outbox/sms-outbox.js";
import { startAlertsService } from "../../dist/services/alerts/alerts-service.js";

const [folder, logFile] = process.argv.slice(2);
const ruleset = (name) => JSON.parse(readFileSync(join(packageRoot, "rulesets", name), "utf8"));

const logged = JSON.parse(readFileSync(logFile, "utf8")).map(({ key, value, header }) => ({
  key,
  value: Buffer.from(value, "base64"),
  header: Buffer.from(header, "base64"),
}));
const world = new MemoryLogWorld({ "kadun.decisions": 1 });
world.append("kadun.decisions", 0, logged);

const database = await openPgliteDatabase({ path: join(folder, "postgres") });
const gateway = await openSmsOutbox({ path: join(folder, "sms.ndjson"), clock: systemClock });
process.stdout.write("opened\n");
const service = await startAlertsService({
  log: new MemoryEventLog(world),
  database,
  migrationsFolder: join(packageRoot, "schemas", "postgres"),
  gateway,
  contactOf: async () => ({ phone: "13812341234" }),
  templates: ruleset("sms-templates.json"),
  regions: ruleset("regions.json"),
  smsStaleAfterMs: null,
  clock: systemClock,
  logger: silentLogger,
  metrics: noMetrics,
});
service.ended.catch((error) => {
  console.error(error);
  process.exit(1);
});

const tables = new Kysely({ dialect: database.dialect });
while (!(await isDone())) await wait(50);
await service.close();
await gateway.close();
await database.close();
process.stdout.write("done\n");

async function isDone() {
  const [{ lag }] = await service.status();
  if (lag > 0) return false;
  const pending = await tables
    .selectFrom("sms")
    .select("sms_id")
    .where("status", "in", ["queued", "sending"])
    .limit(1)
    .execute();
  return pending.length === 0;
}
