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
  const json = JSON.stringify(rows, (_, value: unknown) =>
    typeof value === "string" ? storableText(value) : value,
  );
  const { numAffectedRows } = await sql`
    insert into ${sql.table(table)} (${list})
    select ${list} from jsonb_to_recordset(${json}::text::jsonb) as given(${sql.join(typed)})
    on conflict do nothing`.execute(database);
  return Number(numAffectedRows ?? 0);
}
