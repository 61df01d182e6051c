/** What the tests of the adapter run against: the server that KADUN_TEST_CLICKHOUSE names, else the front. */

import { type ClickhouseFront, startClickhouseFront } from "./clickhouse-front.js";

export interface ClickhouseTarget {
  readonly name: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
  close(): Promise<void>;
}

/** `http://user:password@host:8123`, where a ClickHouse server is to be had. */
const SERVER = process.env.KADUN_TEST_CLICKHOUSE ?? "";

export const CLICKHOUSE_TARGET_NAME = SERVER === "" ? "the front over chdb" : "a ClickHouse server";

export async function openClickhouseTarget(): Promise<ClickhouseTarget> {
  if (SERVER !== "") return serverOf(new URL(SERVER));
  const front: ClickhouseFront = await startClickhouseFront();
  const { url, user, password } = front;
  return { name: CLICKHOUSE_TARGET_NAME, url, user, password, close: () => front.close() };
}

function serverOf(address: URL): ClickhouseTarget {
  return {
    name: CLICKHOUSE_TARGET_NAME,
    url: address.origin,
    user: decodeURIComponent(address.username) || "default",
    password: decodeURIComponent(address.password),
    close: async () => {},
  };
}
