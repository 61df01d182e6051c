/** What every analytics database does (platform/analytics/analytics-database.ts), as tests. */

import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { type AnalyticsDatabase, BLOCK_BYTES_MAX } from "../../platform/analytics/analytics-database.js";
import { NativeBlockWriter } from "../../platform/analytics/native/native-block-writer.js";
import { Behaviours, type Deviations } from "./behaviours.js";

const TYPES = {
  id: "UInt64",
  name: "String",
  at: "DateTime64(3, 'Asia/Shanghai')",
  amounts: "Array(UInt64)",
  body: "String",
};

/** One stored database, empty at first. */
export interface StoredAnalytics {
  /** Opens what is stored; the one opened before is closed. */
  open(): Promise<AnalyticsDatabase>;
  remove(): Promise<void>;
}

export interface AnalyticsHarness {
  create(): Promise<StoredAnalytics>;
  readonly deviations?: Deviations;
}

export function describeAnalytics(name: string, harness: AnalyticsHarness): void {
  describe(`${name} is an analytics database`, () => {
    const behaviours = new Behaviours(harness.deviations);
    const { behaviour } = behaviours;
    let stored: StoredAnalytics;
    let database: AnalyticsDatabase;

    beforeAll(async () => {
      stored = await harness.create();
      database = await stored.open();
      await database.run(
        `CREATE TABLE t (id UInt64, name String, at DateTime64(3, 'Asia/Shanghai'), amounts Array(UInt64), body String)
         ENGINE = ReplacingMergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100`,
      );
    });
    afterAll(async () => {
      await database.close();
      await stored.remove();
    });

    const block = (rows: readonly string[], token: string) => ({
      table: "t",
      token,
      rows: Buffer.from(`${rows.join("\n")}\n`),
    });
    /** The same as a Native block; columns that no row has are the table's. */
    const native = (rows: readonly Readonly<Record<string, unknown>>[], token: string) => {
      const writer = new NativeBlockWriter(TYPES);
      for (const row of rows) {
        for (const [name, value] of Object.entries(row)) writer.column(name).set(writer.row, value);
        writer.endRow();
      }
      return { table: "t", token, rows: writer.finish() };
    };
    const countOf = async (where: string) =>
      (await database.query(`SELECT count() AS rows FROM t WHERE ${where}`))[0]!.rows;

    behaviour(
      "64-bit integers, Chinese texts, instants and nested bodies come back as they went in",
      async () => {
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
          {
            id: "9007199254740993",
            name: "医保卡\t盾",
            ms: "1772330400123",
            amounts: ["140737488355328"],
            body,
          },
        ]);
      },
    );

    behaviour("sums beyond 2^53 and decimals are not rounded, smaller integers are numbers", async () => {
      const [row] = await database.query(
        `SELECT sum(x) AS total, toDecimal64('12345678901.23456789', 5) AS decimal, toUInt32(7) AS small
         FROM (SELECT arrayJoin([140737488355328, 9007199254740993, 1]) AS x)`,
      );
      expect(row).toEqual({
        total: String(140737488355328n + 9007199254740993n + 1n),
        decimal: "12345678901.23456",
        small: 7,
      });
    });

    behaviour("a block sent twice with one token is there once, another token adds it again", async () => {
      const rows = ['{"id":1,"name":"twice"}', '{"id":2,"name":"twice"}'];
      await database.insert(block(rows, "twice-1"));
      await database.insert(block(rows, "twice-1"));
      expect(await countOf("name = 'twice'")).toBe("2");
      await database.insert(block(['{"id":3,"name":"twice"}'], "twice-2"));
      expect(await countOf("name = 'twice'")).toBe("3");
    });

    behaviour(
      "a Native block's values come back as they went in, columns that it lacks as defaults",
      async () => {
        const body = `{"名":"张三 \\"{\\n", "n": 1.50}\0\t`;
        const whole = { id: 2 ** 53 - 1, name: "块\n'", at: 1_772_330_400_123, amounts: [0, 2 ** 47], body };
        await database.insert(native([whole, { id: 51, name: "块" }], "native-values"));
        await database.insert(native([{ id: 52, name: "块 alone" }], "native-columns"));
        expect(
          await database.query(
            "SELECT id, name, toUnixTimestamp64Milli(at) AS ms, amounts, body FROM t WHERE startsWith(name, '块') ORDER BY id",
          ),
        ).toEqual([
          { id: "51", name: "块", ms: "0", amounts: [], body: "" },
          { id: "52", name: "块 alone", ms: "0", amounts: [], body: "" },
          {
            id: "9007199254740991",
            name: "块\n'",
            ms: "1772330400123",
            amounts: ["0", "140737488355328"],
            body,
          },
        ]);
      },
    );

    behaviour(
      "a Native block sent twice with one token is there once, another token adds it again",
      async () => {
        const rows = [
          { id: 61, name: "native twice" },
          { id: 62, name: "native twice" },
        ];
        for (const _ of [1, 2]) await database.insert(native(rows, "it's \\ 一块 1"));
        expect(await countOf("name = 'native twice'")).toBe("2");
        await database.run("INSERT INTO t (id, name) VALUES (63, 'native twice')");
        await database.insert(native([{ id: 64, name: "native twice" }], "it's \\ 一块 2"));
        expect(await countOf("name = 'native twice'")).toBe("4");
      },
    );

    behaviour("a Native block of the largest size is one part, however many rows it has", async () => {
      await database.run("CREATE TABLE many_native (id UInt8) ENGINE = MergeTree ORDER BY id");
      const head = Buffer.from("\x01\x80\x80\xc0\x07\x02id\x05UInt8", "latin1");
      const rows = 15 << 20;
      const bytes = Buffer.concat([head, Buffer.alloc(rows, 1)]);
      const block = { columns: [{ name: "id", type: "UInt8" }], rows, bytes };
      await database.insert({ table: "many_native", token: "largest native", rows: block });
      expect(
        await database.query(
          "SELECT count() AS parts, sum(rows) AS rows FROM system.parts WHERE level = 0 AND table = 'many_native' AND database = currentDatabase()",
        ),
      ).toEqual([{ parts: "1", rows: String(rows) }]);
      await database.run("DROP TABLE many_native");
    });

    behaviour("a Native block that is cut off stores nothing and leaves the next one clean", async () => {
      const { rows, ...whole } = native([{ id: 71, name: "cut" }], "cut");
      const cut = { ...rows, bytes: Buffer.from(rows.bytes.subarray(0, rows.bytes.length - 2)) };
      await expect(database.insert({ ...whole, rows: cut })).rejects.toMatchObject({
        name: "AnalyticsError",
      });
      expect(await countOf("name = 'cut'")).toBe("0");
      await database.insert(native([{ id: 72, name: "cut" }], "not cut"));
      expect(await countOf("name = 'cut'")).toBe("1");
    });

    behaviour("a Native block for a column that is none, and one above the limit, are refused", async () => {
      const refused = { code: "REFUSED", retryable: false };
      const { rows, ...whole } = native([{ id: 1 }], "refused");
      const elsewhere = { ...rows, columns: [{ name: "id) SELECT 1 --", type: "UInt64" }] };
      await expect(database.insert({ ...whole, rows: elsewhere })).rejects.toMatchObject(refused);
      const large = { ...rows, bytes: Buffer.alloc(BLOCK_BYTES_MAX + 1) };
      await expect(database.insert({ ...whole, rows: large })).rejects.toMatchObject(refused);
    });

    behaviour("a token concerns its own insert only", async () => {
      await database.insert(block(['{"id":11,"name":"own"}'], "own-1"));
      await database.run("INSERT INTO t (id, name) VALUES (12, 'own')");
      await database.run("INSERT INTO t (id, name) VALUES (13, 'own')");
      expect(await countOf("name = 'own'")).toBe("3");
    });

    behaviour("a token with quotes and Chinese is a token like others", async () => {
      const token = "it's \\ 一块";
      for (const _ of [1, 2]) await database.insert(block(['{"id":14,"name":"quoted"}'], token));
      expect(await countOf("name = 'quoted'")).toBe("1");
    });

    behaviour("a block of the largest size is one part, however many rows it has", async () => {
      await database.run("CREATE TABLE many (id UInt8) ENGINE = MergeTree ORDER BY id");
      const row = '{"id":1}\n';
      const rows = Buffer.from(row.repeat(Math.floor(BLOCK_BYTES_MAX / row.length)));
      await database.insert({ table: "many", token: "largest", rows });
      expect(
        await database.query(
          // Level 0: as they were written, merged since or not.
          "SELECT count() AS parts, sum(rows) AS rows FROM system.parts WHERE level = 0 AND table = 'many' AND database = currentDatabase()",
        ),
      ).toEqual([{ parts: "1", rows: String(rows.length / row.length) }]);
      await database.run("DROP TABLE many");
    });

    behaviour("writes happen in the order of their calls", async () => {
      await database.run("CREATE TABLE ordered (n UInt64, rows UInt64) ENGINE = Memory");
      const calls = Array.from({ length: 12 }, (_, n) =>
        n % 3 === 2
          ? database.run("INSERT INTO ordered SELECT {n:UInt64}, count() FROM ordered", { n })
          : database.insert({ table: "ordered", token: "", rows: Buffer.from(`{"n":${n},"rows":${n}}\n`) }),
      );
      await Promise.all(calls);
      expect(await database.query("SELECT n FROM ordered WHERE n != rows")).toEqual([]);
      expect(await database.query("SELECT count() AS rows FROM ordered")).toEqual([{ rows: "12" }]);
      await database.run("DROP TABLE ordered");
    });

    behaviour(
      "a query sees what was resolved before it, and many at once get their own answers",
      async () => {
        await database.insert(block(['{"id":17,"name":"seen"}'], "seen"));
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            database.query("SELECT {n:UInt8} AS n, count() AS rows FROM t WHERE name = 'seen'", { n }),
          ),
        );
        expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => [{ n, rows: "1" }]));
      },
    );

    behaviour("what a failed query had already put out does not turn up in the next result", async () => {
      for (let i = 0; i < 5; i++) {
        await expect(
          database.query("SELECT number, throwIf(number = 70000, 'stop') FROM numbers(100000)"),
        ).rejects.toMatchObject({ name: "AnalyticsError", code: "REFUSED", retryable: false });
        expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      }
    });

    behaviour("a failed write leaves the next write and every result clean", async () => {
      await expect(
        database.insert(block(['{"id":21,"name":"broken"}', '{"id":"x"}'], "broken")),
      ).rejects.toMatchObject({ code: "REFUSED" });
      await expect(database.run("INSERT INTO t SELECT throwIf(1), '', now(), [], ''")).rejects.toMatchObject({
        code: "REFUSED",
      });
      await database.insert(block(['{"id":22,"name":"after"}'], "after"));
      expect(await countOf("name IN ('broken', 'after')")).toBe("1");
    });

    for (const [what, sql] of [
      ["a syntax error", "SELEC 1"],
      ["an unknown table", "SELECT 1 FROM nowhere"],
      ["an unknown column", "SELECT noSuchColumn FROM t"],
      ["an unknown function", "SELECT noSuchFunction(1)"],
    ] as const)
      behaviour(`${what} is refused for good`, async () => {
        const refused = { name: "AnalyticsError", code: "REFUSED", retryable: false };
        await expect(database.query(sql)).rejects.toMatchObject(refused);
      });

    behaviour("an error names no content of the rows", async () => {
      const failure = await database
        .insert(block(['{"id":1,"name":"330106199003070012","unheardOf":"330106199003070012"}'], "content"))
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(String(failure)).toMatch(/insert into t: code 117/);
      expect(String(failure)).not.toContain("330106199003070012");
    });

    behaviour("parameters stay values, whatever they say", async () => {
      const name = "x' OR 1=1 --";
      await database.insert(block([JSON.stringify({ id: 31, name })], "parameter"));
      expect(await database.query("SELECT id FROM t WHERE name = {name:String}", { name })).toEqual([
        { id: "31" },
      ]);
      const texts = ["a'b", "张\\三", "tab\there", "line\nbreak", "\\N", "{x:String}", "&database=other", ""];
      for (const text of texts)
        expect(await database.query("SELECT {text:String} AS text", { text })).toEqual([{ text }]);
      expect(
        await database.query("SELECT {list:Array(UInt64)} AS list, {tokens:Array(String)} AS tokens", {
          list: [1, 2 ** 53 - 1],
          tokens: texts,
        }),
      ).toEqual([{ list: ["1", "9007199254740991"], tokens: texts }]);
    });

    behaviour("parameters of 100 kB arrive", async () => {
      const list = Array.from({ length: 10_000 }, (_, n) => 1_000_000_000 + n);
      expect(
        await database.query("SELECT arraySum({list:Array(UInt64)}) AS sum, length({text:String}) AS size", {
          list,
          text: "医".repeat(10_000),
        }),
      ).toEqual([{ sum: String(list.reduce((sum, n) => sum + n)), size: "30000" }]);
    });

    for (const [what, sql, parameters, message] of [
      ["a parameter without a value", "SELECT {a:String}", {}, "no value for {a:…}"],
      ["a value without a place", "SELECT 1", { a: 1 }, "no place {a:Type}"],
      ["a format", "SELECT 1 FORMAT Native", {}, "FORMAT is the adapter's"],
    ] as const)
      behaviour(`${what} is refused before the engine sees it`, async () => {
        await expect(database.query(sql, parameters)).rejects.toMatchObject({
          code: "REFUSED",
          message: expect.stringContaining(message),
        });
      });

    behaviour("a query ends after its time, one with too many rows fails", async () => {
      await expect(
        database.query("SELECT sum(sipHash64(number)) FROM numbers(100000000000)", {}, { secondsMax: 1 }),
      ).rejects.toMatchObject({ code: "TIMEOUT", retryable: true });
      await expect(
        database.query("SELECT number FROM numbers(1000)", {}, { rowsMax: 999 }),
      ).rejects.toMatchObject({ code: "LIMIT" });
      expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      expect(await database.query("SELECT number FROM numbers(1000)")).toHaveLength(1000);
    });

    behaviour(
      "a query that needs more memory than it may take fails and leaves the next one alone",
      async () => {
        const groups = "SELECT uniqExact(number) AS many FROM numbers(3000000)";
        await expect(
          database.query(groups, {}, { memoryBytesMax: 16 << 20, threadsMax: 1 }),
        ).rejects.toMatchObject({ code: "FAILED", retryable: true });
        expect(await database.query(groups, {}, { threadsMax: 1 })).toEqual([{ many: "3000000" }]);
      },
    );

    behaviour("a block above the limit, and one for a table whose name is none, are refused", async () => {
      const refused = { code: "REFUSED", retryable: false };
      const large = { table: "t", rows: Buffer.alloc(BLOCK_BYTES_MAX + 1), token: "large" };
      await expect(database.insert(large)).rejects.toMatchObject(refused);
      const elsewhere = { table: "t SELECT 1 --", rows: Buffer.from("{}\n"), token: "elsewhere" };
      await expect(database.insert(elsewhere)).rejects.toMatchObject(refused);
    });

    behaviour("close waits for what is under way, can be repeated, and ends the database", async () => {
      const slow = database.query("SELECT sleep(0.3) AS slept");
      const written = database.insert(block(['{"id":41,"name":"last"}'], "last"));
      const first = database.close();
      expect(await slow).toEqual([{ slept: 0 }]);
      await written;
      await first;
      await database.close();
      const closed = { code: "CLOSED" };
      await expect(database.query("SELECT 1")).rejects.toMatchObject(closed);
      await expect(database.run("SELECT 1")).rejects.toMatchObject(closed);
      await expect(database.insert(block(["{}"], "closed"))).rejects.toMatchObject(closed);
      database = await stored.open();
      expect(await countOf("name IN ('twice', 'last')")).toBe("4");
    });
    behaviours.checkDeviations();
  });
}
