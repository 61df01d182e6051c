/** The planner of a database in process knows its tables: those that have grown are looked at, others are not. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { analyzeGrown } from "../../../platform/database/pglite/statistics.js";
import { newDatabase } from "../../support/new-database.js";

const ROWS = 20_000;

it("a table is looked at when it has grown by half, and then not again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kadun-statistics-"));
  const database = await openPgliteDatabase({ path: await newDatabase(join(folder, "postgres")) });
  try {
    const tables = new Kysely<unknown>({ dialect: database.dialect });
    const add = (rows: number) =>
      sql`insert into events select i, i % 3 from generate_series(1, ${sql.lit(rows)}) i`.execute(tables);
    await sql`create table events (id integer, kind integer); create table few (id integer)`.execute(tables);
    await add(ROWS);
    await sql`insert into few values (1)`.execute(tables);
    expect(await analyzeGrown(tables)).toEqual(["events"]);
    const { rows } = await sql<{ n_distinct: number }>`
      select n_distinct from pg_stats where tablename = 'events' and attname = 'kind'`.execute(tables);
    expect(rows).toEqual([{ n_distinct: 3 }]);
    expect(await analyzeGrown(tables)).toEqual([]);
    await add(ROWS / 4);
    expect(await analyzeGrown(tables)).toEqual([]);
    await add(ROWS);
    expect(await analyzeGrown(tables)).toEqual(["events"]);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 30_000);
