import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { fillRows } from "../../bench/console/fill-rows.js";
import { dropsOf } from "../../services/analytics/empty-tables.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";
import { MIGRATIONS_DIRECTORY, type ScratchDatabase, scratchDatabase } from "./scratch-database.js";

const ROWS = 20_000;

describe("migrations of the analytics database", () => {
  let scratch: ScratchDatabase;
  const folders: string[] = [];
  beforeAll(async () => {
    scratch = await scratchDatabase();
  });
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
    await scratch.database.run("DROP TABLE IF EXISTS schema_migrations");
    for (const name of ["a", "b"]) await scratch.database.run(`DROP TABLE IF EXISTS ${name}`);
  });
  afterAll(() => scratch.remove());

  const folderWith = async (files: Readonly<Record<string, string>>) => {
    const folder = await mkdtemp(join(tmpdir(), "kadun-migrations-"));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return folder;
  };
  const table = (name: string) =>
    `-- a comment; with a semicolon\nCREATE TABLE IF NOT EXISTS ${name} (x UInt8)\nENGINE = Memory;\n`;
  const migrateWith = async (files: Readonly<Record<string, string>>) =>
    migrate(scratch.database, await readMigrations(await folderWith(files)), () => 1_700_000_000_000);

  test("the program's own files make tables and views that can be queried, and are applied once", async () => {
    const migrations = await readMigrations(MIGRATIONS_DIRECTORY);
    const all = migrations.map(({ version }) => version);
    expect(await migrate(scratch.database, migrations, () => 0)).toEqual(all);
    expect(await migrate(scratch.database, migrations, () => 0)).toEqual([]);
    for (const name of [
      "journal_records",
      "outcomes",
      "swipes",
      "decisions",
      "revisions",
      "transitions",
      "duplicates",
      "refusals",
      "effective_decisions",
    ])
      expect(await scratch.database.query(`SELECT count() AS rows FROM ${name}`)).toEqual([{ rows: "0" }]);
  });

  test("rows that lie in long granules are all there in tables with short ones, also where the change was cut off and begun again", async () => {
    const migrations = await readMigrations(MIGRATIONS_DIRECTORY);
    const short = migrations.find(({ name }) => name === "011-short-granules.sql")!;
    await migrate(
      scratch.database,
      migrations.filter(({ version }) => version < short.version),
      () => 0,
    );
    await fillRows(scratch.database, { decisions: ROWS, seed: 1 });
    for (const done of short.statements.keys())
      for (const statement of short.statements.slice(0, done + 1)) await scratch.database.run(statement);
    await migrate(scratch.database, migrations, () => 0);
    for (const table of ["journal_records", "outcomes"]) {
      const [row] = await scratch.database.query(
        `SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(eventId)) AS events FROM ${table}`,
      );
      expect({ table, ...row }).toEqual({ table, rows: ROWS, events: ROWS });
      await scratch.database.run(`OPTIMIZE TABLE ${table} FINAL`);
      const [read] = await scratch.database.query(
        "SELECT toFloat64(max(rows / marks)) AS perGranule FROM system.parts WHERE active AND table = {table:String}",
        { table },
      );
      expect(Number(read!.perGranule)).toBeLessThanOrEqual(1024);
    }
    for (const statement of dropsOf(migrations)) await scratch.database.run(statement);
  });

  test("a file that was added later is applied alone", async () => {
    expect(await migrateWith({ "001-a.sql": table("a") })).toEqual([1]);
    expect(await migrateWith({ "001-a.sql": table("a"), "002-b.sql": table("b") })).toEqual([2]);
    expect(
      await scratch.database.query(
        "SELECT version, toUnixTimestamp64Milli(appliedAt) AS ms FROM schema_migrations ORDER BY version",
      ),
    ).toEqual([
      { version: 1, ms: "1700000000000" },
      { version: 2, ms: "1700000000000" },
    ]);
  });

  test("a file that stopped half-way is applied again from its beginning", async () => {
    const broken = `${table("a")}CREATE TABLE b (x Nonsense) ENGINE = Memory;\n`;
    await expect(migrateWith({ "001-a.sql": broken })).rejects.toMatchObject({ name: "AnalyticsError" });
    expect(await migrateWith({ "001-a.sql": table("a") + table("b") })).toEqual([1]);
  });

  test("a file changed after it was applied stops the start and is named", async () => {
    await migrateWith({ "001-a.sql": table("a") });
    await expect(migrateWith({ "001-a.sql": `${table("a")}\n` })).rejects.toMatchObject({
      code: "MIGRATION_CHANGED",
      message: expect.stringMatching(
        /^migration 001-a\.sql was applied as [0-9a-f]{12} and is now [0-9a-f]{12}: restore/,
      ),
    });
  });

  test("a database of a newer program stops the start", async () => {
    await migrateWith({ "001-a.sql": table("a"), "002-b.sql": table("b") });
    await expect(migrateWith({ "001-a.sql": table("a") })).rejects.toMatchObject({
      code: "SCHEMA_NEWER",
      message:
        "the analytics database has migration 002-b.sql, this program knows 1: install the newer release",
    });
  });

  test.each([
    ["a gap in the numbers", { "001-a.sql": "", "003-c.sql": "" }],
    ["a number that occurs twice", { "001-a.sql": "", "001-b.sql": "" }],
    ["a name that is none", { "first.sql": "" }],
    ["no file at all", {}],
  ])("%s is refused before anything is applied", async (_, files) => {
    await expect(readMigrations(await folderWith(files))).rejects.toMatchObject({ code: "FILES_INVALID" });
  });
});
