/** A database in process has its tables vacuumed and analyzed as a server's are: those that have grown or hold dead rows. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { vacuumDue } from "../../../platform/database/pglite/routine-vacuum.js";
import { newDatabase } from "../../support/new-database.js";

const ROWS = 20_000;

let folder: string;
let database: OpenDatabase;
let tables: Kysely<unknown>;
let added = 0;
beforeEach(async () => {
  added = 0;
  folder = mkdtempSync(join(tmpdir(), "kadun-vacuum-"));
  database = await openPgliteDatabase({ path: await newDatabase(join(folder, "postgres")) });
  tables = new Kysely<unknown>({ dialect: database.dialect });
  await sql`create table events (id integer primary key, kind integer); create table few (id integer)`.execute(
    tables,
  );
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(rows: number): Promise<unknown> {
  const first = added + 1;
  added += rows;
  return sql`insert into events select i, i % 3 from generate_series(${sql.lit(first)}, ${sql.lit(added)}) i`.execute(
    tables,
  );
}

async function one<Row>(query: string): Promise<Row> {
  const { rows } = await sql.raw<Row>(query).execute(tables);
  return rows[0]!;
}

it("a table has its turn when it has grown by half, and then not again", async () => {
  await add(ROWS);
  await sql`insert into few values (1)`.execute(tables);
  expect(await vacuumDue(tables)).toEqual(["events"]);
  const known = "select n_distinct from pg_stats where tablename = 'events' and attname = 'kind'";
  expect(await one(known)).toEqual({ n_distinct: 3 });
  const visible = "select relallvisible = relpages as all from pg_class where relname = 'events'";
  expect(await one(visible)).toEqual({ all: true });
  expect(await vacuumDue(tables)).toEqual([]);
  await add(ROWS / 4);
  expect(await vacuumDue(tables)).toEqual([]);
  await add(ROWS);
  expect(await vacuumDue(tables)).toEqual(["events"]);
});

it("a table whose rows change again and again does not grow without end", async () => {
  await add(ROWS);
  await vacuumDue(tables);
  const pages = "select pg_relation_size('events') / current_setting('block_size')::integer as pages";
  const change = () => sql`update events set kind = kind + 1`.execute(tables);
  await change();
  expect(await vacuumDue(tables)).toEqual(["events"]);
  const { pages: after } = await one<{ pages: number }>(pages);
  for (let again = 0; again < 3; again++) {
    await change();
    expect(await vacuumDue(tables)).toEqual(["events"]);
  }
  const { pages: last } = await one<{ pages: number }>(pages);
  expect(last).toBeLessThan(1.1 * after);
});

it("a few dead rows of many wait for more", async () => {
  await add(ROWS);
  await vacuumDue(tables);
  await sql`update events set kind = 9 where id <= ${sql.lit(ROWS / 10)}`.execute(tables);
  expect(await vacuumDue(tables)).toEqual([]);
  await sql`delete from events where id > ${sql.lit(ROWS - ROWS / 8)}`.execute(tables);
  expect(await vacuumDue(tables)).toEqual(["events"]);
});
