import {
  AnalyticsError,
  BLOCK_BYTES_MAX,
  type InsertFrom,
  type Parameters,
  type QueryLimits,
  SELECTED_ROWS_MAX,
} from "./analytics-database.js";
import type { NativeBlock } from "./native-block.js";

/** Settings of one statement. */
export type Settings = Readonly<Record<string, string | number>>;

/** At least the number of rows that `BLOCK_BYTES_MAX` can hold (a byte a row): a block is never cut in two. */
const BLOCK_ROWS_MAX = BLOCK_BYTES_MAX;

/** `SELECTED_ROWS_MAX` narrow rows. */
const SELECTED_BYTES_MAX = 1 << 30;

/**
 * What every block is read with: one part per block, instants with their offset, bodies as they are. Rows of equal keys
 * within a block are left to merges: to look for them at every insert takes half of its processor time.
 */
export function blockSettings(token: string): Settings {
  return {
    date_time_input_format: "best_effort",
    input_format_json_read_objects_as_strings: 1,
    input_format_skip_unknown_fields: 0,
    input_format_parallel_parsing: 0,
    max_insert_threads: 1,
    max_insert_block_size: BLOCK_ROWS_MAX,
    min_insert_block_size_rows: BLOCK_ROWS_MAX,
    optimize_on_insert: 0,
    async_insert: 0,
    insert_deduplicate: 1,
    insert_deduplication_token: token,
  };
}

/** One thread, one block; whichever months its rows are of. */
export function selectedSettings(): Settings {
  return {
    max_threads: 1,
    max_insert_threads: 1,
    max_insert_block_size: SELECTED_ROWS_MAX,
    min_insert_block_size_rows: SELECTED_ROWS_MAX,
    min_insert_block_size_bytes: SELECTED_BYTES_MAX,
    max_partitions_per_insert_block: 0,
    optimize_on_insert: 0,
    async_insert: 0,
    insert_deduplicate: 0,
  };
}

/** 64-bit integers and decimals as texts: a JSON number would be rounded. */
export function querySettings({ secondsMax, rowsMax, memoryBytesMax, threadsMax }: GivenLimits): Settings {
  return {
    output_format_json_quote_64bit_integers: 1,
    output_format_json_quote_decimals: 1,
    max_execution_time: secondsMax,
    max_result_rows: rowsMax,
    result_overflow_mode: "throw",
    ...(memoryBytesMax === undefined ? {} : { max_memory_usage: memoryBytesMax }),
    ...(threadsMax === undefined ? {} : { max_threads: threadsMax }),
  };
}

type GivenLimits = QueryLimits & Required<Pick<QueryLimits, "secondsMax" | "rowsMax">>;

const PLACEHOLDER = /\{(\w+):[^}]+\}/g;

/** Every parameter has its place, every place its parameter, and the adapter's own clauses are left to it. */
export function checkStatement(sql: string, parameters: Parameters): void {
  const wanted = new Set([...sql.matchAll(PLACEHOLDER)].map(([, name]) => name!));
  for (const name of wanted) if (!Object.hasOwn(parameters, name)) throw refused(`no value for {${name}:…}`);
  for (const name of Object.keys(parameters))
    if (!wanted.has(name)) throw refused(`no place {${name}:Type} for a value that was given`);
  if (/\bFORMAT\s+\w+\s*;?\s*$/i.test(sql)) throw refused("FORMAT is the adapter's to add");
}

/** The name stands in the statement as it is. */
export function checkTable(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw refused("a table's name is letters, digits and underscores");
}

/** Parts of a nested column have a point in their name. */
export function checkColumn(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_.]*$/.test(name))
    throw refused("a column's name is letters, digits, underscores and points");
}

/** The statement of a Native block, up to where its rows come from: columns are named, since a block may lack some. */
export function insertOf(table: string, { columns }: NativeBlock): string {
  return `INSERT INTO ${table} (${columns.map(({ name }) => `\`${name}\``).join(", ")})`;
}

/** The head of an insert of selected rows. */
export function insertFromOf({ table, columns }: InsertFrom): string {
  return `INSERT INTO ${table} (${columns.map((name) => `\`${name}\``).join(", ")})`;
}

function refused(problem: string): AnalyticsError {
  return new AnalyticsError("REFUSED", `a statement of the program: ${problem}`);
}
