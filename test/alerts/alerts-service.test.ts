import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { type Dialect, sql } from "kysely";
import { loadBundle } from "../../cli/bundle-files.js";
import type { BureauChannel } from "../../platform/bureau-channel/bureau-channel.js";
import type { Clock } from "../../platform/clock/clock.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { DatabaseError, type OpenDatabase } from "../../platform/database/database.js";
import { type EventLog, EventLogError } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../platform/logger/logger.js";
import type { Metrics } from "../../platform/metrics/metrics.js";
import { openSmsOutbox } from "../../platform/sms-gateway/outbox/sms-outbox.js";
import type { SmsGateway } from "../../platform/sms-gateway/sms-gateway.js";
import { parseInstantMs } from "../../schemas/instant.js";
import { Topic } from "../../schemas/topics.js";
import { compileCalendar } from "../../schemas/working-calendar.js";
import {
  type AlertsService,
  type AlertsServiceOptions,
  startAlertsService,
} from "../../services/alerts/alerts-service.js";
import { HolderChannel } from "../../services/alerts/channel/holder-channel.js";
import { AlertsDesk, logClock, migrationsFolder, regions, templates } from "./alerts-desk.js";
import { entries, lossReport, OTHER_PERSON, PERSON, rejected } from "./outcome-records.js";

const calendar = compileCalendar(loadBundle().content.calendar);

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

/** The desk's database behind a wire that can be cut: no connection comes about, nothing reaches it. */
class CutDatabase implements OpenDatabase {
  readonly dialect: Dialect;
  isAway = false;
  private readonly failing = new EventEmitter();

  constructor(private readonly database: OpenDatabase) {
    const { dialect } = database;
    this.dialect = {
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (kysely) => dialect.createIntrospector(kysely),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver: () => {
        const driver = dialect.createDriver();
        const acquire = driver.acquireConnection.bind(driver);
        driver.acquireConnection = () => {
          if (!this.isAway) return acquire();
          this.failing.emit("failed");
          return Promise.reject(new DatabaseError("UNREACHABLE", "nobody answers", { retryable: true }));
        };
        return driver;
      },
    };
  }

  /** Resolves when so many statements found nobody. */
  async failed(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await once(this.failing, "failed");
  }

  alone(name: string, signal: AbortSignal, run: (held: AbortSignal) => Promise<void>): Promise<void> {
    return this.database.alone(name, signal, run);
  }

  async close(): Promise<void> {}
}

/** Its pauses are a turn of the event loop, and kept in order. */
class HurriedClock implements Clock {
  readonly pausesMs: number[] = [];
  now = () => systemClock.now();

  async sleep(ms: number): Promise<void> {
    this.pausesMs.push(ms);
    await turn();
  }
}

function start(metrics: Metrics, changed: Partial<AlertsServiceOptions> = {}): Promise<AlertsService> {
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
    ...changed,
  });
}

function bureau() {
  const reported: string[] = [];
  const channel: BureauChannel = {
    report: async ({ requestId }) => {
      reported.push(requestId);
      return { kind: "kept" };
    },
    close: async () => {},
  };
  return { channel, reported };
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
      "kadun_alerts_sms_total queued": 2,
      "kadun_alerts_sms_total sent": 2,
    });
    const { sms } = await desk.rows();
    expect(sms.map(({ status }) => status)).toEqual(["sent", "sent"]);
    await log.close();
  });

  it("reports cardholders' losses to the bureau, and reminds once the log of before is read", async () => {
    newLog(1);
    await sql`truncate reminders, bureau_requests, journal_outbox, audit_log`.execute(desk.tables);
    world.append(Topic.DECISIONS, 0, entries([lossReport("c-1"), rejected("s-1")]));
    const nowMs = parseInstantMs("2026-03-09T10:00:00.000+08:00");
    const clock = { now: () => nowMs, sleep: () => turn() };
    const { channel, reported } = bureau();
    const request = { requestId: "q-1", personKey: PERSON, credential: "card", decisionId: null } as const;
    await new HolderChannel(desk.database, clock).reportLoss(request);
    const asked: number[] = [];
    let service: AlertsService | null = null;
    const deadlines = async () => {
      asked.push((await service?.status())?.[0]?.nextOffset ?? -1);
      return [];
    };
    const holders = { bureau: channel, calendar, deadlines };
    service = await start(countingMetrics().metrics, { clock, holders });
    const isDone = async () =>
      reported.length > 0 &&
      (await desk.rows()).sms.some(({ template }) => template === "loss-report-lapsing");
    for (let turns = 0; !(await isDone()) && turns < 2_000; turns++) await turn();
    await service.close();
    expect([reported, await isDone()]).toEqual([["q-1"], true]);
    expect(Math.min(...asked)).toBe(2);
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

  it("waits for a database that is away, however long, and goes on by itself: nothing lost, nothing doubled", async () => {
    newLog(2);
    const [before, meanwhile] = entries([rejected("s-1"), rejected("s-2", { personKey: OTHER_PERSON })]);
    world.append(Topic.DECISIONS, 0, [before!]);
    const { counts, metrics } = countingMetrics();
    const database = new CutDatabase(desk.database);
    const clock = new HurriedClock();
    const service = await start(metrics, { database, clock });
    while ((await service.smsPending()) > 0 || counts.get("kadun_alerts_sms_total sent") !== 1) await turn();
    database.isAway = true;
    world.append(Topic.DECISIONS, 0, [meanwhile!]);
    world.append(Topic.DECISIONS, 1, entries([rejected("s-3", { personKey: OTHER_PERSON })]));
    await expect(service.smsPending()).rejects.toMatchObject({ code: "UNREACHABLE" });
    await database.failed(200);
    expect(counts.get("kadun_alerts_consumer_failures_total")).toBeGreaterThan(40);
    expect(Math.max(...clock.pausesMs)).toBe(30_000);
    expect(await service.status()).toMatchObject([{ nextOffset: 1 }, { nextOffset: 0 }]);
    database.isAway = false;
    while ((await service.status()).some(({ lag }) => lag !== 0) || (await service.smsPending()) > 0)
      await turn();
    await service.close();
    await service.ended;
    expect(counts.get("kadun_alerts_outcomes_total")).toBe(3);
    expect(counts.get("kadun_alerts_outcomes_repeated_total") ?? 0).toBe(0);
    const { sms, progress } = await desk.rows();
    expect(sms.map(({ status }) => status)).not.toContain("queued");
    expect(progress).toHaveLength(2);
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
