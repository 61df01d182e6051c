/**
 * The sender to the bureau as a process that is killed: arguments PostgreSQL's URL and the web-hook's. Runs until then, or
 * until its parent has gone.
 */

import { webhookChannel } from "../../platform/bureau-channel/webhook/webhook-channel.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { BureauSender } from "../../services/alerts/channel/bureau-sender.js";
import { SECRET } from "../platform/bureau-channel/bureau-desk.js";

process.once("disconnect", () => process.exit(0));
const [database, url] = process.argv.slice(2).map((argument) => String(JSON.parse(argument)));
const sender = new BureauSender({
  database: await openPostgresDatabase({ url: database! }),
  channel: webhookChannel({ url: url!, secret: SECRET, clock: systemClock }),
  clock: systemClock,
  logger: silentLogger,
});
await sender.run(new AbortController().signal);
