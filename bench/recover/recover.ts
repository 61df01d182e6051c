/**
 * `kadun bench recover`: two detectors of the product under load over Kafka and Redis with a million persons; one is killed, the
 * other takes its partitions over. How long nothing is judged there, and how soon everything is as fast as before.
 *
 * 1. Persons are in Redis only: whoever takes a partition over loads each when the first swipe comes.
 * 2. The load is an open loop into the journal, and judged is what is in the decisions log, by the broker's clock.
 * 3. At the end every swipe has a decision, and persons have swipes of before and after the kills: else the run failed.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { loadBundle } from "../../cli/bundle-files.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { openKafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import type { StateStore } from "../../platform/state-store/state-store.js";
import { Topic } from "../../schemas/topics.js";
import { type MeasuredWith, measuredWith } from "../load/machine.js";
import { RoleCluster } from "../load/role-cluster.js";
import type { RoleProcess } from "../load/role-process.js";
import { type DetectorUsage, detectorUsage } from "./detector-usage.js";
import { JudgedWatch, SLOT_MS } from "./judged-watch.js";
import { PacedFeed } from "./paced-feed.js";
import { checkPersons, type PersonsChecked } from "./persons-check.js";
import { type Recovery, recoveryOf } from "./recovery.js";
import { type Versions, versionsOf } from "./server-versions.js";
import { personsByPartition, type StoredPersons, storePersons } from "./stored-persons.js";

const PARTITIONS = 12;
const STEADY_MS = 5_000;
const LOOK_EVERY_MS = 20;
/** A detector that has begun anew joins the group within seconds. */
const SHARED_WITHIN_MS = 60_000;
/** After the session's end: behind both bounds, so that a curve that misses them is shown. */
const WATCHED_MS = 20_000;
/** So much of the load may be on its way into the journal, or from there into the decisions log. */
const ON_TIME_MS = 250;
/** What the killed process had sent is in the log by then; nobody else has its partitions yet. */
const LAST_APPENDS_MS = 100;

export interface RecoverOptions {
  readonly persons: number;
  /** Swipes a second, all partitions together. */
  readonly rate: number;
  readonly kills: number;
  readonly sessionTimeoutMs: number;
}

export interface RecoverServers {
  readonly KADUN_KAFKA_BROKERS: string;
  readonly KADUN_REDIS_URL: string;
  readonly KADUN_POSTGRES_URL: string;
}

export interface RecoverReport extends RecoverOptions, MeasuredWith {
  readonly versions: Versions;
  readonly partitions: number;
  readonly stored: StoredPersons & { readonly seconds: number };
  readonly recoveries: readonly Recovery[];
  /** Of every detector that ran under load, in the order of their ends. */
  readonly detectors: readonly DetectorUsage[];
  /** Swipes a second that the journal took. */
  readonly acknowledgedPerSecond: number;
  readonly swipes: number;
  /** Decisions that the log holds twice, from takeovers. */
  readonly repeats: number;
  readonly checked: PersonsChecked;
}

/** @throws Error where a server, a detector or the load fails, or where a swipe has no decision. */
export async function measureRecovery(
  servers: RecoverServers,
  options: RecoverOptions,
  progress: (text: string) => void,
): Promise<RecoverReport> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-recover-"));
  const settings = { KADUN_SESSION_TIMEOUT_MS: String(options.sessionTimeoutMs) };
  const cluster = new RoleCluster({ servers: { ...servers }, folder, partitions: PARTITIONS, settings });
  try {
    await cluster.setUp();
    const versions = await versionsOf(servers, process.env);
    const first = await cluster.start("detector");
    await cluster.judged();
    await first.stop();
    const stored = await withStore(servers, (store) => fill(store, options, progress));
    const log = await openLog(servers);
    try {
      const killed = await killAgainAndAgain(cluster, log, options, progress);
      await cluster.stop();
      const checked = await withStore(servers, (store) => checkPersons(store, options.persons, PARTITIONS));
      return {
        ...options,
        ...measuredWith(),
        versions,
        partitions: PARTITIONS,
        stored,
        ...killed,
        checked,
      };
    } finally {
      await log.close();
    }
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function fill(store: StateStore, { persons }: RecoverOptions, progress: (text: string) => void) {
  const beganMs = performance.now();
  const bundle = loadBundle().bundle;
  const lists = personsByPartition(persons, PARTITIONS);
  const nowMs = Date.now();
  let bytes = 0;
  for (const [partition, list] of lists.entries()) {
    progress(`storing ${persons} persons: partition ${partition + 1} of ${PARTITIONS}`);
    const { recordBytesMean } = await storePersons(store, partition, list, { bundle, nowMs });
    bytes += recordBytesMean * list.length;
  }
  return {
    persons,
    recordBytesMean: Math.round(bytes / persons),
    seconds: Math.round((performance.now() - beganMs) / 100) / 10,
  };
}

async function killAgainAndAgain(
  cluster: RoleCluster,
  log: EventLog,
  options: RecoverOptions,
  progress: (text: string) => void,
) {
  const pausesIn = cluster.options.folder;
  const start = () => cluster.start("detector", 0, { pausesIn });
  await Promise.all([start(), start()]);
  const watch = await JudgedWatch.open(log, PARTITIONS);
  const producer = await log.producer(Topic.JOURNAL);
  const feed = new PacedFeed(producer, { ...options, partitions: PARTITIONS, perSecond: options.rate });
  const detectors: DetectorUsage[] = [];
  const run: Run = { cluster, watch, feed, options };
  try {
    const recoveries: Recovery[] = [];
    for (let kill = 1; kill <= options.kills; kill++) {
      if (kill > 1) await start();
      progress(`kill ${kill} of ${options.kills}: the detectors share the partitions, then one is killed`);
      const recovery = await killOnce(run, (goes) =>
        detectors.push(detectorUsage(goes, { killed: kill, pausesIn })),
      );
      recoveries.push(recovery);
      progress(
        `kill ${kill}: first swipe after ${recovery.firstSwipeMs} ms, full speed after ${recovery.fullSpeedMs} ms, caught up after ${recovery.caughtUpMs} ms`,
      );
    }
    const acknowledgedPerSecond = await feed.end();
    await allJudged(run);
    for (const each of cluster.of("detector"))
      detectors.push(detectorUsage(each, { killed: null, pausesIn }));
    const swipes = feed.acknowledged.reduce((sum, count) => sum + count, 0);
    return { recoveries, detectors, acknowledgedPerSecond, swipes, repeats: watch.repeats };
  } finally {
    await feed.end().catch(() => {});
    await producer.close();
    await watch.close();
  }
}

interface Run {
  readonly cluster: RoleCluster;
  readonly watch: JudgedWatch;
  readonly feed: PacedFeed;
  readonly options: RecoverOptions;
}

/** @param beforeKill is shown the one that is to be killed. */
async function killOnce(run: Run, beforeKill: (goes: RoleProcess) => void): Promise<Recovery> {
  const { cluster, watch, feed, options } = run;
  await within(
    SHARED_WITHIN_MS,
    "the detectors share the partitions, and swipes are judged as they come",
    async () => {
      watch.check();
      feed.check();
      const isOnTime = feed.owed <= (options.rate * ON_TIME_MS) / 1_000;
      return isOnTime && isCaughtUp(run, allPartitions()) && (await areShared(cluster));
    },
  );
  const before = [...feed.acknowledged];
  const beforeMs = performance.now();
  await wait(STEADY_MS);
  const seconds = (performance.now() - beforeMs) / 1_000;
  const perSecond = feed.acknowledged.map((count, partition) => (count - before[partition]!) / seconds);
  // The one that has worked longer: the other one is the successor, with what its processor has learnt by then.
  const [goes] = cluster.of("detector");
  const takenOver = (await statusOf(goes!)).assigned;
  const own = allPartitions().filter((partition) => !takenOver.includes(partition));
  const sum = (partitions: readonly number[]) => partitions.reduce((all, each) => all + perSecond[each]!, 0);
  beforeKill(goes!);
  const killedAtMs = Date.now();
  await goes!.kill();
  await wait(LAST_APPENDS_MS);
  watch.awaitFirst(takenOver, Date.now());
  const watchedUntilMs = killedAtMs + options.sessionTimeoutMs + WATCHED_MS;
  let caughtUpAtMs: number | null = null;
  while (caughtUpAtMs === null && Date.now() < watchedUntilMs) {
    await wait(LOOK_EVERY_MS);
    watch.check();
    feed.check();
    const haveBegun = takenOver.every((partition) => watch.firstOf(partition) !== null);
    if (haveBegun && isCaughtUp(run, takenOver)) caughtUpAtMs = Date.now();
  }
  // A second more, for the curve's end.
  await wait(1_000);
  const slots = Math.floor((Date.now() - killedAtMs) / SLOT_MS);
  return recoveryOf({
    takenOver,
    killedAtMs,
    firstAtMs: takenOver.map((partition) => watch.firstOf(partition)),
    caughtUpAtMs,
    offered: { takenOver: sum(takenOver), own: sum(own) },
    slots: {
      takenOver: watch.counts(takenOver, killedAtMs, slots),
      own: watch.counts(own, killedAtMs, slots),
    },
  });
}

/** Are no more swipes unjudged there than come in a few turns of the loop? */
function isCaughtUp({ feed, watch, options }: Run, partitions: readonly number[]): boolean {
  const waiting = partitions.reduce((sum, each) => sum + feed.acknowledged[each]! - watch.judged[each]!, 0);
  return waiting <= (options.rate * ON_TIME_MS) / 1_000;
}

async function allJudged({ feed, watch }: Run): Promise<void> {
  const missing = () =>
    allPartitions().filter((partition) => watch.judged[partition] !== feed.acknowledged[partition]);
  await within(
    SHARED_WITHIN_MS,
    "every swipe of the journal has a decision",
    async () => missing().length === 0,
  );
}

interface DetectorStatus {
  readonly assigned: readonly number[];
  readonly partitions: readonly { readonly partition: number }[];
}

async function statusOf(detector: RoleProcess): Promise<DetectorStatus> {
  const status = (await detector.ask("GET", "/v1/status")) as DetectorStatus | null;
  return status ?? { assigned: [], partitions: [] };
}

/** Has each of two detectors some partitions, opened, and is none missing? */
async function areShared(cluster: RoleCluster): Promise<boolean> {
  const statuses = await Promise.all(cluster.of("detector").map(statusOf));
  const opened = statuses.flatMap(({ partitions }) => partitions.map(({ partition }) => partition));
  return (
    statuses.length === 2 &&
    statuses.every(({ assigned }) => assigned.length > 0) &&
    new Set(opened).size === PARTITIONS &&
    opened.length === PARTITIONS
  );
}

async function within(ms: number, what: string, look: () => Promise<boolean>): Promise<void> {
  for (const untilMs = performance.now() + ms; !(await look()); ) {
    if (performance.now() > untilMs) throw new Error(`not within ${ms / 1_000} s: ${what}`);
    await wait(LOOK_EVERY_MS);
  }
}

function allPartitions(): readonly number[] {
  return Array.from({ length: PARTITIONS }, (_, partition) => partition);
}

function openLog({ KADUN_KAFKA_BROKERS }: RecoverServers): Promise<EventLog> {
  return openKafkaEventLog({
    brokers: KADUN_KAFKA_BROKERS.split(","),
    clientId: "recover-bench",
    tls: null,
    sasl: null,
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
  });
}

async function withStore<Result>(
  { KADUN_REDIS_URL }: RecoverServers,
  use: (store: StateStore) => Promise<Result>,
): Promise<Result> {
  const store = await openRedisStateStore({ url: KADUN_REDIS_URL, logger: silentLogger });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
