/** `POST /v1/national`: whoever is let in gets a reply envelope. The detector behind it is the real one. */

import { afterEach, describe, expect, test } from "@jest/globals";
import { ERR_MSG_LENGTH_MAX, replyEnvelope } from "../../../schemas/national/envelope.js";
import {
  nationalSamples,
  nestedPurchase,
  PERSON,
  PHARMACY,
  purchase,
  request,
} from "../../support/national.js";
import { at, HOUR_MS, rawStatus, START_MS } from "../../support/records.js";
import { GatewayWorld, HeldPace, NDJSON, type Response } from "../gateway-world.js";

let world: GatewayWorld;
afterEach(() => world.close());

const send = (message: unknown) => world.send("POST", "/v1/national", message);

function replied(response: Response, status = 200) {
  expect([response.statusCode, response.body]).toEqual([status, expect.any(String)]);
  expect(response.headers["content-type"]).toMatch(/^application\/json/);
  const reply = replyEnvelope.parse(response.json());
  expect(reply.err_msg.length).toBeLessThanOrEqual(ERR_MSG_LENGTH_MAX);
  return reply;
}

const preSettle = (msgid: string, druginfo = {}) =>
  purchase("2101", druginfo, { msgid, inf_time: "2026-03-01 10:00:00" });

async function lettersOf() {
  const found = [];
  for await (const letter of world.deadLetters.list()) found.push(letter);
  return found;
}

describe("a pre-settlement", () => {
  test("that is approved goes on, with its decision, and is in the journal", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    const reply = replied(await send(preSettle("m-1")));
    expect(reply).toMatchObject({
      infcode: 0,
      err_msg: "",
      output: {
        decision_id: expect.stringMatching(/^[0-9a-f]{12}-m-1-0$/),
        action: "approve",
        response_code: "00",
        journaled: true,
      },
    });
    expect(reply.inf_refmsgid).toMatch(/^33010620260301100000\d{10}$/);
    expect(world.journal()).toMatchObject([
      { type: "swipe", kind: "authorize", eventId: "m-1", totalFen: 9980 },
    ]);
  });

  test("of a lost card stops: code, meaning, and how care can still be had", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    const lost = { personId: PERSON, cardNumber: "A02117358", action: "report-loss", region: "330100" };
    await world.send("POST", "/v1/card-status", rawStatus({ ...lost, occurredAt: at(START_MS - HOUR_MS) }));
    const response = await send(preSettle("m-1"));
    const reply = replied(response);
    expect(reply.infcode).toBe(-1);
    expect(reply.err_msg).toMatch(/^\[B[78]\]卡已.*挂失。.*12393/);
    expect(reply.output).toMatchObject({ action: "reject", reasons: [{ rule: "R01" }] });
    expect(response.body).not.toContain(PERSON);
    // The e-credential is not lost with the card.
    const byCode = replied(await send(preSettle("m-2", { mdtrt_cert_type: "01", mdtrt_cert_no: "token" })));
    expect(byCode).toMatchObject({ infcode: 0, output: { action: "approve" } });
  });

  test("sent again is answered with its first decision; other content under its msgid is refused", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    const first = replied(await send(preSettle("m-1")));
    const again = replied(await send(preSettle("m-1")));
    expect(again.output).toMatchObject({ decision_id: first.output.decision_id, duplicate: true });
    const reused = replied(await send(preSettle("m-1", { medfee_sumamt: 5 })), 409);
    expect(reused).toMatchObject({ infcode: -1, output: { code: "EVENT_ID_REUSED", field: "msgid" } });
  });

  test("that nobody judges in time gets the stand-in's word, which a terminal understands", async () => {
    world = await GatewayWorld.open();
    const sent = send(preSettle("m-1"));
    while (world.answers.waitingCount < 1 || world.writer.depth > 0)
      await new Promise((resolve) => setImmediate(resolve));
    world.clock.advance(world.answers.timeLimitMs);
    const reply = replied(await sent);
    expect(reply).toMatchObject({
      infcode: -1,
      output: { action: "challenge", stand_in: true, journaled: true },
    });
    expect(reply.err_msg).toContain("身份证");
  });

  test("that is not stored is answered all the same, and is to be sent again", async () => {
    const pace = new HeldPace();
    world = await GatewayWorld.open({ pace });
    const arrived = pace.hold();
    const sent = send(preSettle("m-1"));
    await arrived;
    world.clock.advance(world.answers.timeLimitMs);
    const response = await sent;
    pace.release();
    expect(replied(response, 503).output).toMatchObject({ action: "challenge", journaled: false });
    expect(response.headers["retry-after"]).toBe("1");
  });

  test("of a hospital that is not stored goes on, and its reply asks for the message again", async () => {
    const pace = new HeldPace();
    world = await GatewayWorld.open({ pace });
    const arrived = pace.hold();
    const { envelope } = nationalSamples.find(({ name }) => name === "2206-outpatient-pre-settle")!;
    const sent = send(envelope);
    await arrived;
    world.clock.advance(world.answers.timeLimitMs);
    const reply = replied(await sent, 503);
    pace.release();
    expect(reply).toMatchObject({ infcode: 0, output: { action: "approve", journaled: false } });
    expect(reply.err_msg).toContain("以同一报文ID重发");
  });

  test("needs the permission to ask, other transactions do not", async () => {
    world = await GatewayWorld.open();
    world.key = await world.networks.add("records-only", {
      permissions: ["records"],
      limit: { recordsPerSecond: 100, burst: 100 },
    });
    const response = await send(preSettle("m-1"));
    const reply = replied(response, 403);
    expect(reply).toMatchObject({ infcode: -1, output: { code: "NOT_PERMITTED", journaled: false } });
    expect(reply.err_msg).toContain("没有此交易的权限，请联系维护人员");
    expect(reply.inf_refmsgid).toMatch(/^330106/);
    expect(replied(await send(purchase("2102")))).toMatchObject({ infcode: 0 });
  });
});

describe("every other transaction", () => {
  test("is stored, and its reply says so", async () => {
    world = await GatewayWorld.open();
    const waiting = ["2101", "2206", "2303"];
    const samples = nationalSamples.filter(
      ({ envelope, register }) => !waiting.includes(String(envelope.infno)) && register === undefined,
    );
    for (const { envelope } of samples)
      expect(replied(await send(envelope))).toMatchObject({ infcode: 0, output: { journaled: true } });
    expect(world.journal()).toHaveLength(samples.length);
  });

  test("that the register has to explain is taken once it does", async () => {
    world = await GatewayWorld.open();
    const sample = nationalSamples.find(({ name }) => name === "2101-institution-from-the-register")!;
    const settle = { ...sample.envelope, infno: "2102" };
    expect(replied(await send(settle), 400).output).toMatchObject({
      code: "FIELD_INVALID",
      field: "mdtrtarea_admvs",
    });
    await world.send("PUT", "/v1/institutions", sample.register);
    replied(await send(settle));
    expect(world.journal()).toMatchObject([
      { careRegion: "341802", institutionKind: "pharmacy", institutionName: "宣城大药房" },
    ]);
  });
});

test.each(["1101", "2204", "2503", "2507"])(
  "%s, which is no record, is acknowledged and leaves nothing",
  async (infno) => {
    world = await GatewayWorld.open();
    const { infcode, err_msg, output } = replied(await send(request(infno, {})));
    expect([infcode, err_msg]).toEqual([0, ""]);
    expect(output).toEqual({ ignored: true, reason: expect.stringMatching(/becomes no record: [^e]/) });
    expect(await lettersOf()).toEqual([]);
    expect(world.journal()).toEqual([]);
  },
);

describe("a message that is refused", () => {
  test("for its endless nest is refused by its path", async () => {
    world = await GatewayWorld.open();
    const { output } = replied(await send(nestedPurchase(4000)), 400);
    expect(output).toMatchObject({
      code: "FIELD_INVALID",
      field: expect.stringMatching(/^input\.druginfo\.x\.0/),
    });
    expect(await lettersOf()).toHaveLength(1);
  });

  test.each([
    ["no JSON", "{", { code: "JSON_INVALID", field: "" }],
    ["an unknown transaction", request("9999", {}), { code: "TRANSACTION_UNKNOWN", field: "infno" }],
    [
      "no person",
      purchase("2101", { psn_no: "" }),
      { code: "FIELD_INVALID", field: "input.druginfo.psn_no" },
    ],
    ["a password", request("1602", { psn_no: PERSON, inputPassword: "8888" }), { code: "FIELD_FORBIDDEN" }],
    ["Kadun's own record", rawStatus(), { code: "FIELD_INVALID", field: "infno" }],
  ])("for %s gets a reply by path and reason, and is kept", async (_, message, output) => {
    world = await GatewayWorld.open();
    const response = await send(message);
    const reply = replied(response, 400);
    expect(reply).toMatchObject({ infcode: -1, output: { ...output, journaled: false } });
    expect(reply.err_msg).toContain("报文未受理");
    expect(response.body).not.toMatch(/8888|0000004711/);
    expect(await lettersOf()).toMatchObject([{ code: output.code, source: "hangzhou", position: 1 }]);
    expect(world.journal()).toEqual([]);
  });

  test("can be driven again once the register knows its institution", async () => {
    world = await GatewayWorld.open();
    const message = purchase("2102", {}, { fixmedins_code: "C33010600012" });
    replied(await send(message), 400);
    const entry = { institutionId: "C33010600012", name: "药店", kind: "pharmacy" };
    await world.send("PUT", "/v1/institutions", entry);
    const result = await world.deadLetters.redrive({
      accept: (original, expects) => world.intake.acceptEither(original, [expects]),
      append: (record) => world.intake.append(record),
    });
    expect(result).toMatchObject({ redriven: 1, stillRefused: [] });
    expect(world.journal()).toMatchObject([{ type: "swipe", institutionId: "C33010600012" }]);
  });

  test("of nobody who is let in gets a problem", async () => {
    world = await GatewayWorld.open();
    const key = await world.networks.add("readers", { permissions: ["feedback"] });
    const headers = { "content-type": "application/json" };
    const call = (more: object) =>
      world.call({ method: "POST", url: "/v1/national", headers: { ...headers, ...more }, payload: "{}" });
    const answers = await Promise.all([call({}), call({ authorization: `Bearer ${key}` })]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 403]);
    for (const { headers } of answers) expect(headers["content-type"]).toMatch(/problem\+json/);
  });
});

describe("what is no message is answered by an envelope too, which says what to do", () => {
  const failed = (response: Response, status: number, code: string, step: RegExp) => {
    const reply = replied(response, status);
    expect(reply).toMatchObject({ infcode: -1, output: { code, journaled: false } });
    expect(reply.err_msg).toMatch(/^报文未受理：/);
    expect(reply.err_msg).toMatch(step);
    expect(reply.err_msg).toContain("急需就医可先自费");
    return reply;
  };

  test.each<[string, string, Readonly<Record<string, string>>, number, string, RegExp]>([
    ["no body", "", {}, 400, "BODY_EMPTY", /报文为空，请发送一个JSON报文/],
    ["half a JSON", '{"infno":"2102"', {}, 400, "JSON_INVALID", /不是完整的JSON。请改正后以新报文重发/],
    ["a list", "[]", {}, 400, "FIELD_INVALID", /请改正后以新报文重发/],
    [
      "lines of NDJSON",
      "{}",
      { "content-type": NDJSON },
      415,
      "CONTENT_TYPE_UNSUPPORTED",
      /请以application\/json/,
    ],
    [
      "another type",
      "{}",
      { "content-type": "text/xml" },
      415,
      "CONTENT_TYPE_UNSUPPORTED",
      /请以application\/json/,
    ],
    ["a packed body", "{}", { "content-encoding": "gzip" }, 415, "CONTENT_TYPE_UNSUPPORTED", /不压缩/],
  ])("%s", async (_title, body, headers, status, code, step) => {
    world = await GatewayWorld.open();
    failed(await world.send("POST", "/v1/national", body, headers), status, code, step);
  });

  test("a body that is too long", async () => {
    world = await GatewayWorld.open({ gateway: { limits: { objectBytesMax: 1_000 } } });
    const long = purchase("2102", { x: "9".repeat(2_000) });
    failed(await send(long), 413, "BODY_TOO_LARGE", /请减少明细后以新报文重发/);
  });

  test("messages that come too fast", async () => {
    world = await GatewayWorld.open();
    world.key = await world.networks.add("slow", {
      permissions: ["records"],
      limit: { recordsPerSecond: 1, burst: 1 },
    });
    replied(await send(purchase("2102")));
    const response = await send(purchase("2102"));
    failed(response, 429, "RATE_LIMITED", /请稍后以同一报文ID重发/);
    expect(response.headers["retry-after"]).toBe("1");
  });

  test("a defect of ours, which is logged", async () => {
    const words = () => {
      throw new RangeError("of 张三");
    };
    world = await GatewayWorld.open({ gateway: { words } });
    await world.judge();
    const response = await send(preSettle("m-1"));
    const reply = failed(response, 500, "INTERNAL", /请以同一报文ID重发，仍出错请联系维护人员/);
    expect(reply.inf_refmsgid).toMatch(/^330106/);
    expect(response.body).not.toContain("张三");
    expect(world.logger.lines).toMatchObject([
      { event: "ingest.request-failed", fields: { path: "/v1/national" } },
    ]);
  });
});

test("a pharmacy's day in the platform's words becomes a settlement and its cancel", async () => {
  world = await GatewayWorld.open();
  const settle = purchase("2102", {}, { output: { setlinfo: { setl_id: "S-1", acct_pay: 99.8, balc: 20 } } });
  const cancel = request("2103", { data: { psn_no: PERSON, setl_id: "S-1" } }, { msgid: `${PHARMACY}c` });
  replied(await send(settle));
  replied(await send(cancel));
  expect(world.journal()).toMatchObject([
    { kind: "settle", accountFen: 9980, balanceBeforeFen: 11980 },
    { kind: "cancel", originalEventId: settle.msgid },
  ]);
});

describe("a settlement that its cancel names by setl_id", () => {
  const settle = purchase("2102", {}, { output: { setlinfo: { setl_id: "S-1" } } });
  const cancel = (msgid: string) =>
    request("2103", { data: { psn_no: PERSON, setl_id: "S-1" } }, { msgid: `${PHARMACY}${msgid}` });

  test("is not known before it is stored, and is once it was sent again", async () => {
    const pace = new HeldPace();
    world = await GatewayWorld.open({ pace, queueRecordsMax: 1 });
    const arrived = pace.hold();
    const first = send(purchase("2102", {}, { msgid: "m-first" }));
    await arrived;
    replied(await send(settle), 503);
    pace.release();
    replied(await first);
    expect(replied(await send(cancel("c-1")), 400).output).toMatchObject({
      field: expect.stringMatching(/omsgid|setl_id/),
    });
    replied(await send(settle));
    replied(await send(cancel("c-2")));
    expect(world.journal().map((record) => "eventId" in record && record.eventId)).toEqual([
      "m-first",
      settle.msgid,
      `${PHARMACY}c-2`,
    ]);
  });

  test("is not known where it was refused", async () => {
    world = await GatewayWorld.open();
    replied(await send({ ...settle, inf_time: "2150-03-01 10:00:00" }), 400);
    replied(await send(cancel("c-1")), 400);
    expect(world.journal()).toEqual([]);
  });
});

test("an admission that was refused is not the latest one", async () => {
  world = await GatewayWorld.open();
  const admission = nationalSamples.find(({ name }) => name === "2401-admission")!.envelope;
  replied(await send(admission));
  replied(
    await send({
      ...admission,
      msgid: "m-late",
      fixmedins_code: "H33010600099",
      inf_time: "2150-03-01 10:00:00",
    }),
    400,
  );
  const { psn_no } = (admission.input as { mdtrtinfo: { psn_no: string } }).mdtrtinfo;
  const undone = { ...request("2404", { data: { psn_no } }), fixmedins_code: admission.fixmedins_code };
  replied(await send({ ...undone, msgid: "m-undone" }));
  expect(world.journal()).toMatchObject([{ fact: "inpatient" }, { eventId: "m-undone", fact: "inpatient" }]);
});
