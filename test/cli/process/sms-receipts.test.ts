/** What operators push: stored once, believed by its address only, pushed again where it was not stored. */

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { Closers } from "../../../cli/process/closers.js";
import { smsReceiptRequests } from "../../../cli/process/sms-receipts.js";
import { startStatusServer } from "../../../cli/process/status-server.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { AlertsDesk } from "../../alerts/alerts-desk.js";
import { SmsDesk } from "../../alerts/sms/sms-desk.js";
import { SmsProvider } from "../../alerts/sms/sms-provider.js";

const closers = new Closers();
const pushed = z.array(z.object({ out_id: z.string(), success: z.boolean() }));
const reader = {
  token: "a-token-of-the-operator",
  read: (body: unknown) =>
    pushed.parse(body).map(({ out_id: smsId, success }) => {
      const state = success ? ("delivered" as const) : ("failed" as const);
      return { smsId, providerId: null, state, atMs: null, code: "DELIVERED" };
    }),
  received: { code: 0 },
};

let desk: AlertsDesk;
let sms: SmsDesk;
let url: string;
let isAway = false;
beforeAll(async () => {
  desk = await AlertsDesk.open();
  sms = new SmsDesk(desk);
  const database = {
    ...desk.database,
    get dialect() {
      if (isAway) throw new Error("away");
      return desk.database.dialect;
    },
  };
  url = await startStatusServer(
    {
      host: "127.0.0.1",
      port: 0,
      logger: silentLogger,
      metricsText: { contentType: "text/plain", text: async () => "" },
      readiness: async () => ({ ready: true, reasons: [] }),
      routes: {},
      requests: smsReceiptRequests({ reader, database, clock: sms.clock, logger: silentLogger }),
    },
    closers,
  );
  await sms.enqueue("a");
  await sms.send(new SmsProvider());
});
afterAll(async () => {
  await closers.close();
  await desk.close();
});

const push = async (body: string, token = reader.token, method = "POST") => {
  const response = await fetch(`${url}/v1/sms/receipts/${token}`, {
    method,
    ...(method === "POST" && { body }),
  });
  return [response.status, await response.json()] as const;
};
const delivered = JSON.stringify([{ out_id: "a", success: true }]);

test("under a wrong address nothing is believed, and nobody can tell it from one that is none", async () => {
  const [status, body] = await push(delivered, "another-token");
  expect([status, body]).toEqual(await push(delivered, ""));
  expect(status).toBe(404);
  expect((await push(delivered, reader.token, "GET"))[0]).toBe(404);
  expect(await sms.states()).toEqual({ a: "sent" });
});

test("what is no receipt is refused, without a word of what it was", async () => {
  for (const body of ["", "{", "{}", '[{"out_id":"13812341234"}]']) {
    const [status, answer] = await push(body);
    expect(status).toBe(400);
    expect(JSON.stringify(answer)).not.toContain("138");
  }
  expect((await push("x".repeat((1 << 20) + 1)))[0]).toBe(413);
});

test("is not taken while the database is away, and stored when it is pushed again, twice too", async () => {
  isAway = true;
  expect((await push(delivered))[0]).toBe(503);
  isAway = false;
  expect(await push(delivered)).toEqual([200, { code: 0 }]);
  expect(await push(delivered)).toEqual([200, { code: 0 }]);
  expect(await sms.states()).toEqual({ a: "delivered" });
});
