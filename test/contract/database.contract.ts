/** What every database does (platform/database/database.ts), as tests. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { type OpenDatabase, storableText } from "../../platform/database/database.js";
import { insertMissing } from "../../platform/database/insert-rows.js";
import { migrate } from "../../platform/database/migrations.js";
import { Behaviours, type Deviations } from "./behaviours.js";

/** One database, empty at first. */
export interface StoredDatabase {
  /** Opens it; the one opened before is closed. */
  open(): Promise<OpenDatabase>;
  remove(): Promise<void>;
}

export interface DatabaseHarness {
  create(): Promise<StoredDatabase>;
  readonly deviations?: Deviations;
}

interface Tables {
  readonly notes: { readonly id: number; readonly text: string };
}

const running = () => new AbortController().signal;

export function describeDatabase(name: string, harness: DatabaseHarness): void {
  describe(`${name} is a database`, () => {
    const behaviours = new Behaviours(harness.deviations);
    const { behaviour } = behaviours;
    let stored: StoredDatabase;
    let open: OpenDatabase;
    let database: Kysely<Tables>;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "kadun-migrations-"));
      stored = await harness.create();
      await reopen();
      await sql`create table notes (id bigint primary key, text text not null)`.execute(database);
    });
    afterAll(async () => {
      await open.close();
      await stored.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    async function reopen(): Promise<void> {
      open = await stored.open();
      database = new Kysely<Tables>({ dialect: open.dialect });
    }
    const write = (id: number, text: string) => database.insertInto("notes").values({ id, text }).execute();
    const notes = () => database.selectFrom("notes").selectAll().orderBy("id").execute();
    const empty = () => database.deleteFrom("notes").execute();

    behaviour(
      "gives bigint as number, numeric as string, timestamptz as Date, jsonb parsed, bytea as bytes",
      async () => {
        const { rows } =
          await sql`select ${2 ** 47}::bigint as money, -5::bigint as less, '2026-03-01T10:00:00.123+08:00'::timestamptz as at,
          ${'{"a":[1]}'}::text::jsonb as json, count(*) as count, '1.50'::numeric as rate, null::bigint as nothing
          from notes`.execute(database);
        expect(rows).toEqual([
          {
            money: 2 ** 47,
            less: -5,
            at: new Date("2026-03-01T02:00:00.123Z"),
            json: { a: [1] },
            count: 0,
            rate: "1.50",
            nothing: null,
          },
        ]);
        const bytes = await sql<{
          given: Uint8Array;
        }>`select ${Buffer.from([0, 255, 92])}::bytea as given`.execute(database);
        expect([...bytes.rows[0]!.given]).toEqual([0, 255, 92]);
      },
    );

    behaviour("refuses a bigint that a number cannot hold, and goes on", async () => {
      const beyond = sql`select 9007199254740993::bigint`.execute(database);
      await expect(beyond).rejects.toMatchObject({
        name: "DatabaseError",
        code: "QUERY_FAILED",
        message: expect.stringContaining("beyond 2^53"),
      });
      expect((await sql`select ${1}::bigint as one`.execute(database)).rows).toEqual([{ one: 1 }]);
    });

    behaviour("keeps an instant given as a Date", async () => {
      const at = new Date("2026-03-01T02:00:00.123Z");
      const { rows } = await sql`select ${at}::timestamptz as at`.execute(database);
      expect(rows).toEqual([{ at }]);
    });

    behaviour("rolls back a transaction that throws, and goes on", async () => {
      const failing = database.transaction().execute(async (trx) => {
        await trx.insertInto("notes").values({ id: 1, text: "lost" }).execute();
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await notes()).toEqual([]);
    });

    behaviour("rolls back a transaction with a refused statement, and says what was refused", async () => {
      const failing = database.transaction().execute(async (trx) => {
        await trx.insertInto("notes").values({ id: 1, text: "lost" }).execute();
        await sql`select * from nowhere`.execute(trx);
      });
      await expect(failing).rejects.toMatchObject({ sqlState: "42P01" });
      expect(await notes()).toEqual([]);
    });

    behaviour("never mixes a transaction with statements of another Kysely instance", async () => {
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
      await other.destroy();
      expect(await database.selectFrom("notes").select("id").execute()).toEqual([{ id: 3 }]);
      await empty();
    });

    behaviour("says what was refused without the values of the statement", async () => {
      const secret = "13812341234";
      await write(5, "first");
      const twice = await errorOf(write(5, secret));
      expect(twice).toMatchObject({
        name: "DatabaseError",
        code: "QUERY_FAILED",
        sqlState: "23505",
        retryable: false,
      });
      const unsuitable = await errorOf(sql`select ${`x${secret}`}::text::bigint`.execute(database));
      expect(unsuitable).toMatchObject({ code: "QUERY_FAILED", sqlState: "22P02", retryable: false });
      for (const error of [twice, unsuitable]) expect(everythingIn(error)).not.toContain(secret);
      await empty();
    });

    behaviour(
      "takes several statements at once, all of them or none, and gives the rows of the last",
      async () => {
        const several = sql.raw(
          "insert into notes values (1, 'a;b'); -- a remark; no more\ninsert into notes values (2, 'c'); select id from notes order by id",
        );
        expect((await several.execute(database)).rows).toEqual([{ id: 1 }, { id: 2 }]);
        const half = sql.raw("insert into notes values (3, 'lost'); insert into notes values (1, 'twice')");
        await expect(half.execute(database)).rejects.toMatchObject({ sqlState: "23505" });
        expect((await notes()).map(({ id }) => id)).toEqual([1, 2]);
        await empty();
      },
    );

    behaviour("counts the rows that a statement changed", async () => {
      await write(1, "a");
      await write(2, "b");
      const { numUpdatedRows } = await database
        .updateTable("notes")
        .set({ text: "c" })
        .executeTakeFirstOrThrow();
      expect(numUpdatedRows).toBe(2n);
      await empty();
    });

    behaviour("inserts what is missing of many rows and keeps what is there", async () => {
      const columns = { id: "bigint", text: "text" } as const;
      const rows = [
        { id: 1, text: "a" },
        { id: 2, text: "'; drop table notes; --" },
        { id: 2, text: "twice" },
      ];
      expect(await insertMissing(database, "notes", columns, rows)).toBe(2);
      expect(await insertMissing(database, "notes", columns, [{ id: 1, text: "new" }])).toBe(0);
      expect(await insertMissing(database, "notes", columns, [])).toBe(0);
      expect((await notes()).map(({ text }) => text)).toEqual(["a", "'; drop table notes; --"]);
      await empty();
    });

    for (const [text, kept] of [
      ["plain 中文 𠮷", "plain 中文 𠮷"],
      ["a\u0000b", "a\\u0000b"],
      ["a\\u0000b \\ud83d", "a\\u0000b \\ud83d"],
      ["\ud83d and \ude00", "\\ud83d and \\ude00"],
    ] as const)
      behaviour(`stores ${JSON.stringify(text)} as ${JSON.stringify(kept)}`, async () => {
        expect(storableText(text)).toBe(kept);
        await insertMissing(database, "notes", { id: "bigint", text: "text" }, [{ id: 7, text }]);
        expect((await notes()).map((note) => note.text)).toEqual([kept]);
        await empty();
      });

    behaviour("keeps what was committed over closing and opening", async () => {
      await write(1, "kept");
      await open.close();
      await reopen();
      expect(await notes()).toEqual([{ id: 1, text: "kept" }]);
      await empty();
    });

    behaviour("alone runs one after another under one name, beside each other under two", async () => {
      const order: string[] = [];
      let end = () => {};
      const begun = deferred();
      const first = open.alone("a", running(), async () => {
        order.push("first");
        begun.resolve();
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        order.push("first ended");
      });
      await begun.promise;
      const second = open.alone("a", running(), async () => {
        order.push("second");
      });
      await open.alone("b", running(), async () => {
        order.push("other");
      });
      end();
      await Promise.all([first, second]);
      expect(order).toEqual(["first", "other", "first ended", "second"]);
    });

    behaviour("alone gives up its turn after an error, and waits no longer than its signal", async () => {
      await expect(
        open.alone("a", running(), async () => {
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
      const stop = new AbortController();
      const held = open.alone("a", stop.signal, (signal) => abortOf(signal));
      const impatient = new AbortController();
      const waiting = open.alone("a", impatient.signal, async () => {
        throw new Error("ran out of turn");
      });
      impatient.abort();
      await waiting;
      stop.abort();
      await held;
      let ran = false;
      await open.alone("a", running(), async () => {
        ran = true;
      });
      expect(ran).toBe(true);
    });

    behaviour("statements go on while something runs alone", async () => {
      await open.alone("a", running(), async () => {
        await write(1, "inside");
        await database.transaction().execute((trx) => trx.deleteFrom("notes").execute());
      });
      expect(await notes()).toEqual([]);
    });

    behaviour(
      "close ends what runs alone and waits for the transaction under way; then all is CLOSED",
      async () => {
        const begun = deferred();
        const transaction = database.transaction().execute(async (trx) => {
          await trx.insertInto("notes").values({ id: 1, text: "first" }).execute();
          begun.resolve();
          await trx.insertInto("notes").values({ id: 2, text: "second" }).execute();
        });
        const alone = open.alone("a", running(), (signal) => abortOf(signal));
        await begun.promise;
        const { dialect } = open;
        await Promise.all([open.close(), open.close()]);
        await Promise.all([transaction, alone]);
        const late = new Kysely<Tables>({ dialect }).selectFrom("notes").selectAll().execute();
        await expect(late).rejects.toMatchObject({ name: "DatabaseError", code: "CLOSED" });
        await expect(open.alone("a", running(), async () => {})).rejects.toMatchObject({ code: "CLOSED" });
        await reopen();
        expect((await notes()).map(({ id }) => id)).toEqual([1, 2]);
        await empty();
      },
    );

    let round = 0;
    const migrations = (files: Readonly<Record<string, string>>) => {
      const at = join(folder, String(round++));
      mkdirSync(at);
      for (const [name, text] of Object.entries(files)) writeFileSync(join(at, name), text);
      return migrate(open.dialect, at);
    };
    const first = { "001-first.sql": "create table one (a int); -- several\ninsert into one values (1);" };
    const second = { "002-second.sql": "alter table one add column b int;" };

    behaviour("migrations are applied in order, once", async () => {
      expect(await migrations(first)).toEqual(["001-first.sql"]);
      expect(await migrations({ ...second, ...first })).toEqual(["002-second.sql"]);
      expect(await migrations({ ...first, ...second })).toEqual([]);
      const crlf = { "001-first.sql": first["001-first.sql"].replaceAll("\n", "\r\n") };
      expect(await migrations({ ...crlf, ...second })).toEqual([]);
    });

    behaviour("migrations that were changed, or applied by a newer release, are refused", async () => {
      await expect(migrations({ ...first, "002-second.sql": "select 1;" })).rejects.toMatchObject({
        code: "MIGRATION_CHANGED",
        message: expect.stringContaining("002-second.sql"),
      });
      await expect(migrations(first)).rejects.toMatchObject({
        code: "MIGRATION_NEWER",
        message:
          "the database holds migration 002-second.sql, this program knows 1: install the newer release",
      });
    });

    behaviour("migrations with a gap or a wrong name are refused", async () => {
      await expect(migrations({ ...first, "003-third.sql": "" })).rejects.toMatchObject({
        code: "MIGRATION_MISSING",
      });
      await expect(migrations({ "1-first.sql": "" })).rejects.toMatchObject({ code: "MIGRATION_MISSING" });
    });

    behaviour("migrations that fail leave nothing of all that were missing", async () => {
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
      const { rows } = await sql`select to_regclass('three')::text as three`.execute(database);
      expect(rows).toEqual([{ three: null }]);
    });

    behaviour("migrations asked for by several at once are applied by one, the others wait", async () => {
      const files = { ...first, ...second, "003-slow.sql": "create table slow (); select pg_sleep(0.1);" };
      const applied = await Promise.all([migrations(files), migrations(files), migrations(files)]);
      expect(applied.flat()).toEqual(["003-slow.sql"]);
    });

    behaviours.checkDeviations();
  });
}

async function errorOf(failing: Promise<unknown>): Promise<unknown> {
  return failing.then(
    () => null,
    (error: unknown) => error,
  );
}

/** Also what an error carries along and what a logger might write of it. */
function everythingIn(error: unknown): string {
  const { message, stack, cause } = error as Error;
  return JSON.stringify({
    ...(error as object),
    message,
    stack,
    cause: cause === undefined ? null : String(cause),
  });
}

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

async function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
