/**
 * Two detectors share 12 partitions under load; one is killed. The other owns all of them within the session time-out
 * and twice the median of an undisturbed rebalance, measured in the same run under the same load; the median of three kills.
 */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Closers } from "../../cli/process/closers.js";
import { openKafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { Topic } from "../../schemas/topics.js";
import { startKafka } from "../support/servers/kafka-server.js";
import { startPostgres } from "../support/servers/postgres-server.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";
import { FaultKadun, SESSION_TIMEOUT_MS } from "./fault-kadun.js";
import { AGAIN, byLength, KEEP, SEED } from "./fault-run.js";
import { PLATFORM } from "./fault-world.js";
import { JournalFeed, preparedRecords } from "./journal-feed.js";
import { checkPartition } from "./partition-check.js";
import { withClient } from "./redis-place.js";

const PARTITIONS = 12;
const SWIPES_PER_SECOND = 5_000;
const CITY = { persons: 14_000, days: 60 };
/** An odd number has a median. */
const REBALANCES = byLength({ short: 3, long: 5 });
/** The median of three kills counts: whatever else a machine does in a second of them says nothing about Kadun. */
const AGREEING = 2;
const LOOK_EVERY_MS = 20;
/** Records under load before and after what is measured. */
const SOME_RECORDS = byLength({ short: 2_500, long: 5_000 });

describe(`a detector takes over (${AGAIN})`, () => {
  const folder = KEEP === null ? mkdtempSync(join(tmpdir(), "kadun-faults-")) : join(KEEP, "takeover");
  const closers = new Closers();
  let brokers: string;
  let redis: RedisServer;
  let kadun: FaultKadun;
  let records: ReturnType<typeof preparedRecords>;

  beforeAll(async () => {
    records = preparedRecords({ seed: SEED, ...CITY }, PARTITIONS);
    mkdirSync(folder, { recursive: true });
    const starting = [
      startKafka({ runsLong: true }),
      startRedis({ appendOnly: true }),
      startPostgres(),
    ] as const;
    for (const each of await Promise.allSettled(starting))
      if (each.status === "fulfilled") closers.add(each.value);
    const [kafka, redisServer, postgres] = await Promise.all(starting);
    brokers = kafka.bootstrap;
    redis = redisServer;
    const servers = {
      KADUN_KAFKA_BROKERS: brokers,
      KADUN_REDIS_URL: redis.url,
      KADUN_POSTGRES_URL: postgres.url,
    };
    kadun = new FaultKadun({ servers, folder, partitions: PARTITIONS });
    await kadun.start(["detector", "detector"]);
  });
  afterAll(async () => {
    await kadun?.stop();
    await closers.close();
    if (KEEP === null) rmSync(folder, { recursive: true, force: true });
  });

  /** From the signal until the other one has opened every partition. */
  const takeoverMs = async (signal: "SIGTERM" | "SIGKILL") => {
    const [goes, stays] = kadun.cluster.of("detector");
    kadun.expectEnd(goes!);
    const startedMs = performance.now();
    process.kill(goes!.pid, signal);
    await kadun.ownsAll(stays!, LOOK_EVERY_MS);
    const ms = performance.now() - startedMs;
    await goes!.exited;
    return ms;
  };

  test(`one of two is killed under ${SWIPES_PER_SECOND} swipes a second: the other has all in time, nothing is lost or doubled`, async () => {
    const log = closers.add(
      await openKafkaEventLog({
        brokers: brokers.split(","),
        clientId: "takeover",
        tls: null,
        sasl: null,
        ...PLATFORM,
      }),
    );
    const feed = new JournalFeed(await log.producer(Topic.JOURNAL), records, {
      partitions: PARTITIONS,
      perSecond: SWIPES_PER_SECOND,
    });
    // Also where something below fails.
    closers.add({ close: () => feed.end() });
    const undisturbed: number[] = [];
    for (let round = 0; round < REBALANCES; round++) {
      await kadun.shared();
      await feed.progress(SOME_RECORDS);
      undisturbed.push(await takeoverMs("SIGTERM"));
      await kadun.startRole("detector");
    }
    const medianMs = median(undisturbed);
    const allowedMs = SESSION_TIMEOUT_MS + 2 * medianMs;
    const takeovers: number[] = [];
    while (!isDecided(takeovers, allowedMs)) {
      if (takeovers.length > 0) await kadun.startRole("detector");
      await kadun.shared();
      await feed.progress(SOME_RECORDS);
      takeovers.push(await takeoverMs("SIGKILL"));
    }
    await feed.progress(SOME_RECORDS);
    const perSecond = await feed.end();
    process.stderr.write(
      `takeover after ${takeovers.map(ms).join(", ")}, allowed ${ms(allowedMs)} (undisturbed: ${undisturbed.map(ms).join(", ")}); ${Math.round(perSecond)} swipes a second, ${feed.total} in all\n`,
    );
    await kadun.cluster.judged();
    await withClient(redis.url, async (client) => {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const { findings, appended } = await checkPartition(log, client, partition);
        expect({ partition, findings, appended }).toEqual({
          partition,
          findings: [],
          appended: feed.acknowledged[partition],
        });
      }
    });
    expect(kadun.endedByThemselves).toEqual([]);
    expect({ takeovers, allowedMs, inTime: within(takeovers, allowedMs) >= AGREEING }).toMatchObject({
      inTime: true,
    });
  });
});

function within(takeovers: readonly number[], allowedMs: number): number {
  return takeovers.filter((takeover) => takeover <= allowedMs).length;
}

/** Of three, two agree: whether the median of the three is in time is known then. */
function isDecided(takeovers: readonly number[], allowedMs: number): boolean {
  const inTime = within(takeovers, allowedMs);
  return Math.max(inTime, takeovers.length - inTime) >= AGREEING;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) / 2]!;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
