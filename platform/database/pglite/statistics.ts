/**
 * What the planner knows of tables and of the machine. A server learns it by itself (autovacuum); PGlite has one process and nobody who does it, and a
 * planner that knows nothing takes every table for a small one and reads it whole.
 *
 * 1. A table is looked at when it is half as large again as when it was looked at last: some twenty times in its life.
 * 2. One after the other, each some ten milliseconds; between two of them others have their turn.
 */

import { type Kysely, sql } from "kysely";

/** A table of fewer pages is read at once however it is read. */
const PAGES_MIN = 30;
const GROWN = 1.5;
/** Of each table 300 times as many rows are read: 6,000, some ten milliseconds. Of a server it is 100. */
const TARGET = 20;
/** Against 1 for one that follows: pages come from memory. PostgreSQL's 4 is a turning disk's, and reads a table rather than an index. */
const RANDOM_PAGE_COST = 1.1;
/** The statement that looks for tables costs less than a millisecond. */
const EVERY_MS = 600_000;

/** @returns the tables that were looked at. @throws DatabaseError. */
export async function analyzeGrown<Tables>(database: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace
      and pg_relation_size(oid) / current_setting('block_size')::integer > ${sql.lit(GROWN)} * greatest(relpages, 0) + ${sql.lit(PAGES_MIN)}
    order by relname`.execute(database);
  await sql
    .raw(`set default_statistics_target = ${TARGET}; set random_page_cost = ${RANDOM_PAGE_COST}`)
    .execute(database);
  for (const { name } of rows) await sql`analyze ${sql.table(name)}`.execute(database);
  return rows.map(({ name }) => name);
}

/** Now and from time to time. @returns what ends it. */
export function keepAnalyzed<Tables>(database: Kysely<Tables>): () => void {
  // A database that was closed meanwhile says so; what was not looked at is found the next time.
  const analyze = () => void analyzeGrown(database).catch(() => {});
  const timer = setInterval(analyze, EVERY_MS);
  timer.unref();
  analyze();
  return () => clearInterval(timer);
}
