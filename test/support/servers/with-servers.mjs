/**
 * `node with-servers.mjs PROGRAM ARGS…`: starts Kafka, Redis and PostgreSQL in temporary folders, runs the program with their
 * addresses in its environment (KADUN_KAFKA_BROKERS and so on), ends them again.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import "../../contract/typescript-hooks.mjs";

const { startKafka, kafkaVersion } = await import("./kafka-server.ts");
const { startPostgres } = await import("./postgres-server.ts");
const { startRedis } = await import("./redis-server.ts");

process.stderr.write("starting Kafka, Redis and PostgreSQL …\n");
const starting = await Promise.allSettled([
  startKafka({ runsLong: true }),
  startRedis({ appendOnly: true }),
  startPostgres(),
]);
const started = starting.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
try {
  const failed = starting.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const [kafka, redis, postgres] = started;
  const env = {
    ...process.env,
    KADUN_KAFKA_BROKERS: kafka.bootstrap,
    KADUN_BENCH_KAFKA_VERSION: await kafkaVersion(),
    KADUN_REDIS_URL: redis.url,
    KADUN_POSTGRES_URL: postgres.url,
  };
  const program = spawn(process.execPath, process.argv.slice(2), { stdio: "inherit", env });
  // Ctrl-C reaches the program too; the servers end after it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => program.kill("SIGTERM"));
  const [code] = await once(program, "exit");
  process.exitCode = code ?? 1;
} finally {
  await Promise.all(started.map((each) => each.close()));
}
