import type { BlockRows, InsertFrom, Parameters } from "./analytics-database.js";
import type { Queue } from "./lane.js";
import type { Settings } from "./statement.js";

/**
 * What differs between ClickHouse in this process and a ClickHouse server: how a statement, its parameters and its
 * settings get there, and what waits for what. Everything else is one code (`dialect-database.ts`).
 */
export interface Dialect {
  readonly writes: Queue;
  readonly reads: Queue;
  /** Settings and FORMAT are the dialect's to add; no setting may outlive its statement. */
  run(sql: string, parameters: Parameters): Promise<void>;
  /** The answer, a JSON object a line. `secondsMax` stands in the settings too. */
  query(sql: string, parameters: Parameters, settings: Settings, secondsMax: number): Promise<string>;
  insert(table: string, rows: BlockRows, settings: Settings): Promise<void>;
  insertFrom(insert: InsertFrom, settings: Settings): Promise<void>;
  /** Of whatever `run`, `query` and `insert` threw. */
  errorOf(cause: unknown, doing: string): Error;
  close(): Promise<void>;
}
