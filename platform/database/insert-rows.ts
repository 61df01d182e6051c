/** Many rows in one statement with one parameter: cheaper than a parameter for each value, and the same on a server. */

import { type QueryExecutorProvider, sql } from "kysely";
import { storableText } from "./database.js";

export type ColumnType = "text" | "bigint" | "integer" | "boolean" | "timestamptz" | "jsonb";

/**
 * Inserts what is not there yet (by whatever unique key); existing rows stay as they are.
 * @param columns the table's columns with their types: constants of the program, never from outside.
 * @returns how many were new.
 */
export async function insertMissing<Row extends object>(
  database: QueryExecutorProvider,
  table: string,
  columns: Readonly<Record<keyof Row & string, ColumnType>>,
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const names = Object.keys(columns);
  const list = sql.join(names.map((name) => sql.ref(name)));
  const typed = Object.entries<ColumnType>(columns).map(
    ([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`,
  );
  // json, not jsonb: read once, as it lies there, which is two thirds of the work.
  const { numAffectedRows } = await sql`
    insert into ${sql.table(table)} (${list})
    select ${list} from json_to_recordset(${jsonOf(rows)}::text::json) as given(${sql.join(typed)})
    on conflict do nothing`.execute(database);
  return Number(numAffectedRows ?? 0);
}

/** How JSON writes what PostgreSQL cannot store, and a text that speaks of it. */
const MAYBE_UNSTORABLE = /\\u(?:0000|d[89a-f])/;

function jsonOf(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  if (!MAYBE_UNSTORABLE.test(json)) return json;
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === "string" ? storableText(value) : value,
  );
}
