/** The servers of a distributed Kadun, freshly started: Kafka, Redis, PostgreSQL, ClickHouse or the front over chdb. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startClickhouseFront } from "../clickhouse-front/clickhouse-front.js";
import { startAll } from "./all-servers.js";

export interface KadunServers {
  /** KADUN_KAFKA_BROKERS and so on, as the roles read them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Is it a front over chdb that stands in for a ClickHouse server? */
  readonly hasFront: boolean;
  close(): Promise<void>;
}

/** @param folder for the password files. */
export async function startKadunServers(folder: string): Promise<KadunServers> {
  const servers = await startAll();
  try {
    const given = servers.environment;
    const clickhouse = await clickhouseOf(given.KADUN_TEST_CLICKHOUSE);
    const passwordFile = join(folder, "clickhouse-password");
    writeFileSync(passwordFile, clickhouse.password);
    return {
      environment: {
        KADUN_KAFKA_BROKERS: given.KADUN_TEST_KAFKA ?? "",
        KADUN_REDIS_URL: given.KADUN_TEST_REDIS ?? "",
        KADUN_POSTGRES_URL: given.KADUN_TEST_POSTGRES ?? "",
        KADUN_CLICKHOUSE_URL: clickhouse.url,
        KADUN_CLICKHOUSE_USER: clickhouse.user,
        KADUN_CLICKHOUSE_PASSWORD_FILE: passwordFile,
      },
      hasFront: clickhouse.isFront,
      close: async () => {
        await clickhouse.close();
        await servers.close();
      },
    };
  } catch (error) {
    await servers.close();
    throw error;
  }
}

async function clickhouseOf(server: string | undefined) {
  if (server === undefined) {
    const front = await startClickhouseFront();
    return {
      ...front,
      url: front.url,
      user: front.user,
      password: front.password,
      isFront: true,
      close: () => front.close(),
    };
  }
  const { origin, username, password } = new URL(server);
  return {
    url: origin,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    isFront: false,
    close: async () => {},
  };
}
