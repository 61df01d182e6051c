/**
 * `node with-broker.mjs PROGRAM ARGS…`: starts Kafka and Redis for a measurement in temporary folders, runs the program with
 * their addresses in KADUN_BENCH_SERVERS, ends them again.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import "../../contract/typescript-hooks.mjs";

const { startKafka } = await import("./kafka-server.ts");
const { startRedis } = await import("./redis-server.ts");

const HEAP_MB = 1024;
/** As Kafka has it: workers that are started together share the partitions from the beginning. */
const PROPERTIES = { "group.initial.rebalance.delay.ms": "3000" };
/** As in deploy/compose.yaml. */
const REDIS = ["--appendfsync", "everysec", "--auto-aof-rewrite-min-size", "512mb"];

process.stderr.write("starting Kafka and Redis …\n");
const starting = await Promise.allSettled([
  startKafka({ runsLong: true, heapMb: HEAP_MB, properties: PROPERTIES }),
  startRedis({ appendOnly: true, extra: REDIS }),
]);
const started = starting.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
try {
  const failed = starting.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const [kafka, redis] = started;
  const servers = {
    brokers: kafka.bootstrap,
    brokerPid: kafka.nodes[0].pid,
    redisUrl: redis.url,
    redisPid: redis.pid,
    broker: `one node, heap of ${HEAP_MB} MB, Java options of its own start script, no replicas, no fsync (Kafka's default); Redis with ${REDIS.join(" ")}`,
  };
  const env = { ...process.env, KADUN_BENCH_SERVERS: JSON.stringify(servers) };
  const program = spawn(process.execPath, process.argv.slice(2), { stdio: "inherit", env });
  // Ctrl-C reaches the program too; the servers end after it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => program.kill("SIGTERM"));
  const [code] = await once(program, "exit");
  process.exitCode = code ?? 1;
} finally {
  await Promise.all(started.map((each) => each.close()));
}
