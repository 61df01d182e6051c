/**
 * Port: a column database in ClickHouse's SQL (chdb in process, a ClickHouse server over HTTP).
 *
 * What an adapter promises
 * - **Statements** are constants of the program. Values go in as typed parameters, `{name:Type}`, and in no other way:
 *   the engine reads local files and addresses, so a text from outside must never become SQL. Neither `SETTINGS` nor
 *   `FORMAT` stands in a statement: the adapter adds both, and no setting outlives its statement.
 * - **Order**: `run` and `insert` happen one after the other in the order of the calls; a query sees everything that
 *   was resolved before it was called. Queries may wait for each other, not for writes.
 * - **insert** is one block of one table: all of it or nothing becomes visible, as long as its rows lie in one
 *   partition of the table and it is at most `BLOCK_BYTES_MAX`. A block with a `token` that this table has seen is not
 *   inserted again. An error says nothing about whether the rows are there; neither does the token of a block whose
 *   insert failed or was cut off: look at the rows.
 * - **insertFrom** is one block too, under the same conditions (more than `SELECTED_ROWS_MAX` rows may become two). It
 *   happens in the order of the writes and keeps the next one waiting: ask for little.
 * - **Durability**: what `insert` acknowledged survives a crash of the process (of the machine where the table says so).
 * - **Numbers**: 64-bit integers and decimals come back as decimal texts, never rounded; smaller ones as numbers.
 * - **Errors**: a failed statement leaves nothing behind: no setting, no output that turns up in the next result.
 *   `retryable` says whether the same call may succeed later. Nothing is retried here: of a write whose answer was
 *   lost nobody knows whether it was done.
 * - **Limits**: a query ends after its `secondsMax`, returns at most `rowsMax` rows and takes at most `memoryBytesMax`,
 *   else it fails.
 * - **close()** waits for what was called before it and is idempotent; every later call fails with `CLOSED`.
 */

import type { NativeBlock } from "./native-block.js";

/** Larger blocks cost memory (as NDJSON eight times their size) and gain nothing. */
export const BLOCK_BYTES_MAX = 16 << 20;
/** The engine makes one block of so many; they are narrow. */
export const SELECTED_ROWS_MAX = 1_000_000;
/** More rows than this belong into an aggregation; parsing them would hold up the event loop. */
export const QUERY_ROWS_MAX = 100_000;
/** A patrol or a page of the console that takes longer is wrong. */
export const QUERY_SECONDS_MAX = 30;

export type ParameterValue = string | number | boolean | readonly string[] | readonly number[];
export type Parameters = Readonly<Record<string, ParameterValue>>;
export type Row = Readonly<Record<string, unknown>>;

export interface QueryLimits {
  readonly secondsMax?: number;
  readonly rowsMax?: number;
  /** Memory that the query may take in the engine; by default what the engine allows. */
  readonly memoryBytesMax?: number;
  /** Cores that the query may use; by default what the engine has. */
  readonly threadsMax?: number;
}

/**
 * Bytes are NDJSON, a row a line: an object where the column is a String is stored as the text it is, byte for byte.
 * A block of `native/` costs a fifth of the processor time: the engine has nothing to parse.
 */
export type BlockRows = Uint8Array | NativeBlock;

export interface InsertBlock {
  /** Name of a table of ours. */
  readonly table: string;
  /** Stored as they are given, rows of equal keys too: those wait for a merge like rows of other blocks. */
  readonly rows: BlockRows;
  readonly token: string;
}

/** Rows that the engine makes of rows it has. */
export interface InsertFrom {
  /** Name of a table of ours. */
  readonly table: string;
  /** In the order of what is selected. */
  readonly columns: readonly string[];
  readonly select: string;
  readonly parameters: Parameters;
}

export interface AnalyticsDatabase {
  /** Runs a statement without a result, such as CREATE TABLE. @throws AnalyticsError. */
  run(sql: string, parameters?: Parameters): Promise<void>;
  /** @throws AnalyticsError. */
  query(sql: string, parameters?: Parameters, limits?: QueryLimits): Promise<readonly Row[]>;
  /** @throws AnalyticsError. */
  insert(block: InsertBlock): Promise<void>;
  /** Inserts what is selected, of up to `SELECTED_ROWS_MAX` rows, as one block. Nothing is deduplicated. @throws AnalyticsError. */
  insertFrom(insert: InsertFrom): Promise<void>;
  close(): Promise<void>;
}

export type AnalyticsErrorCode =
  | "LOCKED"
  | "OPEN_FAILED"
  /** Nobody answers at the address. */
  | "UNREACHABLE"
  /** The server does not know the user, or does not let the user do this. */
  | "NOT_AUTHORIZED"
  | "CLOSED"
  | "REFUSED"
  | "TIMEOUT"
  | "LIMIT"
  | "DISK_FULL"
  | "FAILED";

export class AnalyticsError extends Error {
  override readonly name = "AnalyticsError";
  /** May the same call succeed later without anybody's help? */
  readonly retryable: boolean;

  constructor(
    readonly code: AnalyticsErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? false;
  }
}
