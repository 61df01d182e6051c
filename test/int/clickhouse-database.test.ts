/** The adapter's own: what it says at the start, what becomes of a broken connection. Against the front over chdb. */

import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { openClickhouseDatabase } from "../../platform/analytics/clickhouse/clickhouse-database.js";
import { type ClickhouseFront, startClickhouseFront } from "../support/clickhouse-front/clickhouse-front.js";

const DATABASE = "kadun";
/** Idle connections of the front end soon, as those of a server do after its own time. */
const KEEP_ALIVE_MS = 3000;

let front: ClickhouseFront;
beforeAll(async () => {
  front = await startClickhouseFront({ keepAliveMs: KEEP_ALIVE_MS });
});
afterAll(() => front.close());

const open = (options: Partial<Parameters<typeof openClickhouseDatabase>[0]> = {}) =>
  openClickhouseDatabase({
    url: front.url,
    user: front.user,
    password: front.password,
    database: DATABASE,
    requestTimeoutMs: 1500,
    ...options,
  });

describe("at the start", () => {
  const rejection = (options: Parameters<typeof open>[0]) =>
    open(options).then(
      () => ({}),
      (error: unknown) => error,
    );

  test("nobody at the address is UNREACHABLE, says where and what to look at", async () => {
    const port = await freePort();
    expect(await rejection({ url: `http://127.0.0.1:${port}` })).toMatchObject({
      code: "UNREACHABLE",
      retryable: true,
      message: expect.stringMatching(
        new RegExp(
          `http://127\\.0\\.0\\.1:${port} cannot be reached \\(ECONNREFUSED\\): is the server running`,
        ),
      ),
    });
  });

  test("a name that nobody knows is UNREACHABLE", async () => {
    expect(await rejection({ url: "http://nowhere.invalid:8123" })).toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringMatching(/nowhere\.invalid:8123 cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/),
    });
  });

  test("a wrong password is NOT_AUTHORIZED and does not stand in the message", async () => {
    const error = await rejection({ password: "secret-and-wrong" });
    expect(error).toMatchObject({
      code: "NOT_AUTHORIZED",
      retryable: false,
      message: `${front.url}: user 'kadun' is not let in (code 516): check user name and password`,
    });
    expect(String(error)).not.toContain("secret-and-wrong");
  });

  test("a database that is missing is made; where that is forbidden, the message has the statement", async () => {
    const strict = await startClickhouseFront({ databaseForbidden: true });
    try {
      const { url, user, password } = strict;
      expect(await rejection({ url, user, password })).toMatchObject({
        code: "NOT_AUTHORIZED",
        retryable: false,
        message: expect.stringContaining(
          "CREATE DATABASE IF NOT EXISTS kadun; GRANT ALL ON kadun.* TO kadun",
        ),
      });
      const there = await open({ url, user, password, database: "default" });
      expect(await there.query("SELECT currentDatabase() AS name")).toEqual([{ name: "default" }]);
      await there.close();
    } finally {
      await strict.close();
    }
    const made = await open({ database: "made_by_the_adapter" });
    expect(await made.query("SELECT currentDatabase() AS name")).toEqual([{ name: "made_by_the_adapter" }]);
    await made.close();
  });

  test.each([
    ["no HTTP", (socket: Socket) => socket.end("+PONG\r\n"), "broke the connection"],
    ["silence", () => {}, "does not answer"],
  ])("a server that speaks %s is named with what to look at", async (_, serve, message) => {
    const server = await listening(createServer((socket) => serve(socket.on("error", () => {}))));
    try {
      expect(await rejection({ url: server.url, requestTimeoutMs: 500 })).toMatchObject({
        name: "AnalyticsError",
        message: expect.stringMatching(new RegExp(`${message}.*check host`)),
      });
    } finally {
      await server.close();
    }
  });

  test("another HTTP server is told from ClickHouse", async () => {
    const server = await listening(createHttpServer((_, response) => response.end("<h1>It works!</h1>")));
    try {
      expect(await rejection({ url: server.url })).toMatchObject({
        code: "OPEN_FAILED",
        message: expect.stringContaining("answers, but not as a ClickHouse server (expected 24.8 or later)"),
      });
    } finally {
      await server.close();
    }
  });
});

describe("under way", () => {
  let database: AnalyticsDatabase;
  beforeEach(async () => {
    database = await open();
    await database.run("DROP TABLE IF EXISTS t");
    await database.run(
      "CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100",
    );
  });
  afterEach(async () => {
    await front.clearPlans();
    await database.close();
  });

  const insert = (token: string) => database.insert({ table: "t", rows: Buffer.from('{"id":1}\n'), token });
  const count = async () => (await database.query("SELECT count() AS rows FROM t"))[0]!.rows;
  const many = () => database.query("SELECT number FROM numbers(20000)");

  test.each([
    ["503 of a proxy", { kind: "status", status: 503 }, "FAILED", "0"],
    ["TOO_MANY_PARTS", { kind: "exception", code: 252, name: "TOO_MANY_PARTS" }, "FAILED", "0"],
    ["MEMORY_LIMIT_EXCEEDED", { kind: "exception", code: 241, name: "MEMORY_LIMIT_EXCEEDED" }, "FAILED", "0"],
    ["a connection cut before the statement was run", { kind: "cut-before" }, "FAILED", "0"],
    ["a connection cut after the block was applied", { kind: "cut-applied" }, "FAILED", "1"],
    ["an answer that is cut", { kind: "cut-answer" }, "FAILED", "1"],
    ["an answer that stops coming", { kind: "stall-answer" }, "FAILED", "1"],
    ["no answer", { kind: "hang" }, "TIMEOUT", "0"],
    ["an answer that comes too late", { kind: "slow", ms: 2500 }, "TIMEOUT", "1"],
  ] as const)(
    "%s: the insert fails, can be sent again, and its rows are there once",
    async (_, fault, code, rows) => {
      await front.plan(fault, "insert");
      await expect(insert("once")).rejects.toMatchObject({ name: "AnalyticsError", code, retryable: true });
      expect(await count()).toBe(rows);
      await insert("once");
      expect(await count()).toBe("1");
    },
  );

  test.each([
    ["503 of a proxy", { kind: "status", status: 503 }, "FAILED"],
    ["a cut connection", { kind: "cut-applied" }, "FAILED"],
    ["an answer that is cut", { kind: "cut-answer" }, "FAILED"],
    ["an error behind rows", { kind: "exception-behind-rows" }, "REFUSED"],
  ] as const)("%s fails a query, the next one is answered", async (_, fault, code) => {
    await front.plan(fault, "query");
    await expect(many()).rejects.toMatchObject({ code, retryable: code !== "REFUSED" });
    expect(await many()).toHaveLength(20_000);
  });

  test.each([
    ["no answer", { kind: "hang" }],
    ["an answer that stops in the middle", { kind: "stall-answer" }],
  ] as const)("%s ends a query at its own deadline", async (_, fault) => {
    await front.plan(fault, "query");
    const startedAt = performance.now();
    await expect(
      database.query("SELECT number FROM numbers(20000)", {}, { secondsMax: 1 }),
    ).rejects.toMatchObject({ code: "TIMEOUT", retryable: true });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2400);
    expect(await many()).toHaveLength(20_000);
  });

  test.each(["cut-answer", "cut-applied"] as const)("a statement with %s is no success", async (kind) => {
    await front.plan({ kind }, "other");
    await expect(database.run("INSERT INTO t VALUES (7)")).rejects.toMatchObject({ retryable: true });
    expect(await count()).toBe("1");
  });

  test("a query that is silent for longer than a write may be is waited for", async () => {
    expect(await database.query("SELECT sleep(2.2) AS slept")).toEqual([{ slept: 0 }]);
  });

  test("a server that is away is UNREACHABLE, retryable, and found again when it is back", async () => {
    await insert("before");
    await front.kill();
    await expect(insert("away")).rejects.toMatchObject({ retryable: true });
    await expect(insert("away")).rejects.toMatchObject({ code: "UNREACHABLE", retryable: true });
    await expect(count()).rejects.toMatchObject({ retryable: true });
    await front.start();
    await insert("away");
    expect(await count()).toBe("2");
  });

  test("a stopped server lets the write time out; woken up it may still do it, the token keeps it once", async () => {
    await front.pause();
    try {
      await expect(insert("paused")).rejects.toMatchObject({ code: "TIMEOUT", retryable: true });
    } finally {
      front.resume();
    }
    await insert("paused");
    expect(await count()).toBe("1");
  });

  test("connections that the server has closed for idling are not used again", async () => {
    for (const idleMs of [KEEP_ALIVE_MS - 700, KEEP_ALIVE_MS - 300, KEEP_ALIVE_MS + 200]) {
      await insert(`idle-${idleMs}`);
      await count();
      await wait(idleMs);
      await insert(`idle-${idleMs}-then`);
      await count();
    }
    expect(await count()).toBe("6");
  });

  test("a connection is used for many statements", async () => {
    const seen = new Set<number>();
    const relay = await relayTo(front, seen);
    const through = await open({ url: relay.url });
    try {
      for (let i = 0; i < 20; i++) await through.query("SELECT 1 AS one");
      // One of the check at the start, one of the queries.
      expect(seen.size).toBe(2);
    } finally {
      await through.close();
      await relay.close();
    }
  });

  test("close leaves no connection open", async () => {
    const relay = await relayTo(front, new Set());
    const through = await open({ url: relay.url });
    await Promise.all([through.query("SELECT 1 AS one"), through.run("SELECT 1")]);
    await through.close();
    await relay.empty();
    await relay.close();
  });
});

async function freePort(): Promise<number> {
  const server = await listening(createServer());
  await server.close();
  return server.port;
}

async function listening(server: Server): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${address.port}`, port: address.port, close };
}

/** A TCP relay that sees the connections. */
async function relayTo({ url }: ClickhouseFront, seen: Set<number>) {
  let open = 0;
  const server = createServer((near) => {
    seen.add(near.remotePort ?? 0);
    open++;
    const far = connect(Number(new URL(url).port), "127.0.0.1");
    near.pipe(far).pipe(near);
    far.on("error", () => near.destroy());
    near.on("error", () => far.destroy());
    near.on("close", () => {
      open--;
      far.destroy();
      server.emit("left");
    });
  });
  const empty = async () => {
    while (open > 0) await once(server, "left");
  };
  return { ...(await listening(server)), empty };
}
