/** The servers of one suite: each can be killed, cut off and brought back. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ClickhouseFront, startClickhouseFront } from "../support/clickhouse-front/clickhouse-front.js";
import type { KafkaNode } from "../support/servers/kafka-server.js";
import { type PostgresServer, startPostgres } from "../support/servers/postgres-server.js";
import { startRedis } from "../support/servers/redis-server.js";
import { RedisPlace } from "./redis-place.js";

export interface FaultKafka {
  readonly bootstrap: string;
  readonly nodes: readonly KafkaNode[];
  close(): Promise<void>;
}

export interface FaultServers {
  readonly kafka: FaultKafka;
  readonly redis: RedisPlace;
  readonly postgres: PostgresServer;
  readonly clickhouse: ClickhouseFront;
  /** As the roles read it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @param folder for the password file. What has been started is closed again when another one fails. */
export async function startFaultServers(
  folder: string,
  startKafka: () => Promise<FaultKafka>,
): Promise<FaultServers> {
  const starting = [startKafka(), redisPlace(), startPostgres(), startClickhouseFront()] as const;
  const settled = await Promise.allSettled(starting);
  const close = async () => {
    const started = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    await Promise.all(started.map((each) => each.close()));
  };
  const failed = settled.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const [kafka, redis, postgres, clickhouse] = await Promise.all(starting);
  const passwordFile = join(folder, "clickhouse-password");
  writeFileSync(passwordFile, clickhouse.password);
  const environment = {
    KADUN_KAFKA_BROKERS: kafka.bootstrap,
    KADUN_REDIS_URL: redis.url,
    KADUN_POSTGRES_URL: postgres.url,
    KADUN_CLICKHOUSE_URL: clickhouse.url,
    KADUN_CLICKHOUSE_USER: clickhouse.user,
    KADUN_CLICKHOUSE_PASSWORD_FILE: passwordFile,
  };
  return { kafka, redis, postgres, clickhouse, environment, close };
}

/** The first server keeps nothing over a restart; those that take over from it do. */
async function redisPlace(): Promise<RedisPlace> {
  return RedisPlace.open(await startRedis({ appendOnly: false }));
}
