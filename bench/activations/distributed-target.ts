/** A distributed Kadun over servers that are there: one ingest, two detectors on twelve partitions. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../platform/clock/system-clock.js";
import { openKafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import { RoleCluster } from "../load/role-cluster.js";
import type { Target } from "./target.js";

const PARTITIONS = 12;
export const SERVERS = ["KADUN_KAFKA_BROKERS", "KADUN_REDIS_URL", "KADUN_POSTGRES_URL"] as const;

/** @param environment names the servers, which hold no Kadun yet. */
export async function startDistributed(environment: NodeJS.ProcessEnv): Promise<Target> {
  const servers = Object.fromEntries(SERVERS.map((name) => [name, environment[name] ?? ""]));
  const folder = mkdtempSync(join(tmpdir(), "kadun-activations-"));
  const cluster = new RoleCluster({ servers, folder, partitions: PARTITIONS });
  await cluster.setUp();
  const ingest = await cluster.start("ingest");
  const detectors = await Promise.all([cluster.start("detector"), cluster.start("detector")]);
  await cluster.judged();
  return {
    partitions: PARTITIONS,
    url: ingest.url,
    apiKey: cluster.apiKey,
    processes: { ingest, "detector 1": detectors[0], "detector 2": detectors[1] },
    judged: () => cluster.judged(),
    end: async () => {
      await cluster.stop();
    },
    left: async () => {
      const log = await openKafkaEventLog({
        brokers: servers.KADUN_KAFKA_BROKERS!.split(","),
        clientId: "activations-bench",
        tls: null,
        sasl: null,
        clock: systemClock,
        logger: silentLogger,
        metrics: noMetrics,
      });
      const store = await openRedisStateStore({ url: servers.KADUN_REDIS_URL!, logger: silentLogger });
      return {
        log,
        store,
        close: async () => {
          await store.close();
          await log.close();
        },
      };
    },
    close: async () => {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
