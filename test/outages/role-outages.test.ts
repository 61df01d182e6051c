/** Roles of a distributed Kadun whose servers go away: what they say of themselves, and how they end. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { RoleCluster } from "../../bench/load/role-cluster.js";
import type { RoleProcess } from "../../bench/load/role-process.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";
import { type PostgresServer, startPostgres } from "../support/servers/postgres-server.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";

const PARTITIONS = 2;
const WITHIN_MS = 60_000;
/** Of an orderly end (cli/distributed/role.ts). */
const CLOSE_DEADLINE_MS = 25_000;
const START_MS = 180_000;

let folder: string;
let kafka: KafkaServers;
let redis: RedisServer;
let postgres: PostgresServer;
let cluster: RoleCluster;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-role-outages-"));
  [kafka, redis, postgres] = await Promise.all([startKafka(), startRedis(), startPostgres()]);
  cluster = new RoleCluster({
    servers: {
      KADUN_KAFKA_BROKERS: kafka.bootstrap,
      KADUN_REDIS_URL: redis.url,
      KADUN_POSTGRES_URL: postgres.url,
    },
    folder,
    partitions: PARTITIONS,
    settings: { KADUN_LOG_LEVEL: "warn" },
  });
  await cluster.setUp();
  await Promise.all((["ingest", "detector", "alerts"] as const).map((role) => cluster.start(role)));
  for (const role of ["detector", "alerts"] as const) await becomes(cluster.of(role)[0]!, 200, []);
}, START_MS);

afterAll(async () => {
  for (const process of cluster?.processes ?? []) if (process.isRunning) await process.kill();
  await Promise.all([kafka?.close(), redis?.close(), postgres?.close()]);
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

async function becomes(process: RoleProcess, status: number, reasons: readonly unknown[]): Promise<void> {
  for (const endMs = performance.now() + WITHIN_MS; ; await wait(100)) {
    const answer = (await process.fetch("GET", "/readyz"))!;
    const readiness = JSON.parse(answer.text) as Readiness;
    try {
      expect({ status: answer.status, ...readiness }).toEqual({ status, ready: status === 200, reasons });
      return;
    } catch (error) {
      if (performance.now() > endMs) throw error;
    }
  }
}

describe("PostgreSQL away", () => {
  it(
    "makes alerts red by its name, its status without a figure of SMS, and both go on by themselves",
    async () => {
      const alerts = cluster.of("alerts")[0]!;
      await postgres.kill();
      await becomes(alerts, 503, [
        expect.stringMatching(/^DATABASE_UNREACHABLE: PostgreSQL \(KADUN_POSTGRES_URL\) does not answer/),
      ]);
      expect(await alerts.ask("GET", "/v1/status")).toMatchObject({ caughtUp: false, smsPending: null });
      await postgres.start();
      await becomes(alerts, 200, []);
      expect(await alerts.ask("GET", "/v1/status")).toMatchObject({ caughtUp: true, smsPending: 0 });
    },
    START_MS,
  );
});

/** The last: the brokers do not come back. */
describe("all brokers away", () => {
  it(
    "make detector and alerts red, also when the detector has lost its place in the group",
    async () => {
      await Promise.all(kafka.nodes.map((node) => node.kill()));
      await becomes(cluster.of("alerts")[0]!, 503, [expect.stringMatching(/^LOG_UNREACHABLE: /)]);
      const detector = cluster.of("detector")[0]!;
      for (const endMs = performance.now() + 20_000; performance.now() < endMs; await wait(500))
        if (performance.now() > endMs - 15_000)
          expect((await detector.fetch("GET", "/readyz"))?.status).toBe(503);
    },
    START_MS,
  );

  it.each(["detector", "alerts", "ingest"] as const)(
    "let %s end in order, with status 0, within its deadline",
    async (role) => {
      const startedMs = performance.now();
      expect(await cluster.of(role)[0]!.stop()).toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(CLOSE_DEADLINE_MS);
    },
    START_MS,
  );
});
