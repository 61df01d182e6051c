/** A server that goes away and comes back, connections that are cut, a process that holds too much. */

import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../platform/database/database.js";
import {
  openPostgresDatabase,
  type PostgresOptions,
} from "../../platform/database/postgres/postgres-database.js";
import { askSql, runSql } from "../int/temporary-postgres.js";
import { type PostgresServer, startPostgres } from "../support/servers/postgres-server.js";

interface Tables {
  readonly notes: { readonly id: number };
}

let server: PostgresServer;
const opened: OpenDatabase[] = [];
beforeAll(async () => {
  server = await startPostgres();
  await runSql(server.url, "create table notes (id bigint primary key)");
});
beforeEach(() => runSql(server.url, "truncate notes"));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});
afterAll(() => server.close());

async function open(options: Partial<PostgresOptions> = {}) {
  const database = await openPostgresDatabase({ url: server.url, ...options });
  opened.push(database);
  return { database, tables: new Kysely<Tables>({ dialect: database.dialect }) };
}

const ids = async () =>
  (await askSql(server.url, "select id from notes order by id")).map(({ id }) => Number(id));
const others = "pid <> pg_backend_pid() and backend_type = 'client backend'";
const cutAll = () =>
  runSql(server.url, `select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await isTrue()) return;
    await wait(20);
  }
  throw new Error("it did not come true within ten seconds");
}

describe("a PostgreSQL server that fails", () => {
  it("killed and started again, serves the same open database", async () => {
    const { tables } = await open();
    await tables.insertInto("notes").values({ id: 1 }).execute();
    await server.kill();
    const away = { name: "DatabaseError", code: "UNREACHABLE", retryable: true };
    await expect(tables.insertInto("notes").values({ id: 2 }).execute()).rejects.toMatchObject(away);
    await expect(tables.selectFrom("notes").selectAll().execute()).rejects.toMatchObject(away);
    await server.start();
    await tables.insertInto("notes").values({ id: 3 }).execute();
    expect(await ids()).toEqual([1, 3]);
  });

  it("that dies between two statements of a transaction fails the second, and the first is not there", async () => {
    const { tables } = await open();
    const failing = tables.transaction().execute(async (trx) => {
      await trx.insertInto("notes").values({ id: 1 }).execute();
      await server.kill();
      await server.start();
      await trx.insertInto("notes").values({ id: 2 }).execute();
    });
    await expect(failing).rejects.toMatchObject({ code: "UNREACHABLE", retryable: true });
    await tables.insertInto("notes").values({ id: 3 }).execute();
    expect(await ids()).toEqual([3]);
  });

  it("that cuts idle connections and those inside a transaction costs one error and no process", async () => {
    const { tables } = await open();
    const failing = tables.transaction().execute(async (trx) => {
      await trx.insertInto("notes").values({ id: 1 }).execute();
      await tables.selectFrom("notes").selectAll().execute(); // a second connection, which is idle then
      await cutAll();
      await trx.insertInto("notes").values({ id: 2 }).execute();
    });
    await expect(failing).rejects.toMatchObject({ name: "DatabaseError", retryable: true });
    expect(await tables.selectFrom("notes").selectAll().execute()).toEqual([]);
  });

  it("that is paused is not waited for without end", async () => {
    const { tables } = await open({ statementTimeoutMs: 200 });
    await tables.selectFrom("notes").selectAll().execute();
    await server.pause();
    try {
      const failure = tables.insertInto("notes").values({ id: 1 }).execute();
      await expect(failure).rejects.toMatchObject({
        code: "UNREACHABLE",
        message: expect.stringContaining("no answer within 5200 ms"),
      });
    } finally {
      server.resume();
    }
    await tables.insertInto("notes").values({ id: 2 }).execute();
    expect(await ids()).toContain(2);
  });
});

describe("limits", () => {
  it("a statement that takes too long is ended by the server, and may be tried again", async () => {
    const { tables } = await open({ statementTimeoutMs: 100 });
    await expect(sql`select pg_sleep(10)`.execute(tables)).rejects.toMatchObject({
      code: "QUERY_FAILED",
      sqlState: "57014",
      retryable: true,
    });
    expect((await sql`select ${1}::integer as one`.execute(tables)).rows).toEqual([{ one: 1 }]);
  });

  it("who gets no connection is told so", async () => {
    const { tables } = await open({ poolMax: 1, connectTimeoutMs: 100 });
    await tables.transaction().execute(async (trx) => {
      await expect(tables.selectFrom("notes").selectAll().execute()).rejects.toMatchObject({
        code: "QUERY_FAILED",
        retryable: true,
        message: expect.stringContaining("none of 1 connections came free within 100 ms"),
      });
      await trx.insertInto("notes").values({ id: 1 }).execute();
    });
    expect(await ids()).toEqual([1]);
  });

  it("two transactions that wait for each other: one is refused, retryable", async () => {
    const { tables } = await open();
    await runSql(server.url, "insert into notes values (1), (2)");
    let arrived = 0;
    const both = withResolvers();
    const transaction = (first: number, second: number) =>
      tables.transaction().execute(async (trx) => {
        await trx.updateTable("notes").set({ id: first }).where("id", "=", first).execute();
        if (++arrived === 2) both.resolve(undefined);
        await both.promise;
        await trx.updateTable("notes").set({ id: second }).where("id", "=", second).execute();
      });
    const outcomes = await Promise.allSettled([transaction(1, 2), transaction(2, 1)]);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused).toHaveLength(1);
    expect(refused[0]!.reason).toMatchObject({ code: "QUERY_FAILED", sqlState: "40P01", retryable: true });
  });

  it("at most poolMax connections are open", async () => {
    const { tables } = await open({ poolMax: 3 });
    await Promise.all(Array.from({ length: 30 }, () => sql`select pg_sleep(0.005)`.execute(tables)));
    const [row] = await askSql(
      server.url,
      `select count(*)::integer as count from pg_stat_activity where ${others}`,
    );
    expect(row!.count).toBeLessThanOrEqual(3);
  });

  it("close waits for those who wait for a connection, and leaves none", async () => {
    const { database, tables } = await open({ poolMax: 1 });
    await tables.selectFrom("notes").selectAll().execute();
    const writes = [1, 2, 3].map((id) => tables.insertInto("notes").values({ id }).execute());
    await turn(); // now they have asked
    await database.close();
    await Promise.all(writes);
    expect(await ids()).toEqual([1, 2, 3]);
    await until(
      async () => (await askSql(server.url, `select pid from pg_stat_activity where ${others}`)).length === 0,
    );
  });
});

describe("alone over several processes", () => {
  it("the turn of one whose connection was cut is lost, told, and another's", async () => {
    const { database } = await open();
    const { database: other } = await open();
    const never = new AbortController().signal;
    let end = () => {};
    const begun = withResolvers();
    const told = withResolvers();
    const first = database.alone("a", never, async (held) => {
      begun.resolve(undefined);
      held.addEventListener("abort", () => told.resolve(undefined));
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    });
    await begun.promise;
    let ran = false;
    const second = other.alone("a", never, async () => {
      ran = true;
    });
    await runSql(
      server.url,
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted",
    );
    await told.promise;
    await second;
    expect(ran).toBe(true);
    end();
    await first;
  });

  it("the turn is given up where the server no longer answers", async () => {
    const { database } = await open();
    const begunAt = performance.now();
    await database.alone("a", new AbortController().signal, async (held) => {
      const lost = new Promise<void>((resolve) => held.addEventListener("abort", () => resolve()));
      await server.pause();
      await lost;
      server.resume();
    });
    // Asked every 3 s, answered within 5: before the 25 s after which the server takes this process for gone.
    expect(performance.now() - begunAt).toBeLessThan(15_000);
  });

  it("the turn of a killed server's is lost; with the server back it is taken again", async () => {
    const { database } = await open();
    const never = new AbortController().signal;
    await database.alone("a", never, async (held) => {
      const lost = new Promise<void>((resolve) => held.addEventListener("abort", () => resolve()));
      await server.kill();
      await lost;
    });
    await expect(database.alone("a", never, async () => {})).rejects.toMatchObject({
      code: "UNREACHABLE",
      retryable: true,
    });
    await server.start();
    let ran = false;
    await database.alone("a", never, async () => {
      ran = true;
    });
    expect(ran).toBe(true);
  });
});

function withResolvers() {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
