/**
 * `node with-sink-servers.mjs PROGRAM ARGS…`: starts Kafka, Redis, PostgreSQL and ClickHouse (where no server of it is to be
 * had, the front over chdb) for a measurement in temporary folders, runs the program with their addresses in
 * KADUN_BENCH_SINK_SERVERS, ends them again. PostgreSQL and ClickHouse stand to the others as the program's arguments say
 * (bench/sinks/options.ts).
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../../contract/typescript-hooks.mjs";

const { startKafka } = await import("./kafka-server.ts");
const { startRedis } = await import("./redis-server.ts");
const { startPostgres } = await import("./postgres-server.ts");
const { startClickhouse } = await import("./clickhouse-server.ts");
const { startClickhouseFront } = await import("../clickhouse-front/clickhouse-front.ts");
const { removeIdleGroup } = await import("../../../bench/load/idle-group.ts");
const { sinksOptions } = await import("../../../bench/sinks/options.ts");
const { serverMode } = await import("../../../tools/server-mode.ts");

/** As with-broker.mjs has them. */
const HEAP_MB = 1024;
const PROPERTIES = { "group.initial.rebalance.delay.ms": "3000" };
const REDIS = ["--appendfsync", "everysec", "--auto-aof-rewrite-min-size", "512mb"];

const { standing } = sinksOptions(process.argv.slice(3));
const hasEngine = (await serverMode()) === "docker";
process.stderr.write("starting Kafka, Redis, PostgreSQL and ClickHouse …\n");
const folder = mkdtempSync(join(tmpdir(), "kadun-sink-servers-"));
const starting = await Promise.allSettled([
  startKafka({ runsLong: true, heapMb: HEAP_MB, properties: PROPERTIES }),
  startRedis({ appendOnly: true, extra: REDIS }),
  startPostgres({ standing }),
  hasEngine ? startClickhouse() : startClickhouseFront({ standing }),
]);
const started = starting.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
try {
  const failed = starting.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const [kafka, redis, postgres, clickhouse] = started;
  const { origin, username, password } = new URL(clickhouse.url);
  const passwordFile = join(folder, "clickhouse-password");
  writeFileSync(passwordFile, hasEngine ? decodeURIComponent(password) : clickhouse.password);
  const servers = {
    environment: {
      KADUN_KAFKA_BROKERS: kafka.bootstrap,
      KADUN_REDIS_URL: redis.url,
      KADUN_POSTGRES_URL: postgres.url,
      KADUN_CLICKHOUSE_URL: origin,
      KADUN_CLICKHOUSE_USER: hasEngine ? decodeURIComponent(username) : clickhouse.user,
      KADUN_CLICKHOUSE_PASSWORD_FILE: passwordFile,
    },
    pids: {
      broker: kafka.nodes[0].pid,
      redis: redis.pid,
      postgres: postgres.pid,
      clickhouse: hasEngine ? null : clickhouse.pid,
    },
    description: [
      `Kafka: one node, heap of ${HEAP_MB} MB, Java options of its own start script, no replicas, no fsync (Kafka's default)`,
      `Redis with ${REDIS.join(" ")}`,
      "PostgreSQL without fsync",
      hasEngine
        ? "ClickHouse in a container"
        : "ClickHouse's engine (chdb) behind an HTTP front that is no server",
    ].join("; "),
  };
  const env = { ...process.env, KADUN_BENCH_SINK_SERVERS: JSON.stringify(servers) };
  const program = spawn(process.execPath, process.argv.slice(2), { stdio: "inherit", env });
  // Ctrl-C reaches the program too; the servers end after it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => program.kill("SIGTERM"));
  const [code] = await once(program, "exit");
  process.exitCode = code ?? 1;
} finally {
  await Promise.all(started.map((each) => each.close()));
  rmSync(folder, { recursive: true, force: true });
  removeIdleGroup();
}
