/** Canonical records: of the documented shape, equal after a round trip through JSON, without identities. */

import { describe, expect, test } from "@jest/globals";
import { CREDENTIALS, PIN_RESULTS, STATUS_ACTIONS, SWIPE_KINDS } from "../../schemas/fields.js";
import { JOURNAL_SCHEMAS, type JournalRecord } from "../../schemas/journal.js";
import { acceptText, isRefusal } from "../../services/ingest/accept.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { goldenJournal } from "../../tools/golden-outcomes.js";
import { defaultBundle } from "../support/judge.js";
import fc from "../support/properties.js";
import { rawFact, rawStatus, rawSwipe } from "../support/records.js";

const context: CanonicalContext = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };

function accepted(record: unknown): JournalRecord {
  const result = acceptText(JSON.stringify(record), context);
  if (isRefusal(result)) throw new Error(`${result.code} ${result.field}: ${result.reason}`);
  return result;
}

function expectCanonical(record: JournalRecord): void {
  const again: unknown = JSON.parse(JSON.stringify(record));
  expect(again).toEqual(record);
  const parsed = JOURNAL_SCHEMAS[record.type].safeParse(again);
  expect(parsed.success ? parsed.data : parsed.error).toEqual(record);
}

const optional = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined });
const orNull = <Value>(of: fc.Arbitrary<Value>) => fc.oneof(optional(of), fc.constant(null));
const text = (maxLength: number) =>
  fc.string({ unit: "grapheme", minLength: 1, maxLength }).filter(isShort(maxLength));
const isShort = (maxLength: number) => (value: string) => value.length <= maxLength;
const fen = fc.nat({ max: 2 ** 47 });
const instant = fc
  .record({
    ms: fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2100, 11, 30) }),
    offset: fc.constantFrom("Z", "+08:00", "-05:30", "+00:00"),
    decimals: fc.constantFrom("", ".1", ".123", ".999999999"),
  })
  .map(({ ms, offset, decimals }) => `${new Date(ms).toISOString().slice(0, 19)}${decimals}${offset}`);

const swipe = fc
  .record({
    eventId: text(64),
    kind: fc.constantFrom(...SWIPE_KINDS),
    occurredAt: instant,
    receivedAt: orNull(instant),
    personId: text(128),
    cardNumber: orNull(text(128)),
    credential: fc.constantFrom(...CREDENTIALS),
    careRegion: fc.constantFrom("33", "3301", "330106", "999999", "00"),
    institutionName: orNull(text(256)),
    totalFen: fen,
    accountFen: orNull(fen),
    pin: orNull(fc.constantFrom(...PIN_RESULTS)),
    emergency: orNull(fc.boolean()),
    agentId: orNull(text(128)),
    originalEventId: text(64),
    longitude: orNull(fc.double({ min: -180, max: 180, noNaN: true })),
    latitude: orNull(fc.double({ min: -90, max: 90, noNaN: true })),
    items: orNull(
      fc.array(
        fc.record({
          code: orNull(text(10)),
          name: orNull(fc.constantFrom("片仔癀 3g", "感冒灵")),
          count: orNull(fc.nat()),
          amountFen: orNull(fen),
          traceCodes: orNull(fc.array(text(30), { maxLength: 12 })),
        }),
        { maxLength: 12 },
      ),
    ),
  })
  .map(rawSwipe);

const status = fc
  .record({
    eventId: text(64),
    occurredAt: instant,
    cardNumber: orNull(text(128)),
    credential: orNull(fc.constantFrom(...CREDENTIALS)),
    action: fc.constantFrom(...STATUS_ACTIONS),
    effectiveAt: orNull(instant),
    until: orNull(instant),
    newCardNumber: orNull(text(128)),
    verification: orNull(fc.record({ complete: fc.boolean(), methods: orNull(fc.array(text(20))) })),
    agent: orNull(fc.oneof(text(20), fc.record({ agentId: orNull(text(20)) }))),
    snapshot: orNull(fc.oneof(fc.boolean(), text(20))),
  })
  .map(rawStatus);

const fact = fc
  .record({
    fact: fc.constantFrom("filing", "mutual-aid", "home-region", "inpatient", "limits"),
    filingKind: orNull(fc.constantFrom("long-term", "temporary", "emergency")),
    from: orNull(instant),
    to: orNull(instant),
    dailyFen: orNull(fen),
    noNight: orNull(fc.boolean()),
  })
  .map(rawFact);

describe("a canonical record", () => {
  test("has the documented shape and survives JSON, whatever was accepted", () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 3, arbitrary: swipe }, status, fact), (raw) => {
        expectCanonical(accepted(raw));
      }),
      { numRuns: 1_000 },
    );
  });

  test("has it for every line of the golden journal that is accepted", () => {
    for (const line of goldenJournal()) {
      const result = acceptText(line, context);
      if (!isRefusal(result)) expectCanonical(result);
    }
  });

  test("holds tokens instead of identities", () => {
    const identities = { personId: "33010219900101123X", cardNumber: "A1234567890", agentId: "AGENT-77" };
    const printed = JSON.stringify(accepted(rawSwipe(identities)));
    for (const identity of Object.values(identities)) expect(printed).not.toContain(identity);
    expect(printed).toContain('"cardTail":"7890"');
  });

  test("has a content hash that tells changed content, but not when or how it was sent", () => {
    const hashOf = (raw: unknown) => (accepted(raw) as { contentHash?: string }).contentHash;
    fc.assert(
      fc.property(swipe, instant, (raw, receivedAt) => {
        expect(hashOf({ ...raw, receivedAt })).toBe(hashOf(raw));
        expect(hashOf({ ...raw, unknownField: 1 })).toBe(hashOf(raw));
        const reordered = Object.fromEntries(Object.entries(raw).reverse());
        expect(hashOf(reordered)).toBe(hashOf(raw));
        expect(hashOf({ ...raw, totalFen: (raw.totalFen as number) === 0 ? 1 : 0 })).not.toBe(hashOf(raw));
      }),
    );
  });

  test("has the same content hash for the same instant in another offset", () => {
    const hashes = ["2026-03-01T10:00:00+08:00", "2026-03-01T02:00:00.000Z", "2026-02-28T20:30-05:30"].map(
      (occurredAt) => (accepted(rawSwipe({ occurredAt })) as { contentHash?: string }).contentHash,
    );
    expect(new Set(hashes).size).toBe(1);
  });

  test("hashes what of an item is not kept, so that a repeat with another basket is not a repeat", () => {
    const hashOf = (item: object) =>
      (accepted(rawSwipe({ items: [item] })) as { contentHash?: string }).contentHash;
    const item = { code: "A", name: "感冒灵", count: 1, days: 3, traceCodes: ["1"] };
    for (const change of [{ count: 2 }, { days: 4 }, { name: "板蓝根" }, { traceCodes: ["2"] }])
      expect(hashOf({ ...item, ...change })).not.toBe(hashOf(item));
  });
});
