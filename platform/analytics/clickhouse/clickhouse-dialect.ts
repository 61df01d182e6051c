/**
 * Adapter: a ClickHouse server over HTTP, through the official client.
 *
 * Owns: one connection for writes, some for queries.
 * Does not own: what every statement gets (`dialect-database.ts`), retries, tables.
 *
 * 1. Settings are sent beside the statement: over HTTP they are of this request alone (there is no session).
 * 2. `wait_end_of_query`: the server holds its answer back until the statement is done, so an error is a status and
 *    never stands behind rows; an acknowledged block is a block that is there.
 * 3. A query has a deadline of its own, behind the limit it asks the server to keep: the client's time-out counts
 *    silence, and a long query is silent. Writes have the client's.
 * 4. An idle connection is dropped before the server drops it (10 s; 3 s before release 23.11): a request on a
 *    connection that is being closed fails without anybody knowing whether it was done.
 * 5. Long parameters travel in the body: an address has 1 MB, proxies give it 8 KB.
 */

import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { rootCertificates } from "node:tls";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import type { BlockRows, InsertFrom, Parameters as Values } from "../analytics-database.js";
import type { Dialect } from "../dialect.js";
import { Lane } from "../lane.js";
import { insertFromOf, insertOf, type Settings } from "../statement.js";
import { clickhouseErrorOf } from "./clickhouse-errors.js";
import type { ClickhouseAddress, ClickhouseTls } from "./clickhouse-options.js";
import { within } from "./deadline.js";
import { Slots } from "./slots.js";

/** Pages of the console and a patrol at once; a server allows a hundred. */
const QUERIES_AT_ONCE_MAX = 8;
/** Below the three seconds of old servers and of proxies. */
const IDLE_SOCKET_MS = 2500;
/** The client's limit on silence, for queries: the largest of a timer; their own deadline comes first. */
const SILENCE_MS_MAX = 2 ** 31 - 1;
/** Below it a header more costs as much as it saves. */
const GZIP_BYTES_MIN = 64 << 10;
/** The fastest: rows shrink to a ninth all the same. */
const GZIP_LEVEL = 1;

const compressed = promisify(gzip);

export class ClickhouseDialect implements Dialect {
  readonly writes = new Lane();
  readonly reads = new Slots(QUERIES_AT_ONCE_MAX);
  private readonly writing: ClickHouseClient;
  private readonly reading: ClickHouseClient;

  constructor(private readonly address: ClickhouseAddress) {
    this.writing = clientOf(address, { connections: 1, silenceMs: address.requestTimeoutMs });
    this.reading = clientOf(address, { connections: QUERIES_AT_ONCE_MAX, silenceMs: SILENCE_MS_MAX });
  }

  readonly errorOf = (cause: unknown, doing: string) => clickhouseErrorOf(cause, doing, this.address.url);

  async run(sql: string, parameters: Values): Promise<void> {
    await write(this.writing, { query: sql, query_params: { ...parameters } });
  }

  query(sql: string, parameters: Values, settings: Settings, secondsMax: number): Promise<string> {
    return within(secondsMax * 1000 + this.address.requestTimeoutMs, (signal) =>
      readAll(this.reading, { sql, parameters, settings, signal }),
    );
  }

  async insert(table: string, rows: BlockRows, settings: Settings): Promise<void> {
    const [query, bytes] =
      rows instanceof Uint8Array
        ? [`INSERT INTO ${table} FORMAT JSONEachRow`, rows]
        : [`${insertOf(table, rows)} FORMAT Native`, rows.bytes];
    const isCompressed = this.address.compressBlocks && bytes.length >= GZIP_BYTES_MIN;
    const body = isCompressed ? await compressed(bytes, { level: GZIP_LEVEL }) : bytes;
    // `insert` of the client would make objects and texts of the rows.
    await write(this.writing, {
      query,
      values: Readable.from([body], { objectMode: false }),
      clickhouse_settings: { ...settings },
      http_headers: isCompressed ? { "Content-Encoding": "gzip" } : {},
    });
  }

  async insertFrom(insert: InsertFrom, settings: Settings): Promise<void> {
    await write(this.writing, {
      query: `${insertFromOf(insert)} ${insert.select}`,
      query_params: { ...insert.parameters },
      clickhouse_settings: { ...settings },
    });
  }

  async close(): Promise<void> {
    await this.reading.close();
    await this.writing.close();
  }
}

type Writing = Parameters<ClickHouseClient["exec"]>[0];

/** Done is what was answered to its end: the client's own `command` takes a closed connection for an answer. */
export async function write(client: ClickHouseClient, writing: Writing): Promise<void> {
  const settings = { ...writing.clickhouse_settings, wait_end_of_query: 1 } as const;
  const { stream } = await client.exec({ ...writing, clickhouse_settings: settings });
  const answer = await text(stream);
  if (answer.includes("DB::Exception")) throw new Error(answer);
}

export interface Reading {
  readonly sql: string;
  readonly parameters: Values;
  readonly settings: Settings;
  readonly signal: AbortSignal;
}

export async function readAll(client: ClickHouseClient, reading: Reading): Promise<string> {
  const { sql, parameters, settings, signal } = reading;
  const result = await client.query({
    query: sql,
    format: "JSONEachRow",
    query_params: { ...parameters },
    clickhouse_settings: { ...settings, wait_end_of_query: 1 },
    abort_signal: signal,
  });
  // From the first byte of the answer on the client no longer looks at the signal.
  signal.addEventListener("abort", () => result.close(), { once: true });
  if (signal.aborted) result.close();
  return result.text();
}

export function clientOf(
  { url, pathname, user, password, database, tls }: ClickhouseAddress,
  { connections, silenceMs }: { readonly connections: number; readonly silenceMs: number },
): ClickHouseClient {
  return createClient({
    url,
    ...(pathname === undefined ? {} : { pathname }),
    username: user,
    password,
    database,
    ...(tls === undefined ? {} : { tls: tlsOf(tls) }),
    application: "kadun",
    request_timeout: silenceMs,
    max_open_connections: connections,
    keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS, eagerly_destroy_stale_sockets: true },
    use_multipart_params_auto: true,
    // It would write to the console; what matters is in the errors.
    log: { level: ClickHouseLogLevel.OFF },
  });
}

/** The client takes certificates only together with authorities. */
function tlsOf({ ca, client }: ClickhouseTls) {
  const ca_cert = Buffer.from(ca ?? rootCertificates.join("\n"));
  if (client === undefined) return { ca_cert };
  return { ca_cert, cert: Buffer.from(client.certificate), key: Buffer.from(client.key) };
}
