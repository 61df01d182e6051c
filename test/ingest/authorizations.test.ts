/** A swipe in, its decision out: in time, late, repeated, not stored. The detector behind it is the real one. */

import { afterEach, describe, expect, test } from "@jest/globals";
import { answer, notStoredAnswer } from "../../schemas/http/authorization.js";
import { Topic } from "../../schemas/topics.js";
import type { DetectorAnswer } from "../../services/ingest/answers.js";
import { rawStatus, rawSwipe } from "../support/records.js";
import { GatewayWorld, HeldPace, type Response } from "./gateway-world.js";

let world: GatewayWorld;
afterEach(() => world.close());

const authorize = (fields = {}) => world.send("POST", "/v1/authorizations", rawSwipe(fields));

function answered(response: Response) {
  expect(response.statusCode).toBe(200);
  return answer.parse(response.json());
}

/** When so many calls wait for the judge and all that was sent is stored. */
async function waiting(calls: number): Promise<void> {
  while (world.answers.waitingCount < calls || world.writer.depth > 0)
    await new Promise((resolve) => setImmediate(resolve));
}

async function journalOf(type: string, count: number) {
  let found = world.journal().filter((record) => record.type === type);
  while (found.length < count) {
    await new Promise((resolve) => setImmediate(resolve));
    found = world.journal().filter((record) => record.type === type);
  }
  return found;
}

describe("an authorization", () => {
  test("is answered with the decision, which is in the journal", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    expect(answered(await authorize())).toEqual({
      eventId: "s-1",
      decisionId: expect.stringMatching(/^[0-9a-f]{12}-s-1-0$/),
      action: "approve",
      responseCode: "00",
      advice: null,
      reasons: [],
      disputed: false,
      degraded: false,
      degradedReason: null,
      duplicate: false,
      standIn: false,
      journaled: true,
    });
    expect(world.journal()).toMatchObject([{ type: "swipe", eventId: "s-1" }]);
  });

  test("of a lost card is refused with reason, code and advice, without the person's token", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    await world.send("POST", "/v1/card-status", rawStatus({ action: "report-loss", region: "330100" }));
    const response = await authorize();
    const told = answered(response);
    expect(told).toMatchObject({ action: "reject", responseCode: expect.stringMatching(/^B[78]$/) });
    expect(told.reasons[0]).toMatchObject({ rule: "R01", severity: "critical" });
    expect(told.advice?.["zh-CN"]).toContain("12393");
    const [record] = await journalOf("swipe", 1);
    expect(response.body).not.toContain((record as { personKey: string }).personKey);
  });

  test("sent again is answered with its first decision", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    const first = answered(await authorize());
    expect(answered(await authorize())).toEqual({ ...first, duplicate: true });
  });

  test("under an eventId used before with other content is a conflict", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    await authorize();
    const response = await authorize({ totalFen: 2_000 });
    expect([response.statusCode, response.json().code]).toEqual([409, "EVENT_ID_REUSED"]);
  });

  test("says that it is degraded, and why, while no snapshot of losses is known", async () => {
    world = await GatewayWorld.open();
    world.isBootstrapped = false;
    await world.judge();
    expect(answered(await authorize())).toMatchObject({
      degraded: true,
      degradedReason: "STATUS_SNAPSHOT_MISSING",
    });
  });

  test("that is refused is parked and named", async () => {
    world = await GatewayWorld.open();
    const response = await authorize({ totalFen: -1 });
    expect([response.statusCode, response.json().code]).toEqual([400, "NOTHING_ACCEPTED"]);
    expect(response.json().refused).toMatchObject([{ line: 1, field: "totalFen", eventId: "s-1" }]);
    expect(world.records(Topic.DEAD_LETTERS, 0)).toHaveLength(1);
    expect(world.answers.waitingCount).toBe(0);
  });

  test("of many terminals at once: each gets its own answer", async () => {
    world = await GatewayWorld.open();
    await world.judge();
    const ids = Array.from({ length: 200 }, (_, index) => `e-${index}`);
    const answers = await Promise.all(
      ids.map((eventId) => authorize({ eventId, personId: `P-${eventId}`, cardNumber: `C-${eventId}` })),
    );
    expect(answers.map((response) => answered(response).eventId)).toEqual(ids);
    expect(world.answers.waitingCount).toBe(0);
  });
});

describe("when the decision is late", () => {
  test("the stand-in answers in time, the journal says what was told, the true decision is dropped", async () => {
    world = await GatewayWorld.open();
    const late: DetectorAnswer[] = [];
    await world.judge((given) => late.push(given));
    const response = authorize({ institutionKind: "pharmacy" });
    await waiting(1);
    world.clock.advance(799);
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.answers.waitingCount).toBe(1);
    world.clock.advance(1);
    const told = answered(await response);
    expect(told).toMatchObject({
      action: "challenge",
      responseCode: "01",
      decisionId: null,
      degraded: true,
      degradedReason: "ANSWER_LATE",
      standIn: true,
      journaled: true,
    });
    expect(told.advice?.["zh-CN"]).toBeTruthy();
    expect(await journalOf("answer-given", 1)).toMatchObject([
      { eventId: "s-1", action: "challenge", reason: "ANSWER_LATE" },
    ]);
    while (late.length === 0) await new Promise((resolve) => setImmediate(resolve));
    world.answers.deliver(late[0]!);
    expect(late[0]!.outcomes).toMatchObject([{ type: "decision", action: "approve" }]);
  });

  test("the message sent again is answered with the true decision", async () => {
    world = await GatewayWorld.open();
    let isLate = true;
    await world.judge((given) => {
      if (!isLate) world.answers.deliver(given);
    });
    const first = authorize();
    await waiting(1);
    world.clock.advance(800);
    expect(answered(await first)).toMatchObject({ action: "challenge", standIn: true });
    isLate = false;
    expect(answered(await authorize())).toMatchObject({ action: "approve", standIn: false, duplicate: true });
  });

  test("calls run out each at its own time, and an answer in between ends only its call", async () => {
    world = await GatewayWorld.open();
    const given: DetectorAnswer[] = [];
    await world.judge((answer) => given.push(answer));
    const first = authorize({ eventId: "a" });
    await waiting(1);
    world.clock.advance(500);
    const second = authorize({ eventId: "b", personId: "PERSON-2" });
    await waiting(2);
    world.clock.advance(300);
    expect(answered(await first)).toMatchObject({ standIn: true });
    while (given.length < 2) await new Promise((resolve) => setImmediate(resolve));
    for (const each of given) world.answers.deliver(each);
    expect(answered(await second)).toMatchObject({ standIn: false, action: "approve" });
  });

  test("what was told but cannot be stored is counted and logged, the answer stands", async () => {
    const pace = new HeldPace();
    world = await GatewayWorld.open({ pace, queueRecordsMax: 1 });
    const first = authorize();
    await waiting(1);
    const held = pace.hold();
    const blocking = world.send("POST", "/v1/swipes", rawSwipe({ eventId: "other" }));
    await held;
    world.clock.advance(800);
    expect(answered(await first)).toMatchObject({ standIn: true, journaled: true });
    expect(world.logger.lines).toMatchObject([{ event: "ingest.answer-given-lost" }]);
    pace.release();
    expect((await blocking).statusCode).toBe(202);
  });
});

describe("when the swipe is not stored", () => {
  function told(response: Response) {
    expect(response.statusCode).toBe(503);
    expect(response.headers["retry-after"]).toBe("1");
    const body = notStoredAnswer.parse(response.json());
    expect(body.code).toBe("NOT_STORED");
    expect(body.answer).toMatchObject({ standIn: true, journaled: false, degraded: true });
    return body.answer;
  }

  test("because the disk is full, the terminal has an answer and the sender is told to repeat", async () => {
    world = await GatewayWorld.open({ bytesMax: 10 });
    expect(told(await authorize())).toMatchObject({ action: "challenge", degradedReason: "NOT_STORED" });
    expect(world.answers.waitingCount).toBe(0);
  });

  test("because too many calls wait, nothing is written", async () => {
    world = await GatewayWorld.open({ waitingMax: 1 });
    const first = authorize();
    await waiting(1);
    told(await authorize({ eventId: "s-2", institutionKind: "hospital" }));
    expect(world.journal()).toHaveLength(1);
    world.clock.advance(800);
    await first;
  });

  test("in time, the journal learns what was told once the swipe is in it", async () => {
    const pace = new HeldPace();
    world = await GatewayWorld.open({ pace });
    const held = pace.hold();
    const response = authorize();
    await held;
    world.clock.advance(800);
    expect(told(await response)).toMatchObject({ degradedReason: "JOURNAL_LATE" });
    expect(world.journal()).toEqual([]);
    pace.release();
    expect(await journalOf("answer-given", 1)).toMatchObject([
      { action: "challenge", reason: "JOURNAL_LATE" },
    ]);
    expect(world.journal().map(({ type }) => type)).toEqual(["swipe", "answer-given"]);
  });
});
