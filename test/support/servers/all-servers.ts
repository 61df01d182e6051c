/** The servers of a whole run of suites: one Kafka, one Redis, one PostgreSQL, and ClickHouse where there are containers. */

import { serverMode } from "../../../tools/server-mode.js";
import { startClickhouse } from "./clickhouse-server.js";
import { startKafka } from "./kafka-server.js";
import { startPostgres } from "./postgres-server.js";
import { startRedis } from "./redis-server.js";

export interface AllServers {
  /** Environment of the suites: KADUN_TEST_KAFKA and so on (`addresses.ts`). */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** What has been started is closed again when another one fails. */
export async function startAll(): Promise<AllServers> {
  const starting = await Promise.allSettled([kafka(), redis(), postgres(), clickhouse()]);
  const started = starting.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(started.map((each) => each.close()));
  };
  const failed = starting.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  return { environment: Object.assign({}, ...started.map((each) => each.environment)), close };
}

async function kafka(): Promise<AllServers> {
  const { bootstrap, close } = await startKafka();
  return { environment: { KADUN_TEST_KAFKA: bootstrap }, close };
}

async function redis(): Promise<AllServers> {
  const { url, close } = await startRedis({ appendOnly: true });
  return { environment: { KADUN_TEST_REDIS: url }, close };
}

async function postgres(): Promise<AllServers> {
  const { url, close } = await startPostgres();
  return { environment: { KADUN_TEST_POSTGRES: url }, close };
}

/** Only as a container: elsewhere the suites stand before an HTTP front over chdb. */
async function clickhouse(): Promise<AllServers> {
  if ((await serverMode()) === "native") return { environment: {}, close: async () => undefined };
  const { url, close } = await startClickhouse();
  return { environment: { KADUN_TEST_CLICKHOUSE: url }, close };
}
