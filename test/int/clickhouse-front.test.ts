/** The front answers as ClickHouse's HTTP interface does, as far as the client uses it; told by plain requests. */

import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type ClickhouseFront, startClickhouseFront } from "../support/clickhouse-front/clickhouse-front.js";

let front: ClickhouseFront;
beforeAll(async () => {
  front = await startClickhouseFront({ user: "u", password: "p" });
});
afterAll(() => front.close());

const BASIC = { Authorization: `Basic ${Buffer.from("u:p").toString("base64")}` };
const post = (search: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(`${front.url}/?${search}`, { method: "POST", body, headers: { ...BASIC, ...headers } });

test("ping needs no user", async () => {
  expect(await (await fetch(`${front.url}/ping`)).text()).toBe("Ok.\n");
});

test("a query stands in the body or in the address, its answer is tab-separated unless it says otherwise", async () => {
  const answer = await post("query_id=q-1", "SELECT 1 AS one, 'a' AS two");
  expect(await answer.text()).toBe("1\ta\n");
  expect(answer.headers.get("x-clickhouse-query-id")).toBe("q-1");
  expect(await (await post("query=SELECT+2", "")).text()).toBe("2\n");
  expect(await (await post("default_format=JSONEachRow", "SELECT 3 AS x")).text()).toBe('{"x":3}\n');
});

test("parameters and settings are of one request", async () => {
  const set = "SELECT {a:String}, getSetting('max_threads')";
  expect(await (await post("param_a=x%5C%5Cy&max_threads=3", set)).text()).toBe("x\\\\y\t3\n");
  expect((await post("", "SELECT {a:String}")).status).toBe(400);
  expect(await (await post("", "SELECT getSetting('max_threads')")).text()).not.toBe("3\n");
});

test("rows stand behind a statement in the address, with gzip where the header says so", async () => {
  await post("", "CREATE TABLE t (id UInt8) ENGINE = Memory");
  const insert = `query=${encodeURIComponent("INSERT INTO t FORMAT JSONEachRow")}`;
  expect((await post(insert, '{"id":1}\n')).status).toBe(200);
  expect((await post(insert, gzipSync('{"id":2}\n'), { "Content-Encoding": "gzip" })).status).toBe(200);
  expect(await (await post("", "SELECT sum(id) FROM t")).text()).toBe("3\n");
});

test("answers are compressed where that is asked for", async () => {
  // fetch would unpack it unseen.
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const headers = { ...BASIC, "Accept-Encoding": "gzip" };
    const asked = request(
      `${front.url}/?enable_http_compression=1`,
      { method: "POST", headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => resolve(Buffer.concat(chunks)));
      },
    );
    asked.on("error", reject).end("SELECT 'packed'");
  });
  expect(gunzipSync(bytes).toString()).toBe("packed\n");
});

test.each([
  ["a syntax error", "", "SELEC 1", 400, "62"],
  ["an unknown table", "", "SELECT 1 FROM nowhere", 404, "60"],
  ["an unknown database", "database=nowhere", "SELECT 1", 404, "81"],
])("%s has its status, its code in a header and its text", async (_, search, sql, status, code) => {
  const answer = await post(search, sql);
  expect([answer.status, answer.headers.get("x-clickhouse-exception-code")]).toEqual([status, code]);
  expect(await answer.text()).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: `));
});

test("users are known by either pair of headers", async () => {
  const { Authorization: _, ...none } = BASIC;
  const asked = (headers: Record<string, string>) =>
    fetch(front.url, { method: "POST", body: "SELECT 1", headers: { ...none, ...headers } });
  expect((await asked({ "X-ClickHouse-User": "u", "X-ClickHouse-Key": "p" })).status).toBe(200);
  expect((await asked({ "X-ClickHouse-User": "u", "X-ClickHouse-Key": "x" })).status).toBe(403);
  expect((await asked({})).status).toBe(403);
});

test("a request that is cut off is not run", async () => {
  await post("", "CREATE TABLE cut (id UInt8) ENGINE = Memory");
  const socket = connect(Number(new URL(front.url).port), "127.0.0.1");
  const query = encodeURIComponent("INSERT INTO cut FORMAT JSONEachRow");
  socket.write(
    `POST /?query=${query} HTTP/1.1\r\nHost: f\r\nAuthorization: ${BASIC.Authorization}\r\nContent-Length: 100\r\n\r\n{"id":1}\n`,
  );
  socket.end();
  socket.resume();
  await once(socket, "close");
  expect(await (await post("", "SELECT count() FROM cut")).text()).toBe("0\n");
});
