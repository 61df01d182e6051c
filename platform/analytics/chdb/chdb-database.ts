/**
 * Adapter: ClickHouse in this process, through the official client on a connection of chdb.
 *
 * Owns: one connection for writes, one for queries, the directory (one process at a time).
 * Does not own: retries, tables.
 *
 * 1. Settings stand in the statement: as client settings chdb makes them a `SET` that stays (a deduplication token
 *    given once would swallow every later insert).
 * 2. Each connection is a lane: one statement at a time, a throw-away query after an error (lane.ts).
 * 3. Text formats only: the connection garbles binary ones in silence.
 * 4. Blocks go to the connection as the bytes they are. The client's own way makes a text of them and glues it to the
 *    statement: twice the CPU time, and up to 120 ms in which the process answers nobody (measured with 8 MB).
 * 5. Never in a worker thread: chdb crashes the process there.
 * 6. `max_execution_time` ends a query; an AbortSignal would only stop waiting for it.
 */

import { isMainThread } from "node:worker_threads";
import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from "@clickhouse/client";
import type { ChdbConnection } from "chdb/connection";
import {
  type AnalyticsDatabase,
  AnalyticsError,
  BLOCK_BYTES_MAX,
  type InsertBlock,
  type Parameters,
  QUERY_ROWS_MAX,
  QUERY_SECONDS_MAX,
  type QueryLimits,
  type Row,
} from "../analytics-database.js";
import { analyticsErrorOf } from "./errors.js";
import { Lane } from "./lane.js";
import { openConnection } from "./open-connection.js";
import { BLOCK_SETTINGS, checkStatement, querySettings } from "./statement.js";

export interface ChdbOptions {
  /** Made where it is missing. */
  readonly directory: string;
}

/** @throws AnalyticsError LOCKED where another process holds the directory, OPEN_FAILED. */
export async function openChdbDatabase({ directory }: ChdbOptions): Promise<AnalyticsDatabase> {
  if (!isMainThread)
    throw new AnalyticsError("OPEN_FAILED", "chdb in a worker thread: open it in the main thread");
  const writes = openConnection(directory);
  try {
    return new ChdbDatabase(writes, openConnection(directory));
  } catch (error) {
    await writes.close();
    throw error;
  }
}

interface Channel {
  readonly connection: ChdbConnection;
  readonly client: ClickHouseClient;
  readonly lane: Lane;
}

class ChdbDatabase implements AnalyticsDatabase {
  private readonly writes: Channel;
  private readonly reads: Channel;
  private closing: Promise<void> | null = null;

  constructor(writes: ChdbConnection, reads: ChdbConnection) {
    this.writes = channelOf(writes);
    this.reads = channelOf(reads);
  }

  async run(sql: string, parameters: Parameters = {}): Promise<void> {
    this.assertOpen();
    checkStatement(sql, parameters);
    const { client, lane } = this.writes;
    await guarded("statement", () =>
      lane.run(async () => void (await client.command({ query: sql, query_params: { ...parameters } }))),
    );
  }

  async query(sql: string, parameters: Parameters = {}, limits: QueryLimits = {}): Promise<readonly Row[]> {
    this.assertOpen();
    checkStatement(sql, parameters);
    const query = `${sql}\n${querySettings({
      secondsMax: limits.secondsMax ?? QUERY_SECONDS_MAX,
      rowsMax: limits.rowsMax ?? QUERY_ROWS_MAX,
    })}`;
    const { client, lane } = this.reads;
    const text = await guarded("query", () =>
      lane.run(async () => {
        const result = await client.query({ query, format: "JSONEachRow", query_params: { ...parameters } });
        return result.text();
      }),
    );
    return rowsOf(text);
  }

  async insert({ table, rows, token }: InsertBlock): Promise<void> {
    this.assertOpen();
    if (rows.length > BLOCK_BYTES_MAX)
      throw new AnalyticsError(
        "REFUSED",
        `a block of ${rows.length} bytes; at most ${BLOCK_BYTES_MAX}: cut it`,
      );
    const { connection, lane } = this.writes;
    await guarded(`insert into ${table}`, () =>
      lane.run(async () => {
        const settings = { ...BLOCK_SETTINGS, insert_deduplication_token: token };
        await connection.chdb.rawInsert({ table, values: rows, format: "JSONEachRow", settings });
      }),
    );
  }

  close(): Promise<void> {
    this.closing ??= this.closeChannels();
    return this.closing;
  }

  private async closeChannels(): Promise<void> {
    await Promise.all([this.reads.lane.idle(), this.writes.lane.idle()]);
    await this.reads.client.close();
    await this.writes.client.close();
  }

  private assertOpen(): void {
    if (this.closing !== null) throw new AnalyticsError("CLOSED", "the analytics database is closed");
  }
}

type ClientConnection = NonNullable<ClickHouseClientConfigOptions["connection"]>;

function channelOf(connection: ChdbConnection): Channel {
  // Both packages carry their own copy of the connection's type, with a private member that keeps them apart.
  const client = createClient({ connection: connection as unknown as ClientConnection });
  const lane = new Lane(async () => {
    await (await client.query({ query: "SELECT 1", format: "JSONEachRow" })).text();
  });
  return { connection, client, lane };
}

async function guarded<T>(doing: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw analyticsErrorOf(cause, doing);
  }
}

function rowsOf(text: string): readonly Row[] {
  const lines = text.split("\n");
  const rows: Row[] = [];
  for (const line of lines) if (line !== "") rows.push(JSON.parse(line));
  return rows;
}
