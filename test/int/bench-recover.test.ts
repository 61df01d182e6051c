/** `kadun bench recover` in small, over live servers: what it measures is there. How quick it is says nothing beside other suites. */

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { measureRecovery } from "../../bench/recover/recover.js";
import { reportText } from "../../bench/recover/report-text.js";
import { Closers } from "../../cli/process/closers.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";
import { type PostgresServer, startPostgres } from "../support/servers/postgres-server.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";

const OPTIONS = { persons: 2_000, rate: 400, kills: 1, sessionTimeoutMs: 1_500 };
const TIMEOUT_MS = 180_000;

const closers = new Closers();
let servers: readonly [KafkaServers, RedisServer, PostgresServer];

beforeAll(async () => {
  // Of its own: it wants servers that hold no Kadun.
  const starting = [startKafka(), startRedis(), startPostgres()] as const;
  for (const each of await Promise.allSettled(starting))
    if (each.status === "fulfilled") closers.add(each.value);
  servers = await Promise.all(starting);
}, TIMEOUT_MS);
afterAll(() => closers.close(), TIMEOUT_MS);

test(
  "a killed detector's partitions are judged on by the other one, every swipe once, with what only Redis knew",
  async () => {
    const [kafka, redis, postgres] = servers;
    const report = await measureRecovery(
      {
        KADUN_KAFKA_BROKERS: kafka.bootstrap,
        KADUN_REDIS_URL: redis.url,
        KADUN_POSTGRES_URL: postgres.url,
      },
      OPTIONS,
      () => {},
    );
    const version = expect.stringMatching(/^\d/);
    expect(report).toMatchObject({
      ...OPTIONS,
      kadunVersion: version,
      node: process.version,
      hardware: { processors: expect.any(Number), memoryMb: expect.any(Number) },
      versions: { kafka: null, redis: version, postgres: version, kafkajs: version },
      stored: { persons: OPTIONS.persons },
      checked: { persons: 500, findings: [] },
    });
    expect(report.swipes).toBeGreaterThan(2_000);
    const used = {
      cpuSeconds: expect.any(Number),
      residentMb: expect.any(Number),
      residentPeakMb: expect.any(Number),
      pauses: { count: expect.any(Number), totalMs: expect.any(Number), longestMs: expect.any(Number) },
    };
    expect(report.detectors).toEqual([
      { killed: 1, ...used },
      { killed: null, ...used },
    ]);
    for (const { residentPeakMb, pauses } of report.detectors) {
      expect(residentPeakMb).toBeGreaterThan(50);
      expect(pauses!.longestMs).toBeGreaterThan(0);
    }
    const [recovery] = report.recoveries;
    expect(recovery!.partitionsTakenOver).toBe(6);
    // The session ends up to one heartbeat, a tenth of it, before its time since the kill.
    expect(recovery!.firstSwipeMs).toBeGreaterThan(0.8 * OPTIONS.sessionTimeoutMs);
    expect(recovery!.lastPartitionMs).toBeGreaterThanOrEqual(recovery!.firstSwipeMs!);
    expect(recovery!.caughtUpMs).toBeGreaterThanOrEqual(recovery!.lastPartitionMs!);
    const silent = recovery!.curve.filter(({ atMs }) => atMs > 500 && atMs + 250 < recovery!.firstSwipeMs!);
    expect(silent.every(({ takenOver }) => takenOver === 0)).toBe(true);
    expect(silent.some(({ own }) => own > 0)).toBe(true);
    const text = reportText(report);
    expect(text).toContain("all have their swipes of before and of the run");
    expect(text).toContain("Kafka (unknown), Redis ");
    expect(text).toContain("Detectors (CPU s, peak RSS MB, longest GC ms): kill 1 ");
  },
  TIMEOUT_MS,
);
