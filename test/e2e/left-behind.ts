/** Everything a stopped Kadun left: its files as bytes, its rows and log records as text. */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Kysely, sql } from "kysely";
import { pathsOf } from "../../cli/embedded/paths.js";
import { openChdbDatabase } from "../../platform/analytics/chdb/chdb-database.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";

export interface Left {
  readonly name: string;
  readonly bytes: Buffer;
}

/** All files below, without those that the paths name. */
export function* filesIn(folder: string, without: readonly string[]): Generator<Left> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const isLeftOut = without.some((each) => path === each || path.startsWith(`${each}/`));
    if (entry.isFile() && !isLeftOut) yield { name: relative(folder, path), bytes: readFileSync(path) };
  }
}

/** Files of the column database are compressed: only its rows show what it holds. */
export async function analyticsRows(dataDirectory: string): Promise<Left[]> {
  const database = await openChdbDatabase({ directory: pathsOf(dataDirectory).analytics });
  try {
    const tables = await database.query("SELECT name FROM system.tables WHERE database = currentDatabase()");
    const left: Left[] = [];
    for (const { name } of tables) {
      const rows = await database.query("SELECT * FROM {table:Identifier}", { table: String(name) });
      left.push({ name: `analytics table ${name}`, bytes: Buffer.from(JSON.stringify(rows)) });
    }
    return left;
  } finally {
    await database.close();
  }
}

/** Long texts are compressed in the database's files. */
export async function databaseRows(dataDirectory: string): Promise<Left[]> {
  const database = await openPgliteDatabase({ path: pathsOf(dataDirectory).database });
  try {
    const kysely = new Kysely<unknown>({ dialect: database.dialect });
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'public'
    `.execute(kysely);
    const left: Left[] = [];
    for (const { name } of tables) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(kysely);
      left.push({ name: `database table ${name}`, bytes: Buffer.from(JSON.stringify(rows)) });
    }
    return left;
  } finally {
    await database.close();
  }
}
