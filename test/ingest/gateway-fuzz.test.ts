/** Whatever bytes come: never a 5xx, never a crash, nothing in the journal that is not canonical. */

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { problem } from "../../schemas/http/problem.js";
import { JOURNAL_SCHEMAS } from "../../schemas/journal.js";
import { linesOf } from "../../services/ingest/body-lines.js";
import fc from "../support/properties.js";
import { rawFact, rawHolderLimits, rawHolderLoss, rawStatus, rawSwipe } from "../support/records.js";
import { GatewayWorld, NDJSON } from "./gateway-world.js";

let world: GatewayWorld;
beforeAll(async () => {
  world = await GatewayWorld.open();
  await world.judge();
});
afterAll(() => world.close());

const RUNS = 300;
const routes = fc.constantFrom(
  ["POST", "/v1/swipes"] as const,
  ["POST", "/v1/card-status"] as const,
  ["POST", "/v1/person-facts"] as const,
  ["POST", "/v1/feedback"] as const,
  ["POST", "/v1/holder-records"] as const,
  ["POST", "/v1/heartbeats"] as const,
  ["POST", "/v1/authorizations"] as const,
  ["PUT", "/v1/contacts"] as const,
  ["PUT", "/v1/institutions"] as const,
);
const types = fc.constantFrom("application/json", NDJSON);

const valid = fc.constantFrom(
  rawSwipe(),
  rawSwipe({ items: [{ code: "X", traceCodes: ["1", "2"] }], longitude: 120, latitude: 30 }),
  rawStatus(),
  rawStatus({ verification: { complete: true, methods: ["face"] }, agent: { agentId: "A" } }),
  rawFact(),
  rawHolderLoss(),
  rawHolderLimits(),
  { type: "heartbeat", feedId: "33", occurredAt: "2026-03-01T10:00:00+08:00" },
  { personId: "P", phone: "13800000000", name: "王", idNumberLast4: "1234" },
  { institutionId: "P1", name: "店", kind: "pharmacy" },
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    -1,
    0.5,
    1e300,
    Number.MAX_SAFE_INTEGER,
    "",
    "\ud800",
    "x".repeat(300),
    "2026-02-30T10:00:00Z",
  ),
);
/** A valid record with a field replaced, added or left out. */
const mutated = fc
  .tuple(
    valid,
    fc.nat(),
    fc.oneof(fc.constant(null), fc.string(), fc.constant("__proto__")),
    value,
    fc.boolean(),
  )
  .map(([record, index, added, replacement, isRemoved]) => {
    const keys = Object.keys(record);
    const key = added ?? keys[index % keys.length]!;
    const entries = Object.entries(record).filter(([name]) => name !== key);
    return JSON.stringify(Object.fromEntries(isRemoved ? entries : [...entries, [key, replacement]]));
  });
/** JSON text with a few bytes changed. */
const damaged = fc
  .tuple(mutated, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }))
  .map(([text, changes]) => {
    const bytes = Buffer.from(text, "utf8");
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    return bytes;
  });
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  mutated.map((text) => Buffer.from(text)),
  damaged,
  fc
    .array(damaged, { maxLength: 5 })
    .map((lines) => Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]))),
  fc.nat({ max: 50_000 }).map((depth) => Buffer.from("[".repeat(depth))),
  fc
    .nat({ max: 20_000 })
    .map((depth) => Buffer.from(`{"type":"swipe","x":${"[".repeat(depth)}${"]".repeat(depth)}}`)),
);

describe("the gateway", () => {
  test("answers any body with 2xx or a problem of 4xx", async () => {
    await fc.assert(
      fc.asyncProperty(routes, types, body, async ([method, url], type, bytes) => {
        const response = await world.send(method, url, bytes, { "content-type": type });
        if (response.statusCode < 300) return;
        expect(response.statusCode).toBeGreaterThanOrEqual(400);
        expect(response.statusCode).toBeLessThan(500);
        expect(problem.parse(response.json()).status).toBe(response.statusCode);
      }),
      { numRuns: RUNS },
    );
    expect(world.logger.lines).toEqual([]);
    for (const record of world.journal())
      expect(JOURNAL_SCHEMAS[record.type].safeParse(record).success).toBe(true);
  });

  test("answers any path, method and header with 2xx or a problem of 4xx", async () => {
    const header = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    const path = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
    await fc.assert(
      fc.asyncProperty(method, path, header, header, async (method, path, authorization, type) => {
        const response = await world.call({
          method,
          url: `/${path}`,
          headers: { authorization: `Bearer ${authorization}`, "content-type": type },
          payload: "{}",
        });
        expect(response.statusCode).toBeGreaterThanOrEqual(400);
        expect(response.statusCode).toBeLessThan(500);
        problem.parse(response.json());
      }),
      { numRuns: RUNS },
    );
    expect(world.logger.lines).toEqual([]);
  });
});

describe("lines of a body", () => {
  test("are those that a split by line feeds gives, without the empty ones", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\r\n", "字"), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 8 }), (content, linesMax) => {
        const expected = content
          .split("\n")
          .map((line, index) => ({ number: index + 1, text: line.replace(/\r$/, "") }))
          .filter((line) => line.text !== "");
        const lines = linesOf(Buffer.from(content), linesMax);
        if (expected.length > linesMax) expect(lines).toBeNull();
        else
          expect(lines?.map(({ number, bytes }) => ({ number, text: bytes.toString("utf8") }))).toEqual(
            expected,
          );
      }),
    );
  });
});
