/**
 * A sender of SMS as a process, to be killed: arguments PostgreSQL's URL, the file of the operator's stand-in, to which each
 * message that a phone gets is appended and synced, and when the first of these processes began. A minute passes in 20 ms. Ends when nothing is left to be sent or asked.
 */

import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../platform/clock/system-clock.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { type SmsGateway, SmsGatewayError } from "../../platform/sms-gateway/sms-gateway.js";
import { smsCounts } from "../../services/alerts/sms/sms-counts.js";
import { SmsSender } from "../../services/alerts/sms/sms-sender.js";

const FASTER = 3_000;
const GATEWAY_MS = 3;
/** Of so many messages the answer to one is lost: after it was taken, or before. */
const UNANSWERED_EVERY = 7;

process.once("disconnect", () => process.exit(0));
const [url, file, beganAt] = process.argv.slice(2).map((argument) => String(JSON.parse(argument)));
const clock = {
  now: () => Date.UTC(2026, 2, 1, 2) + Math.round((Date.now() - Number(beganAt)) * FASTER),
  sleep: systemClock.sleep,
};
const delivered = new Set(existsSync(file!) ? readFileSync(file!, "utf8").split("\n") : []);

function take(smsId: string): void {
  const open = openSync(file!, "a");
  appendFileSync(open, `${smsId}\n`);
  fsyncSync(open);
  closeSync(open);
  delivered.add(smsId);
}

let sent = 0;
const gateway: SmsGateway = {
  send: async ({ smsId }) => {
    sent++;
    process.send?.({ type: "sms" });
    await wait(GATEWAY_MS);
    if (sent % (2 * UNANSWERED_EVERY) === 0)
      throw new SmsGatewayError("UNANSWERED", "lost before it was taken");
    take(smsId);
    await wait(GATEWAY_MS);
    if (sent % UNANSWERED_EVERY === 0) throw new SmsGatewayError("UNANSWERED", "lost after it was taken");
    return { receipt: "accepted", providerId: `biz-${smsId}` };
  },
  query: async ({ smsId }) =>
    delivered.has(smsId) ? { state: "delivered", atMs: null } : { state: "not-found" },
  close: async () => {},
};

const database = await openPostgresDatabase({ url: url! });
const stop = new AbortController();
const sender = new SmsSender({
  database,
  gateway,
  contactOf: async () => ({ phone: "13812341234" }),
  clock,
  logger: silentLogger,
  onStatus: () => {},
});
const running = sender.run(stop.signal);
process.send?.({ type: "started" });
for (;;) {
  const { queued, unknown } = await smsCounts(database, clock.now());
  if (queued + unknown === 0) break;
  await wait(20);
}
stop.abort();
await running;
await database.close();
process.send?.({ type: "done" });
process.disconnect?.();
