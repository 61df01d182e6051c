/** Which servers the detectors worked with. */

import { Kysely, sql } from "kysely";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { RedisConnection } from "../../platform/state-store/redis/redis-connection.js";
import { redisAddress } from "../../platform/state-store/redis/redis-options.js";
import { StateStoreError } from "../../platform/state-store/state-store.js";
import { packageVersion } from "../end-to-end/versions.js";
import type { RecoverServers } from "./recover.js";

/** Set by whoever started Kafka: clients are told what a broker can do, not which one it is. */
const KAFKA_VERSION_VARIABLE = "KADUN_BENCH_KAFKA_VERSION";

export interface Versions {
  /** null where the server was started by somebody else. */
  readonly kafka: string | null;
  /** null where INFO is denied. */
  readonly redis: string | null;
  readonly postgres: string;
  /** Clients. */
  readonly kafkajs: string;
  readonly ioredis: string;
  readonly pg: string;
}

export async function versionsOf(servers: RecoverServers, environment: NodeJS.ProcessEnv): Promise<Versions> {
  return {
    kafka: environment[KAFKA_VERSION_VARIABLE] || null,
    redis: await redisVersion(servers.KADUN_REDIS_URL),
    postgres: await postgresVersion(servers.KADUN_POSTGRES_URL),
    kafkajs: packageVersion("kafkajs"),
    ioredis: packageVersion("ioredis"),
    pg: packageVersion("pg"),
  };
}

export function versionsText({ kafka, redis, postgres, kafkajs, ioredis, pg }: Versions): string {
  const servers = `Kafka ${kafka ?? "(unknown)"}, Redis ${redis ?? "(unknown)"}, PostgreSQL ${postgres}`;
  return `${servers}; kafkajs ${kafkajs}, ioredis ${ioredis}, pg ${pg}`;
}

async function redisVersion(url: string): Promise<string | null> {
  const options = { url, logger: silentLogger };
  const connection = await RedisConnection.open(redisAddress(options), options);
  try {
    const [info] = await connection.call("read its INFO", [{ command: "INFO", args: ["server"] }]);
    return /^redis_version:(\S+)/m.exec(String(info))?.[1] ?? null;
  } catch (error) {
    const cause = error instanceof StateStoreError ? error.cause : null;
    // Managed servers may deny it.
    if (cause instanceof Error && /^NOPERM|unknown command/i.test(cause.message)) return null;
    throw error;
  } finally {
    await connection.close();
  }
}

async function postgresVersion(url: string): Promise<string> {
  const database = await openPostgresDatabase({ url });
  try {
    const { rows } = await sql<{ version: string }>`
      select current_setting('server_version') as version`.execute(new Kysely<unknown>(database));
    return rows[0]!.version;
  } finally {
    await database.close();
  }
}
