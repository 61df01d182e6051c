/**
 * What a server's autovacuum does: the planner knows its tables, what rows of before took is used again, an index alone
 * answers where it can. PGlite has one process and nobody who does it: a planner that knows nothing takes every table for a
 * small one and reads it whole, and a table whose rows change grows without end.
 *
 * 1. A table's turn comes when it is half as large again as when it had its last, and when it has as many dead rows as a
 *    server waits for (`autovacuum_vacuum_threshold` and `_scale_factor`). A kill may lose the
 *    count of dead rows: those of before go with the next that are enough, or with the table's growth.
 * 2. One table after the other: nothing else is answered during one, others have their turn between two of them.
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

/** Vacuums and analyzes the tables whose turn it is. @returns their names. @throws DatabaseError. */
export async function vacuumDue<Tables>(database: Kysely<Tables>): Promise<readonly string[]> {
  // Else what the last second changed is not counted yet.
  await sql`select pg_stat_force_next_flush()`.execute(database);
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_stat_user_tables s on s.relid = c.oid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      and (
        pg_relation_size(c.oid) / current_setting('block_size')::integer > ${sql.lit(GROWN)} * greatest(c.relpages, 0) + ${sql.lit(PAGES_MIN)}
        or s.n_dead_tup > current_setting('autovacuum_vacuum_threshold')::bigint
          + current_setting('autovacuum_vacuum_scale_factor')::float8 * greatest(c.reltuples, 0)
      )
    order by c.relname`.execute(database);
  await sql
    .raw(`set default_statistics_target = ${TARGET}; set random_page_cost = ${RANDOM_PAGE_COST}`)
    .execute(database);
  for (const { name } of rows) await sql`vacuum (analyze) ${sql.table(name)}`.execute(database);
  return rows.map(({ name }) => name);
}

/** Now and from time to time. @returns what ends it. */
export function keepVacuumed<Tables>(database: Kysely<Tables>): () => void {
  // A database that was closed meanwhile says so; what was not looked at is found the next time.
  const vacuum = () => void vacuumDue(database).catch(() => {});
  const timer = setInterval(vacuum, EVERY_MS);
  timer.unref();
  vacuum();
  return () => clearInterval(timer);
}
