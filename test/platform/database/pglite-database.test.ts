import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { type OpenDatabase, storableText } from "../../../platform/database/database.js";
import { insertMissing } from "../../../platform/database/insert-rows.js";
import { migrate } from "../../../platform/database/migrations.js";
import { takeOwnerFile } from "../../../platform/database/pglite/owner-file.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";

interface Tables {
  readonly notes: { readonly id: number; readonly text: string };
}

const folder = mkdtempSync(join(tmpdir(), "kadun-database-"));
const path = join(folder, "postgres");
let open: OpenDatabase;
let database: Kysely<Tables>;

beforeAll(async () => {
  // What a process left that was killed while it made the folder.
  mkdirSync(`${path}.new/base`, { recursive: true });
  writeFileSync(`${path}.new/PG_VERSION`, "half");
  open = await openPgliteDatabase({ path });
  database = new Kysely<Tables>({ dialect: open.dialect });
  await sql`create table notes (id bigint primary key, text text not null)`.execute(database);
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a database in process", () => {
  it("gives bigint as number, timestamptz as Date, jsonb parsed, and refuses what a number cannot hold", async () => {
    const { rows } =
      await sql`select ${2 ** 47}::bigint as money, '2026-03-01T10:00:00.123+08:00'::timestamptz as at,
      ${'{"a":[1]}'}::text::jsonb as json, count(*) as count from notes`.execute(database);
    expect(rows).toEqual([
      { money: 2 ** 47, at: new Date("2026-03-01T02:00:00.123Z"), json: { a: [1] }, count: 0 },
    ]);
    await expect(sql`select 9007199254740993::bigint`.execute(database)).rejects.toThrow("beyond 2^53");
  });

  it("rolls back a transaction that throws, and goes on", async () => {
    const failing = database.transaction().execute(async (trx) => {
      await trx.insertInto("notes").values({ id: 1, text: "lost" }).execute();
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await database.selectFrom("notes").selectAll().execute()).toEqual([]);
  });

  it("never mixes a transaction with statements of another Kysely instance", async () => {
    const other = new Kysely<Tables>({ dialect: open.dialect });
    let asked: Promise<unknown> = Promise.resolve();
    const failing = database.transaction().execute(async (trx) => {
      await trx.insertInto("notes").values({ id: 2, text: "lost" }).execute();
      asked = other.insertInto("notes").values({ id: 3, text: "kept" }).execute();
      await trx.insertInto("notes").values({ id: 4, text: "lost" }).execute();
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    await asked;
    expect(await database.selectFrom("notes").select("id").execute()).toEqual([{ id: 3 }]);
    await database.deleteFrom("notes").execute();
  });

  it("says what PostgreSQL refused without the values of the statement", async () => {
    const secret = "13812341234";
    await database.insertInto("notes").values({ id: 5, text: "first" }).execute();
    const failed = database.insertInto("notes").values({ id: 5, text: secret }).execute();
    const error = await failed.then(
      () => null,
      (error: unknown) => error,
    );
    expect(error).toMatchObject({
      name: "DatabaseError",
      code: "QUERY_FAILED",
      sqlState: "23505",
      retryable: true,
    });
    expect(JSON.stringify({ ...(error as object), stack: (error as Error).stack })).not.toContain(secret);
    await database.deleteFrom("notes").execute();
  });

  it("inserts what is missing of many rows and keeps what is there", async () => {
    const columns = { id: "bigint", text: "text" } as const;
    const rows = [
      { id: 1, text: "a" },
      { id: 2, text: "'; drop table notes; --" },
      { id: 2, text: "twice" },
    ];
    expect(await insertMissing(database, "notes", columns, rows)).toBe(2);
    expect(await insertMissing(database, "notes", columns, [{ id: 1, text: "new" }])).toBe(0);
    expect(await insertMissing(database, "notes", columns, [])).toBe(0);
    expect(await database.selectFrom("notes").select("text").orderBy("id").execute()).toEqual([
      { text: "a" },
      { text: "'; drop table notes; --" },
    ]);
    await database.deleteFrom("notes").execute();
  });

  it.each([
    ["plain 中文 𠮷", "plain 中文 𠮷"],
    ["a\u0000b", "a\\u0000b"],
    ["\ud83d and \ude00", "\\ud83d and \\ude00"],
  ])("stores %j as %j", async (text, stored) => {
    expect(storableText(text)).toBe(stored);
    await insertMissing(database, "notes", { id: "bigint", text: "text" }, [{ id: 7, text }]);
    expect(await database.selectFrom("notes").select("text").execute()).toEqual([{ text: stored }]);
    await database.deleteFrom("notes").execute();
  });

  it("is refused to a second opener while the first has it", async () => {
    await expect(openPgliteDatabase({ path })).rejects.toMatchObject({
      code: "LOCKED",
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it("left nothing of the half-made folder", () => {
    expect(existsSync(`${path}.new`)).toBe(false);
  });
});

describe("migrations", () => {
  let round = 0;
  const migrations = (files: Readonly<Record<string, string>>) => {
    const at = join(folder, `migrations-${round++}`);
    mkdirSync(at);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(at, name), text);
    return migrate(open.dialect, at);
  };
  const first = { "001-first.sql": "create table one (a int); -- several\ninsert into one values (1);" };
  const second = { "002-second.sql": "alter table one add column b int;" };

  it("are applied in order, once", async () => {
    expect(await migrations(first)).toEqual(["001-first.sql"]);
    expect(await migrations({ ...second, ...first })).toEqual(["002-second.sql"]);
    expect(await migrations({ ...first, ...second })).toEqual([]);
    const crlf = { "001-first.sql": first["001-first.sql"].replaceAll("\n", "\r\n") };
    expect(await migrations({ ...crlf, ...second })).toEqual([]);
  });

  it("that were changed, or applied by a newer release, are refused", async () => {
    await expect(migrations({ ...first, "002-second.sql": "select 1;" })).rejects.toMatchObject({
      code: "MIGRATION_CHANGED",
      message: expect.stringContaining("002-second.sql"),
    });
    await expect(migrations(first)).rejects.toMatchObject({ code: "MIGRATION_NEWER" });
  });

  it("with a gap or a wrong name are refused", async () => {
    await expect(migrations({ ...first, "003-third.sql": "" })).rejects.toMatchObject({
      code: "MIGRATION_MISSING",
    });
    await expect(migrations({ "1-first.sql": "" })).rejects.toMatchObject({ code: "MIGRATION_MISSING" });
  });

  it("that fail leave nothing of all that were missing", async () => {
    const files = {
      ...first,
      ...second,
      "003-good.sql": "create table three ();",
      "004-bad.sql": "create tabel four ();",
    };
    await expect(migrations(files)).rejects.toMatchObject({
      code: "MIGRATION_FAILED",
      message: expect.stringContaining("004-bad.sql"),
    });
    const { rows } = await sql`select to_regclass('three') as three`.execute(database);
    expect(rows).toEqual([{ three: null }]);
  });
});

describe("the owner file", () => {
  const file = join(folder, "some.owner");

  it("is taken over from a process that ended, also where its number is in use again", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    for (const ended of [`${pid} 1`, `${process.pid} 1`, "", "x"]) {
      writeFileSync(file, ended);
      const giveUp = takeOwnerFile(file);
      expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^${process.pid} \\d+$`));
      giveUp();
      expect(existsSync(file)).toBe(false);
    }
  });

  it("is refused while its owner runs, and stays", () => {
    const giveUp = takeOwnerFile(file);
    expect(() => takeOwnerFile(file)).toThrow("is in use by process");
    expect(existsSync(file)).toBe(true);
    giveUp();
  });
});
