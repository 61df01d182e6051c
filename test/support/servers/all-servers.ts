/** The servers of a whole run of suites: one Kafka, one Redis, one PostgreSQL. */

import { startKafka } from "./kafka-server.js";
import { startPostgres } from "./postgres-server.js";
import { startRedis } from "./redis-server.js";

export interface AllServers {
  /** Environment of the suites: KADUN_TEST_KAFKA and so on. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

/** What has been started is closed again when another one fails. */
export async function startAll(): Promise<AllServers> {
  const starting = await Promise.allSettled([
    startKafka(),
    startRedis({ appendOnly: true }),
    startPostgres(),
  ] as const);
  const close = async (): Promise<void> => {
    const started = starting.flatMap((each): Closable[] => (each.status === "fulfilled" ? [each.value] : []));
    await Promise.all(started.map((each) => each.close()));
  };
  const [kafka, redis, postgres] = starting;
  if (kafka.status === "fulfilled" && redis.status === "fulfilled" && postgres.status === "fulfilled") {
    const environment = {
      KADUN_TEST_KAFKA: kafka.value.bootstrap,
      KADUN_TEST_REDIS: redis.value.url,
      KADUN_TEST_POSTGRES: postgres.value.url,
    };
    return { environment, close };
  }
  await close();
  throw starting.find((each) => each.status === "rejected")!.reason;
}
