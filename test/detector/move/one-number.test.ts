/** Property: a person who gets a new number in the middle of a history is judged as one who had one number all along. */

import { describe, expect, test } from "@jest/globals";
import { ALL_ZERO_KEY, Tokeniser } from "../../../services/ingest/tokens.js";
import { scenario } from "../../oracle/scenarios.js";
import type { RawRecord } from "../../oracle/types.js";
import { judgeLines } from "../../support/judge.js";
import fc from "../../support/properties.js";

const ONE = "ONE-NUMBER";
const OLD = "OLD-NUMBER";
const NEW = "NEW-NUMBER";
const tokens = new Tokeniser(ALL_ZERO_KEY);

const eventIdOf = (record: RawRecord) => ("eventId" in record ? record.eventId : "");

function as(record: RawRecord, personId: string): object {
  if ("personId" in record) return { ...record, personId };
  return "personKey" in record ? { ...record, personKey: tokens.token(personId) } : record;
}

/** The number of each message: what was sent once goes under the same number again. */
function underTwoNumbers(
  records: readonly RawRecord[],
  cut: number,
  isOld: (index: number) => boolean,
): object[] {
  const numbers = new Map<string, string>();
  const lines = records.map((record, index) => {
    const eventId = eventIdOf(record);
    const number = numbers.get(eventId) ?? (index < cut || isOld(index) ? OLD : NEW);
    numbers.set(eventId, number);
    return as(record, number);
  });
  const last = records[Math.max(0, cut - 1)];
  const occurredAt =
    last !== undefined && "occurredAt" in last ? last.occurredAt : "2026-03-01T08:00:00+08:00";
  const link = { type: "person-link", eventId: "the-link", occurredAt, personId: NEW, formerPersonId: OLD };
  return lines.toSpliced(cut, 0, link);
}

function outcomesOf(records: readonly object[]): object[] {
  return judgeLines(records.map((record) => JSON.stringify(record)))
    .judged.map(({ outcome }) => outcome)
    .filter((outcome) => !("type" in outcome) || !outcome.type.startsWith("person-"))
    .map((outcome) => JSON.parse(withoutKeys(JSON.stringify(outcome))) as object);
}

function withoutKeys(json: string): string {
  return [ONE, OLD, NEW].reduce((text, number) => {
    const key = tokens.token(number);
    return text.replaceAll(key, "KEY").replaceAll(`"${key.slice(0, 12)}-`, '"KEY-');
  }, json);
}

describe("a history of one person", () => {
  test("gives the same outcomes whether a new number comes in between or not", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (seed, share, bits) => {
          const records = scenario(seed, { persons: 1, heartbeats: false });
          const cut = Math.floor(share * records.length);
          const expected = outcomesOf(records.map((record) => as(record, ONE)));
          const isOld = (index: number) => ((bits >>> (index % 31)) & 1) === 1;
          expect(outcomesOf(underTwoNumbers(records, cut, isOld))).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
