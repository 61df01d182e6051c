import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type AnalyticsDatabase, BLOCK_BYTES_MAX } from "../../../platform/analytics/analytics-database.js";
import { openChdbDatabase } from "../../../platform/analytics/chdb/chdb-database.js";

describe("chdb behind the analytics port", () => {
  let directory: string;
  let database: AnalyticsDatabase;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "kadun-chdb-"));
    database = await openChdbDatabase({ directory });
    await database.run(
      `CREATE TABLE t (id UInt64, name String, at DateTime64(3, 'Asia/Shanghai'), amounts Array(UInt64), body String)
       ENGINE = ReplacingMergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100`,
    );
  });
  afterAll(async () => {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  });

  const block = (rows: readonly string[], token: string) => ({
    table: "t",
    token,
    rows: Buffer.from(`${rows.join("\n")}\n`),
  });
  const countOf = async (where: string) =>
    (await database.query(`SELECT count() AS rows FROM t WHERE ${where}`))[0]!.rows;

  test("64-bit integers, Chinese texts, instants and nested bodies come back as they went in", async () => {
    const body = `{"名":"张三 \\"{\\n", "n": 1.50,"big":9007199254740993}`;
    await database.insert(
      block(
        [
          `{"id":9007199254740993,"name":"医保卡\\t盾","at":"2026-03-01T10:00:00.123+08:00","amounts":[140737488355328],"body":${body}}`,
        ],
        "values",
      ),
    );
    expect(
      await database.query(
        "SELECT id, name, toUnixTimestamp64Milli(at) AS ms, amounts, body FROM t WHERE name = {name:String}",
        { name: "医保卡\t盾" },
      ),
    ).toEqual([
      { id: "9007199254740993", name: "医保卡\t盾", ms: "1772330400123", amounts: ["140737488355328"], body },
    ]);
  });

  test("sums beyond 2^53 are not rounded", async () => {
    const [row] = await database.query(
      "SELECT sum(x) AS total FROM (SELECT arrayJoin([140737488355328, 9007199254740993, 1]) AS x)",
    );
    expect(row).toEqual({ total: String(140737488355328n + 9007199254740993n + 1n) });
  });

  test("a block sent twice with one token is there once, another token adds it again", async () => {
    const rows = ['{"id":1,"name":"twice"}', '{"id":2,"name":"twice"}'];
    await database.insert(block(rows, "twice-1"));
    await database.insert(block(rows, "twice-1"));
    expect(await countOf("name = 'twice'")).toBe("2");
    await database.insert(block(['{"id":3,"name":"twice"}'], "twice-2"));
    expect(await countOf("name = 'twice'")).toBe("3");
  });

  test("a token concerns its own insert only", async () => {
    await database.insert(block(['{"id":11,"name":"own"}'], "own-1"));
    await database.run("INSERT INTO t (id, name) VALUES (12, 'own')");
    await database.run("INSERT INTO t (id, name) VALUES (13, 'own')");
    expect(await countOf("name = 'own'")).toBe("3");
  });

  test("what a failed query had already put out does not turn up in the next result", async () => {
    for (let i = 0; i < 5; i++) {
      await expect(
        database.query("SELECT number, throwIf(number = 70000, 'stop') FROM numbers(100000)"),
      ).rejects.toMatchObject({ name: "AnalyticsError", code: "REFUSED", retryable: false });
      expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    }
  });

  test("a failed write leaves the next write and every result clean", async () => {
    await expect(
      database.insert(block(['{"id":21,"name":"broken"}', '{"id":"x"}'], "broken")),
    ).rejects.toMatchObject({
      code: "REFUSED",
    });
    await expect(database.run("INSERT INTO t SELECT throwIf(1), '', now(), [], ''")).rejects.toMatchObject({
      code: "REFUSED",
    });
    await database.insert(block(['{"id":22,"name":"after"}'], "after"));
    expect(await countOf("name IN ('broken', 'after')")).toBe("1");
  });

  test("an error names no content of the rows", async () => {
    const failure = await database
      .insert(block(['{"id":1,"name":"330106199003070012","unheardOf":"330106199003070012"}'], "content"))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(String(failure)).toMatch(/insert into t: code 117/);
    expect(String(failure)).not.toContain("330106199003070012");
  });

  test("parameters stay values, whatever they say", async () => {
    const name = "x' OR 1=1 --";
    await database.insert(block([JSON.stringify({ id: 31, name })], "parameter"));
    expect(await database.query("SELECT id FROM t WHERE name = {name:String}", { name })).toEqual([
      { id: "31" },
    ]);
    expect(
      await database.query("SELECT {list:Array(UInt64)} AS list, {tokens:Array(String)} AS tokens", {
        list: [1, 2 ** 53 - 1],
        tokens: ["a'b", "张\\三"],
      }),
    ).toEqual([{ list: ["1", "9007199254740991"], tokens: ["a'b", "张\\三"] }]);
  });

  test.each([
    ["a parameter without a value", "SELECT {a:String}", {}, "no value for {a:…}"],
    ["a value without a place", "SELECT 1", { a: 1 }, "no place {a:Type}"],
    ["a format", "SELECT 1 FORMAT Native", {}, "FORMAT is the adapter's"],
  ])("%s is refused before the engine sees it", async (_, sql, parameters, message) => {
    await expect(database.query(sql, parameters)).rejects.toMatchObject({
      code: "REFUSED",
      message: expect.stringContaining(message),
    });
  });

  test("a query ends after its time, one with too many rows fails", async () => {
    await expect(
      database.query("SELECT sum(sipHash64(number)) FROM numbers(100000000000)", {}, { secondsMax: 1 }),
    ).rejects.toMatchObject({ code: "TIMEOUT", retryable: true });
    await expect(
      database.query("SELECT number FROM numbers(1000)", {}, { rowsMax: 999 }),
    ).rejects.toMatchObject({ code: "LIMIT" });
    expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("a block above the limit is refused", async () => {
    await expect(
      database.insert({ table: "t", rows: Buffer.alloc(BLOCK_BYTES_MAX + 1), token: "large" }),
    ).rejects.toMatchObject({ code: "REFUSED" });
  });

  test("a second process is refused and told which process holds the directory", async () => {
    const script = `const { createChdbConnection } = require("chdb/connection");
      const held = createChdbConnection({ path: process.argv[1] }); process.stdout.write("open");
      process.stdin.resume().on("end", () => held.close());`;
    const elsewhere = await mkdtemp(join(tmpdir(), "kadun-chdb-"));
    await database.close();
    const other = spawn(process.execPath, ["-e", script, elsewhere], {
      cwd: join(createRequire(import.meta.url).resolve("chdb/package.json"), "../../.."),
      stdio: ["pipe", "pipe", "ignore"],
    });
    try {
      await once(other.stdout, "data");
      await expect(openChdbDatabase({ directory: elsewhere })).rejects.toMatchObject({
        code: "LOCKED",
        message: expect.stringContaining(`process ${other.pid} has it open; stop that process first`),
      });
    } finally {
      other.stdin.end();
      await once(other, "exit");
    }
    await (await openChdbDatabase({ directory: elsewhere })).close();
    await rm(elsewhere, { recursive: true });
    database = await openChdbDatabase({ directory });
  });

  test("close waits for what is under way, can be repeated, and ends the database", async () => {
    const slow = database.query("SELECT sleep(0.3) AS slept");
    const first = database.close();
    expect(await slow).toEqual([{ slept: 0 }]);
    await first;
    await database.close();
    await expect(database.query("SELECT 1")).rejects.toMatchObject({ code: "CLOSED" });
    await expect(database.run("SELECT 1")).rejects.toMatchObject({ code: "CLOSED" });
    database = await openChdbDatabase({ directory });
    expect(await countOf("name = 'twice'")).toBe("3");
  });
});
