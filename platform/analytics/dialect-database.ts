/**
 * ClickHouse behind the port, whichever way the statements get there.
 *
 * Owns: what is checked and set for every statement, limits, the order of writes, closing.
 * Does not own: connections, where settings stand, what a broken connection means (the dialect), retries, tables.
 *
 * 1. Writes wait for each other in the order of their calls.
 * 2. An answer is taken whole or not at all: a line that is no JSON object (cut off, or an error put out after rows)
 *    fails the query.
 */

import {
  type AnalyticsDatabase,
  AnalyticsError,
  BLOCK_BYTES_MAX,
  type InsertBlock,
  type InsertFrom,
  type Parameters,
  QUERY_ROWS_MAX,
  QUERY_SECONDS_MAX,
  type QueryLimits,
  type Row,
} from "./analytics-database.js";
import type { Dialect } from "./dialect.js";
import type { NativeBlock } from "./native-block.js";
import {
  blockSettings,
  checkColumn,
  checkStatement,
  checkTable,
  querySettings,
  selectedSettings,
} from "./statement.js";

export class DialectDatabase implements AnalyticsDatabase {
  private closing: Promise<void> | null = null;

  constructor(private readonly dialect: Dialect) {}

  async run(sql: string, parameters: Parameters = {}): Promise<void> {
    this.assertOpen();
    checkStatement(sql, parameters);
    const { dialect } = this;
    await this.guarded("statement", () => dialect.writes.run(() => dialect.run(sql, parameters)));
  }

  async query(sql: string, parameters: Parameters = {}, limits: QueryLimits = {}): Promise<readonly Row[]> {
    this.assertOpen();
    checkStatement(sql, parameters);
    const { secondsMax = QUERY_SECONDS_MAX, rowsMax = QUERY_ROWS_MAX } = limits;
    const settings = querySettings({ ...limits, secondsMax, rowsMax });
    const { dialect } = this;
    return this.guarded("query", async () =>
      rowsOf(await dialect.reads.run(() => dialect.query(sql, parameters, settings, secondsMax))),
    );
  }

  async insert({ table, rows, token }: InsertBlock): Promise<void> {
    this.assertOpen();
    checkTable(table);
    const bytes = rows instanceof Uint8Array ? rows.length : checkedBytes(rows);
    if (bytes > BLOCK_BYTES_MAX)
      throw new AnalyticsError("REFUSED", `a block of ${bytes} bytes; at most ${BLOCK_BYTES_MAX}: cut it`);
    const { dialect } = this;
    await this.guarded(`insert into ${table}`, () =>
      dialect.writes.run(() => dialect.insert(table, rows, blockSettings(token))),
    );
  }

  async insertFrom(insert: InsertFrom): Promise<void> {
    this.assertOpen();
    const { table, columns, select, parameters } = insert;
    checkTable(table);
    for (const column of columns) checkColumn(column);
    checkStatement(select, parameters);
    const { dialect } = this;
    await this.guarded(`insert into ${table}`, () =>
      dialect.writes.run(() => dialect.insertFrom(insert, selectedSettings())),
    );
  }

  close(): Promise<void> {
    this.closing ??= this.closeDialect();
    return this.closing;
  }

  private async closeDialect(): Promise<void> {
    const { reads, writes } = this.dialect;
    await Promise.all([reads.idle(), writes.idle()]);
    await this.dialect.close();
  }

  private assertOpen(): void {
    if (this.closing !== null) throw new AnalyticsError("CLOSED", "the analytics database is closed");
  }

  private async guarded<T>(doing: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      throw this.dialect.errorOf(cause, doing);
    }
  }
}

function checkedBytes({ columns, bytes }: NativeBlock): number {
  for (const { name } of columns) checkColumn(name);
  return bytes.length;
}

function rowsOf(text: string): readonly Row[] {
  const lines = text.split("\n");
  const rows: Row[] = [];
  for (const [index, line] of lines.entries()) if (line !== "") rows.push(rowOf(line, index, lines));
  return rows;
}

function rowOf(line: string, index: number, lines: readonly string[]): Row {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw brokenAnswer(lines.slice(index).join("\n"), index + 1, cause);
  }
}

/** An engine that has already sent rows can tell its error only behind them. */
function brokenAnswer(rest: string, lineNumber: number, cause: unknown): Error {
  const engineError = /Code: \d+\. DB::Exception: [^\n]*/.exec(rest);
  if (engineError !== null) return new Error(engineError[0]);
  return new AnalyticsError("FAILED", `query: the answer breaks off in its line ${lineNumber}; ask again`, {
    retryable: true,
    cause,
  });
}
