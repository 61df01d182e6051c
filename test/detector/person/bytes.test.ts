/** Hashes and copies of person records, and eventIds as bytes. */

import { expect, test } from "@jest/globals";
import { copyBytes, hash48, hash48OfUtf8 } from "../../../services/detector/person/bytes.js";
import { EventIdBytes } from "../../../services/detector/person/event-id.js";
import { PersonRecord } from "../../../services/detector/person/person-record.js";
import { PersonTable } from "../../../services/detector/person/person-table.js";
import fc from "../../support/properties.js";

/** Well-formed: a lone half of a surrogate pair has no UTF-8. */
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("é", "e\u0301", "卡".repeat(64), "💊".repeat(32)),
);

/** UTF-8 at `at`, with other bytes around it. */
function viewOf(content: string, at: number): { view: DataView; end: number } {
  const bytes = Buffer.concat([Buffer.alloc(at, 0xaa), Buffer.from(content), Buffer.alloc(4, 0xbb)]);
  return { view: new DataView(new Uint8Array(bytes).buffer), end: bytes.length - 4 };
}

test("a text and its UTF-8 have one hash, wherever the bytes stand", () => {
  fc.assert(
    fc.property(text, fc.nat({ max: 7 }), fc.nat(), (content, at, seed) => {
      const { view, end } = viewOf(content, at);
      expect(hash48OfUtf8(view, at, end, seed)).toBe(hash48(content, seed));
    }),
    { numRuns: 2000 },
  );
});

test("neighbouring identifiers, and texts that differ in zeros, have different hashes", () => {
  const texts = Array.from({ length: 200_000 }, (_, i) => `H440305${1_000_000 + i}`);
  texts.push("", "\0", "\0\0", "\0\0\0\0", "a", "a\0");
  const hashes = new Set(texts.map((each) => hash48(each)));
  expect(hashes.size).toBe(texts.length);
  // And their lower halves, which tell eventIds apart at first sight, hardly ever meet: 4.7 pairs are expected.
  expect(new Set([...hashes].map((hash) => hash >>> 0)).size).toBeGreaterThan(texts.length - 30);
});

test("copies exactly the bytes asked for", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 9 }), (bytes, at) => {
      const to = new Uint8Array(at + bytes.length + 5).fill(7);
      copyBytes(new DataView(to.buffer), at, new DataView(new Uint8Array(bytes).buffer), 0, bytes.length);
      expect([...to]).toEqual([...Array(at).fill(7), ...bytes, ...Array(5).fill(7)]);
    }),
  );
});

test("an eventId is the same as text and as bytes", () => {
  fc.assert(
    fc.property(text, text, (content, other) => {
      const id = new EventIdBytes();
      const { view, end } = viewOf(content, 3);
      id.text = other;
      id.lookAt(view, 3, end);
      expect(id.text).toBe(content);
      const same = new EventIdBytes();
      same.text = content;
      expect(same.isAt(Buffer.from(content), 0)).toBe(true);
      expect(same.length).toBe(Buffer.byteLength(content));
      expect(id.isAt(new Uint8Array(view.buffer), 3)).toBe(true);
    }),
  );
});

test("fetching records, of persons known and unknown, changes nothing", () => {
  const table = new PersonTable(16);
  const record = new PersonRecord(table);
  for (let key = 0; key < 100; key++) table.point(record, key, 1, 2, 3);
  const before = [...table.each(record)].map((each) => Buffer.from(each.toBytes()).toString("hex"));
  for (let from = 0; from < 200; from += 40) {
    const keys = Uint32Array.from({ length: 40 }, (_, key) => from + key);
    table.fetch(keys, new Uint32Array(40).fill(1), 40);
  }
  const after = [...table.each(record)].map((each) => Buffer.from(each.toBytes()).toString("hex"));
  expect(after).toEqual(before);
  expect(table.size).toBe(100);
});
