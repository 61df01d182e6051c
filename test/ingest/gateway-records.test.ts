/** Records over HTTP: what is taken, what is refused, and that one bad line holds up no other. */

import { afterEach, describe, expect, test } from "@jest/globals";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import { Topic } from "../../schemas/topics.js";
import { at, rawFact, rawStatus, rawSwipe, START_MS } from "../support/records.js";
import { GatewayWorld, NDJSON, PARTITIONS } from "./gateway-world.js";

let world: GatewayWorld;
afterEach(() => world.close());

const feedback = {
  type: "feedback",
  eventId: "v-1",
  occurredAt: at(START_MS),
  personId: "PERSON-1",
  rule: "R12",
  verdict: "honest",
};
const heartbeat = { type: "heartbeat", feedId: "33", occurredAt: at(START_MS) };

describe("a single object", () => {
  const routes: [string, Record<string, unknown>][] = [
    ["/v1/swipes", rawSwipe()],
    ["/v1/card-status", rawStatus()],
    ["/v1/person-facts", rawFact()],
    ["/v1/feedback", feedback],
  ];
  test.each(routes)("sent to %s is in the journal when it is answered", async (url, record) => {
    world = await GatewayWorld.open();
    const response = await world.send("POST", url, record);
    expect([response.statusCode, response.json()]).toEqual([202, { accepted: 1, refused: [] }]);
    expect(response.headers["content-type"]).toMatch(/^application\/json/);
    expect(world.journal().map(({ type }) => type)).toEqual([record.type]);
  });

  test("may spread over lines", async () => {
    world = await GatewayWorld.open();
    const response = await world.send("POST", "/v1/swipes", JSON.stringify(rawSwipe(), null, 2));
    expect(response.statusCode).toBe(202);
  });

  test("that is a heartbeat is in every partition", async () => {
    world = await GatewayWorld.open();
    expect((await world.send("POST", "/v1/heartbeats", heartbeat)).statusCode).toBe(202);
    expect(world.journal()).toEqual(Array(PARTITIONS).fill(heartbeat));
  });

  test("may be sent again under the same eventId", async () => {
    world = await GatewayWorld.open();
    for (const _time of [1, 2])
      expect((await world.send("POST", "/v1/swipes", rawSwipe())).statusCode).toBe(202);
    expect(world.journal()).toHaveLength(2);
    expect(new Set(world.journal().map((record) => JSON.stringify(record))).size).toBe(1);
  });

  test("that is refused is a problem that names field and reason, not the value", async () => {
    world = await GatewayWorld.open();
    const response = await world.send("POST", "/v1/swipes", rawSwipe({ careRegion: "杭州西湖" }));
    expect(response.statusCode).toBe(400);
    expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(response.json()).toMatchObject({
      type: "urn:kadun:problem:nothing-accepted",
      code: "NOTHING_ACCEPTED",
      status: 400,
      refused: [{ line: 1, field: "careRegion", code: "FIELD_INVALID", eventId: "s-1" }],
    });
    expect(response.body).not.toContain("西湖");
    expect(world.journal()).toEqual([]);
  });

  const misplaced: [string, string, Record<string, unknown>][] = [
    ["a card status among swipes", "/v1/swipes", rawStatus()],
    ["a swipe among person facts", "/v1/person-facts", rawSwipe()],
    [
      "an activation",
      "/v1/swipes",
      { type: "activation", sequence: 9, bundleHash: "0".repeat(64), engineVersion: "1", publishedBy: [] },
    ],
    [
      "a bootstrap",
      "/v1/card-status",
      { type: "bootstrap", source: "cold-start", occurredAt: at(START_MS), snapshot: null, records: 0 },
    ],
    [
      "an answer given",
      "/v1/feedback",
      { type: "answer-given", personKey: "0".repeat(32), eventId: "e", action: "approve", reason: "" },
    ],
  ];
  test.each(misplaced)("is refused where it is %s", async (_name, url, record) => {
    world = await GatewayWorld.open();
    const response = await world.send("POST", url, record);
    expect(response.statusCode).toBe(400);
    expect(response.json().refused).toMatchObject([{ code: "TYPE_UNEXPECTED", field: "type" }]);
    expect(world.journal()).toEqual([]);
  });

  test("with more trace codes than the journal takes is refused and kept as a dead letter", async () => {
    world = await GatewayWorld.open();
    const items = Array.from({ length: 400 }, () => ({ traceCodes: Array<string>(300).fill("1") }));
    const response = await world.send("POST", "/v1/swipes", rawSwipe({ items }));
    expect(response.statusCode).toBe(400);
    expect(response.json().refused).toMatchObject([{ code: "RECORD_TOO_LONG", line: 1 }]);
    expect(world.records(Topic.DEAD_LETTERS, 0)).toHaveLength(1);
  });
});

describe("lines", () => {
  test("that are bad are parked and named by number; the others are taken in their order", async () => {
    world = await GatewayWorld.open();
    const response = await world.lines("/v1/swipes", [
      rawSwipe({ eventId: "a" }),
      "{broken",
      "",
      rawSwipe({ eventId: "b", totalFen: -1 }),
      `${JSON.stringify(rawSwipe({ eventId: "c" }))}\r`,
      rawSwipe({ eventId: "d", cardPassword: "123456" }),
    ]);
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({
      accepted: 2,
      refused: [
        { line: 2, code: "JSON_INVALID", eventId: null },
        { line: 4, code: "FIELD_INVALID", field: "totalFen", eventId: "b" },
        { line: 6, code: "FIELD_FORBIDDEN", field: "cardPassword", eventId: "d" },
      ],
    });
    expect(world.journal().map((record) => (record as CanonicalSwipe).eventId)).toEqual(["a", "c"]);
    expect(world.records(Topic.DEAD_LETTERS, 0)).toHaveLength(3);
  });

  test("that are all bad are a problem with status 400, and parked", async () => {
    world = await GatewayWorld.open();
    const response = await world.lines("/v1/swipes", ["1", "[]"]);
    expect([response.statusCode, response.json().code]).toEqual([400, "NOTHING_ACCEPTED"]);
    expect(response.json().refused).toHaveLength(2);
    expect(world.records(Topic.DEAD_LETTERS, 0)).toHaveLength(2);
  });

  test("beyond the limit are refused together: none is taken", async () => {
    world = await GatewayWorld.open({ gateway: { limits: { linesMax: 2 } } });
    const response = await world.lines("/v1/swipes", [rawSwipe(), rawSwipe(), rawSwipe()]);
    expect([response.statusCode, response.json().code]).toEqual([413, "TOO_MANY_LINES"]);
    expect(world.journal()).toEqual([]);
  });

  test("of heartbeats have a limit of their own", async () => {
    world = await GatewayWorld.open({ gateway: { limits: { heartbeatLinesMax: 1 } } });
    expect((await world.lines("/v1/heartbeats", [heartbeat])).statusCode).toBe(202);
    expect((await world.lines("/v1/heartbeats", [heartbeat, heartbeat])).statusCode).toBe(413);
  });

  test("of nothing are a body without content", async () => {
    world = await GatewayWorld.open();
    for (const text of ["", "\n\n\r\n"]) {
      const response = await world.send("POST", "/v1/swipes", text, { "content-type": NDJSON });
      expect([response.statusCode, response.json().code]).toEqual([400, "BODY_EMPTY"]);
    }
  });

  test("of many callers at once keep the order of each caller's person", async () => {
    world = await GatewayWorld.open();
    const persons = Array.from({ length: 20 }, (_, index) => `PERSON-${index}`);
    await Promise.all(
      persons.map(async (personId) => {
        for (let call = 0; call < 5; call++) {
          const lines = [0, 1, 2].map((line) =>
            rawSwipe({ personId, eventId: `${personId}-${call}-${line}` }),
          );
          expect((await world.lines("/v1/swipes", lines)).statusCode).toBe(202);
        }
      }),
    );
    const seen = new Map<string, string[]>();
    for (const record of world.journal() as CanonicalSwipe[])
      seen.set(record.personKey, [...(seen.get(record.personKey) ?? []), record.eventId]);
    expect(seen.size).toBe(persons.length);
    for (const eventIds of seen.values()) {
      expect(eventIds).toHaveLength(15);
      expect(eventIds).toEqual([...eventIds].sort());
    }
  });
});

describe("a journal that takes nothing", () => {
  test("because too much waits: 503 with Retry-After, nothing written", async () => {
    world = await GatewayWorld.open({ queueRecordsMax: 2 });
    const response = await world.lines("/v1/swipes", [rawSwipe(), rawSwipe(), rawSwipe()]);
    expect([response.statusCode, response.json().code]).toEqual([503, "NOT_STORED"]);
    expect(response.headers["retry-after"]).toBe("1");
    expect(world.journal()).toEqual([]);
    expect(world.logger.lines).toEqual([]);
  });

  test("because the disk is full: 503, and somebody is told", async () => {
    world = await GatewayWorld.open({ bytesMax: 100 });
    const response = await world.send("POST", "/v1/swipes", rawSwipe());
    expect([response.statusCode, response.json().code]).toEqual([503, "NOT_STORED"]);
    expect(world.logger.lines).toMatchObject([{ event: "ingest.not-stored" }]);
  });

  test("not even the dead letters: a refused line is not forgotten silently", async () => {
    world = await GatewayWorld.open({ bytesMax: 100 });
    const response = await world.send("POST", "/v1/swipes", "{broken");
    expect([response.statusCode, response.json().code]).toEqual([503, "NOT_STORED"]);
  });

  test("because the process stops: 503, and the sender repeats it elsewhere", async () => {
    world = await GatewayWorld.open();
    await world.writer.close();
    const response = await world.send("POST", "/v1/swipes", rawSwipe());
    expect([response.statusCode, response.json().code]).toEqual([503, "NOT_STORED"]);
  });
});
