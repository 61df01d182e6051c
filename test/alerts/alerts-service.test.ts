import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import { type EventLog, EventLogError } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../platform/logger/logger.js";
import type { Metrics } from "../../platform/metrics/metrics.js";
import { openSmsOutbox } from "../../platform/sms-gateway/outbox/sms-outbox.js";
import type { SmsGateway } from "../../platform/sms-gateway/sms-gateway.js";
import { Topic } from "../../schemas/topics.js";
import { type AlertsService, startAlertsService } from "../../services/alerts/alerts-service.js";
import { AlertsDesk, logClock, migrationsFolder, regions, templates } from "./alerts-desk.js";
import { entries, OTHER_PERSON, rejected } from "./outcome-records.js";

let desk: AlertsDesk;
let gateway: SmsGateway;
let world: MemoryLogWorld;
let log: EventLog;
beforeAll(async () => {
  desk = await AlertsDesk.open();
  gateway = await openSmsOutbox({ path: join(desk.folder, "sms.ndjson"), clock: systemClock });
});
afterEach(() => desk.empty());
afterAll(async () => {
  await gateway.close();
  await desk.close();
});

/** Counts by `name{labels}`, and calls back when one changes. */
function countingMetrics(onChange: () => void = () => {}) {
  const counts = new Map<string, number>();
  const key = (name: string, labels = {}) => [name, ...Object.values(labels)].join(" ");
  const metrics: Metrics = {
    counter: ({ name }) => ({
      add: (amount, labels) => {
        counts.set(key(name, labels), (counts.get(key(name, labels)) ?? 0) + amount);
        onChange();
      },
    }),
    gauge: ({ name }) => ({ set: (value, labels) => counts.set(key(name, labels), value) }),
    histogram: () => ({ observe: () => {} }),
  };
  return { counts, metrics };
}

function start(metrics: Metrics): Promise<AlertsService> {
  return startAlertsService({
    log,
    database: desk.database,
    migrationsFolder,
    gateway,
    contactOf: async () => ({ phone: "13812341234" }),
    templates,
    regions,
    smsStaleAfterMs: null,
    clock: systemClock,
    logger: silentLogger,
    metrics,
  });
}

function newLog(partitions: number): void {
  world = new MemoryLogWorld({ [Topic.DECISIONS]: partitions }, { clock: logClock });
  log = new MemoryEventLog(world);
}

describe("the service of alerts", () => {
  it("follows all partitions, sends the SMS and tells where it stands", async () => {
    newLog(2);
    world.append(Topic.DECISIONS, 0, entries([rejected("s-1")]));
    let sent = () => {};
    const allSent = new Promise<void>((resolve) => {
      sent = resolve;
    });
    const { counts, metrics } = countingMetrics(() => {
      if (counts.get("kadun_alerts_sms_total sent") === 2) sent();
    });
    const service = await start(metrics);
    world.append(Topic.DECISIONS, 1, entries([rejected("s-2", { personKey: OTHER_PERSON })]));
    await allSent;
    expect(await service.status()).toEqual([
      { partition: 0, nextOffset: 1, lag: 0 },
      { partition: 1, nextOffset: 1, lag: 0 },
    ]);
    await Promise.all([service.close(), service.close()]);
    await service.ended;
    expect(Object.fromEntries(counts)).toMatchObject({
      kadun_alerts_outcomes_total: 2,
      kadun_alerts_alerts_total: 2,
      kadun_alerts_cases_total: 2,
      "kadun_alerts_sms_total pending": 2,
      "kadun_alerts_sms_total sent": 2,
    });
    const { sms } = await desk.rows();
    expect(sms.map(({ status }) => status)).toEqual(["sent", "sent"]);
    await log.close();
  });

  it("does not know its lag where the log does not answer, and goes on", async () => {
    newLog(1);
    const { counts, metrics } = countingMetrics();
    const service = await start(metrics);
    const { bounds } = log;
    log.bounds = () => Promise.reject(new EventLogError("UNREACHABLE", "no leader", { retryable: true }));
    expect(await service.status()).toEqual([{ partition: 0, nextOffset: 0, lag: null }]);
    log.bounds = bounds;
    expect(await service.status()).toEqual([{ partition: 0, nextOffset: 0, lag: 0 }]);
    await service.close();
    await service.ended;
    expect([...counts.keys()]).not.toContain("kadun_alerts_consumer_failures_total");
    await log.close();
  });

  it("stops as a whole, and says why, when a partition cannot go on", async () => {
    newLog(2);
    const [entry] = entries([rejected("s-3")]);
    world.append(Topic.DECISIONS, 1, [{ ...entry!, header: new Uint8Array(3) }]);
    const service = await start(countingMetrics().metrics);
    await expect(service.ended).rejects.toThrow("header of a decisions record: 3 bytes, expected 12");
    await service.close();
    expect((await desk.rows()).progress).toEqual([]);
    await log.close();
  });
});
