/** What says something about persons is told with the machine's key only. */

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Closers } from "../../../cli/process/closers.js";
import { startStatusServer } from "../../../cli/process/status-server.js";
import { silentLogger } from "../../../platform/logger/logger.js";

const closers = new Closers();
let url: string;
beforeAll(async () => {
  const options = {
    host: "127.0.0.1",
    port: 0,
    logger: silentLogger,
    metricsText: { contentType: "text/plain", text: async () => "" },
    readiness: async () => ({ ready: true, reasons: [] }),
    routes: { "GET /v1/status": async () => ({ open: true }) },
    guarded: {
      key: () => "kdn_local_secret",
      routes: { "GET /v1/alerts": async (query: URLSearchParams) => ({ after: query.get("after") }) },
    },
  };
  url = await startStatusServer(options, closers);
});
afterAll(() => closers.close());

const ask = async (path: string, authorization?: string) => {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const response = await fetch(`${url}${path}`, { headers });
  return [response.status, await response.json()] as const;
};

test("an open route needs no key, also with a query", async () => {
  expect(await ask("/v1/status")).toEqual([200, { open: true }]);
  expect(await ask("/v1/status?x=1")).toEqual([200, { open: true }]);
});

test("a guarded one needs the right key and gets its query", async () => {
  expect((await ask("/v1/alerts"))[0]).toBe(401);
  expect((await ask("/v1/alerts", "Bearer kdn_local_secreT"))[0]).toBe(401);
  expect((await ask("/v1/alerts", "kdn_local_secret"))[0]).toBe(401);
  expect(await ask("/v1/alerts?after=a%2Db", "Bearer kdn_local_secret")).toEqual([200, { after: "a-b" }]);
});

test("what is not known is not told apart by its key", async () => {
  const [status, body] = await ask("/v1/other");
  expect(status).toBe(404);
  expect(body).toMatchObject({ error: expect.stringContaining("GET /v1/status") });
});
