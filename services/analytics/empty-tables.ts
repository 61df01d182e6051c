/**
 * Empties the analytics database: all tables and views of ours go, and come again with the next migration. Everything in
 * them is made from the logs.
 *
 * 1. Killed in between, every table is as it was or gone, and its consumer goes on from its own rows: nothing is half. A
 *    mark says that the rest is still to go.
 * 2. The list of migrations goes first: whoever starts meanwhile makes what is missing.
 * 3. No writer of this database may run: it believes to know where its rows end.
 */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { Migration } from "./migrations.js";
import { integerIn } from "./row-values.js";

const MIGRATIONS_TABLE = "schema_migrations";
/** There while tables are going, or are not full yet. */
const EMPTYING = "rebuild_emptying";
const FILLING = "rebuild_filling";
const MADE =
  /CREATE\s+(?:OR\s+REPLACE\s+)?(MATERIALIZED VIEW|VIEW|DICTIONARY|TABLE)\s+(?:IF\s+NOT\s+EXISTS\s+)?([A-Za-z_]\w*)/gi;

export type RebuildPhase = "emptying" | "filling";

/** What a rebuild that was begun still has to do; null where none is under way. */
export async function analyticsRebuild(database: AnalyticsDatabase): Promise<RebuildPhase | null> {
  if (await hasTable(database, EMPTYING)) return "emptying";
  return (await hasTable(database, FILLING)) ? "filling" : null;
}

/** @throws AnalyticsError. */
export async function emptyAnalytics(
  database: AnalyticsDatabase,
  migrations: readonly Migration[],
): Promise<void> {
  await database.run(markOf(EMPTYING));
  for (const statement of dropsOf(migrations)) await database.run(statement);
  await database.run(markOf(FILLING));
  await database.run(`DROP TABLE IF EXISTS ${EMPTYING} SYNC`);
}

/** All is there again. */
export async function endAnalyticsRebuild(database: AnalyticsDatabase): Promise<void> {
  await database.run(`DROP TABLE IF EXISTS ${FILLING} SYNC`);
}

/** What reads from others goes before them: the last made first. Exported for its test. */
export function dropsOf(migrations: readonly Migration[]): readonly string[] {
  const made = migrations.flatMap(({ statements }) =>
    statements.flatMap((statement) =>
      [...statement.matchAll(MADE)].map(([, kind, name]) => ({ kind, name })),
    ),
  );
  const drops = made.reverse().map(({ kind, name }) => {
    const what = kind!.toUpperCase().replace("MATERIALIZED ", "");
    return `DROP ${what} IF EXISTS ${name}${what === "DICTIONARY" ? "" : " SYNC"}`;
  });
  return [`DROP TABLE IF EXISTS ${MIGRATIONS_TABLE} SYNC`, ...drops];
}

function markOf(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (sinceIt UInt8) ENGINE = MergeTree ORDER BY tuple()`;
}

async function hasTable(database: AnalyticsDatabase, table: string): Promise<boolean> {
  const [row] = await database.query(
    "SELECT count() AS found FROM system.tables WHERE database = currentDatabase() AND name = {table:String}",
    { table },
  );
  return integerIn(row!, "found") > 0;
}
