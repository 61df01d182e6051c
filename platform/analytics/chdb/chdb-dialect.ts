/**
 * Adapter: ClickHouse in this process, through the official client on a connection of chdb.
 *
 * Owns: one connection for writes, one for queries, the directory (one process at a time).
 * Does not own: what every statement gets (`dialect-database.ts`), retries, tables.
 *
 * 1. Settings stand in the statement: as client settings chdb makes them a `SET` that stays (a deduplication token
 *    given once would swallow every later insert).
 * 2. Each connection is a lane: one statement at a time, a throw-away query after an error (lane.ts).
 * 3. Only text goes through the connection: it garbles binary formats in silence. Native blocks go by a file.
 * 4. NDJSON goes to the connection as the bytes it is. The client's own way makes a text of it and glues it to the
 *    statement: twice the CPU time, and up to 120 ms in which the process answers nobody (measured with 8 MB).
 * 5. Never in a worker thread: chdb crashes the process there.
 * 6. While it is open this process exits by SIGKILL: with a statement under way chdb's own exit handler waits for ever
 *    (exit-by-kill.ts).
 * 7. `max_execution_time` ends a query; an AbortSignal would only stop waiting for it.
 */

import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from "@clickhouse/client";
import type { ChdbConnection } from "chdb/connection";
import { exitByKill } from "../../lifecycle/exit-by-kill.js";
import type { BlockRows, InsertFrom, Parameters } from "../analytics-database.js";
import type { Dialect } from "../dialect.js";
import { analyticsErrorOf } from "../engine-errors.js";
import { Lane } from "../lane.js";
import type { NativeBlock } from "../native-block.js";
import { insertFromOf, insertOf, type Settings } from "../statement.js";
import { type BlockFile, literalOf } from "./block-file.js";

export class ChdbDialect implements Dialect {
  readonly writes: Lane;
  readonly reads: Lane;
  readonly errorOf = analyticsErrorOf;
  private readonly writing: ClickHouseClient;
  private readonly reading: ClickHouseClient;
  private readonly closed = exitByKill();

  constructor(
    private readonly connection: ChdbConnection,
    readConnection: ChdbConnection,
    private readonly blockFile: BlockFile,
  ) {
    this.writing = clientOf(connection);
    this.reading = clientOf(readConnection);
    this.writes = laneOf(this.writing);
    this.reads = laneOf(this.reading);
  }

  async run(sql: string, parameters: Parameters): Promise<void> {
    await this.writing.command({ query: sql, query_params: { ...parameters } });
  }

  async query(sql: string, parameters: Parameters, settings: Settings): Promise<string> {
    const query = `${sql}\nSETTINGS ${clauseOf(settings)}`;
    const result = await this.reading.query({
      query,
      format: "JSONEachRow",
      query_params: { ...parameters },
    });
    return result.text();
  }

  async insert(table: string, rows: BlockRows, settings: Settings): Promise<void> {
    if (rows instanceof Uint8Array)
      await this.connection.chdb.rawInsert({ table, values: rows, format: "JSONEachRow", settings });
    else await this.insertNative(table, rows, settings);
  }

  async insertFrom(insert: InsertFrom, settings: Settings): Promise<void> {
    const query = `${insertFromOf(insert)} SETTINGS ${clauseOf(settings)} ${insert.select}`;
    await this.writing.command({ query, query_params: { ...insert.parameters } });
  }

  async close(): Promise<void> {
    await this.reading.close();
    await this.writing.close();
    this.closed();
  }

  /** The lane lets one block at a time use the file. */
  private async insertNative(table: string, block: NativeBlock, settings: Settings): Promise<void> {
    await this.blockFile.with(block, async (source) => {
      const query = `${insertOf(table, block)} SETTINGS ${clauseOf(settings)} SELECT * FROM ${source}`;
      await this.writing.command({ query });
    });
  }
}

type ClientConnection = NonNullable<ClickHouseClientConfigOptions["connection"]>;

function clientOf(connection: ChdbConnection): ClickHouseClient {
  // Both packages carry their own copy of the connection's type, with a private member that keeps them apart.
  return createClient({ connection: connection as unknown as ClientConnection });
}

function laneOf(client: ClickHouseClient): Lane {
  return new Lane(async () => {
    await (await client.query({ query: "SELECT 1", format: "JSONEachRow" })).text();
  });
}

/** Names are constants of the program. */
function clauseOf(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === "number" ? value : literalOf(value)}`)
    .join(", ");
}
