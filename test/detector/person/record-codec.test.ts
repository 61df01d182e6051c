/** Person records stored and loaded again: the same bytes, the same answers, damage and versions noticed. */

import { describe, expect, test } from "@jest/globals";
import { crc32c } from "../../../schemas/crc32c.js";
import {
  BYTES_FACTS,
  HEADER_BYTES,
  OFFSET_CRC,
  OFFSET_VERSION,
  RECORD_BYTES_MAX,
  RECORD_VERSION,
  SECTION_COUNT,
} from "../../../services/detector/person/layout.js";
import {
  PersonRecordError,
  standaloneRecord,
  upgraded,
} from "../../../services/detector/person/record-codec.js";
import { standalonePerson, swipeOf, verdictOf } from "../../support/person.js";
import fc from "../../support/properties.js";
import { changePerson } from "../../support/random-person.js";

const person = fc.record({ seed: fc.nat(), changes: fc.nat({ max: 300 }) });

function storedPerson({ seed, changes }: { seed: number; changes: number }): Uint8Array {
  const made = standalonePerson();
  changePerson(made, seed, changes);
  made.record.setIncludesOffset(seed);
  return made.record.toBytes();
}

function codeOf(bytes: Uint8Array, upgrades?: Parameters<typeof upgraded>[1]): string {
  try {
    upgraded(bytes, upgrades);
    return "accepted";
  } catch (error) {
    if (error instanceof PersonRecordError) return error.code;
    throw error;
  }
}

/** The bytes of another version, with a CRC that holds. */
function ofVersion(bytes: Uint8Array, version: number): Uint8Array {
  const copy = bytes.slice();
  copy[OFFSET_VERSION] = version;
  return sealed(copy);
}

function sealed(copy: Uint8Array): Uint8Array {
  const view = new DataView(copy.buffer);
  view.setUint32(OFFSET_CRC, 0, true);
  view.setUint32(OFFSET_CRC, crc32c(copy), true);
  return copy;
}

describe("a stored person record", () => {
  test("is taken as a part of other memory, which stays as it is", () => {
    const stored = storedPerson({ seed: 7, changes: 20 });
    const around = Buffer.alloc(stored.length + 64, 0xee);
    around.set(stored, 32);
    const before = Buffer.from(around);
    expect(codeOf(around.subarray(32, 32 + stored.length))).toBe("accepted");
    expect(around.equals(before)).toBe(true);
  });

  test("loads into the same bytes, and goes on as the one that stayed in memory", () => {
    fc.assert(
      fc.property(person, person, (before, after) => {
        const stayed = standalonePerson();
        changePerson(stayed, before.seed, before.changes);
        const loaded = standalonePerson(stayed.record.toBytes());
        expect(Buffer.from(loaded.record.toBytes()).equals(stayed.record.toBytes())).toBe(true);
        changePerson(stayed, after.seed, after.changes);
        changePerson(loaded, after.seed, after.changes);
        expect(Buffer.from(loaded.record.toBytes()).equals(stayed.record.toBytes())).toBe(true);
      }),
    );
  });

  test("keeps the key and the journal offset it includes", () => {
    const record = standaloneRecord();
    record.clear(0x01020304, 0xfffefdfc, 0, 0xa0b0c0d0);
    record.setIncludesOffset(2 ** 40 + 1);
    const loaded = standaloneRecord(record.toBytes());
    expect(loaded.personKey()).toBe("01020304fffefdfc00000000a0b0c0d0");
    expect(loaded.includesOffset()).toBe(2 ** 40 + 1);
  });

  test("with one byte changed anywhere is CORRUPT", () => {
    fc.assert(
      fc.property(person, fc.nat(), fc.integer({ min: 1, max: 255 }), (of, position, change) => {
        const bytes = storedPerson(of);
        const at = position % bytes.length;
        bytes[at] = bytes[at]! ^ change;
        expect(codeOf(bytes)).toBe("CORRUPT");
      }),
      { numRuns: 300 },
    );
  });

  test("cut short or with bytes behind it is CORRUPT", () => {
    fc.assert(
      fc.property(person, fc.nat(), (of, position) => {
        const bytes = storedPerson(of);
        expect(codeOf(bytes.slice(0, position % bytes.length))).toBe("CORRUPT");
        expect(codeOf(Buffer.concat([bytes, new Uint8Array(1 + (position % 64))]))).toBe("CORRUPT");
      }),
    );
  });

  test("whose sections do not follow each other is CORRUPT though its CRC holds", () => {
    const bytes = storedPerson({ seed: 1, changes: 50 });
    const view = new DataView(bytes.buffer);
    view.setUint16(32 + 2 * 3, HEADER_BYTES - 2, true);
    expect(codeOf(sealed(bytes))).toBe("CORRUPT");
    const longer = sealed(Buffer.concat([storedPerson({ seed: 1, changes: 50 }), new Uint8Array(8)]).slice());
    expect(codeOf(longer)).toBe("CORRUPT");
  });

  test("of a newer version names both versions and the next step", () => {
    const bytes = ofVersion(storedPerson({ seed: 2, changes: 20 }), RECORD_VERSION + 1);
    expect(codeOf(bytes)).toBe("NEWER_VERSION");
    expect(() => standaloneRecord(bytes)).toThrow(
      `person record of version ${RECORD_VERSION + 1}; this program reads up to ${RECORD_VERSION}: install the newer release`,
    );
  });
});

describe("upgrades", () => {
  // Versions that never were: 254 lacked the settle count, 255 had an empty facts block for everybody.
  const upgradeFrom254 = (bytes: Uint8Array) => ofVersion(bytes, 255);
  const upgradeFrom255 = (bytes: Uint8Array) => {
    const copy = Buffer.concat([bytes.subarray(0, HEADER_BYTES), bytes.subarray(HEADER_BYTES + BYTES_FACTS)]);
    const view = new DataView(copy.buffer, copy.byteOffset, copy.length);
    for (let section = 1; section <= SECTION_COUNT; section++)
      view.setUint16(32 + 2 * section, view.getUint16(32 + 2 * section, true) - BYTES_FACTS, true);
    return ofVersion(new Uint8Array(copy), RECORD_VERSION);
  };
  const upgrades = { 254: upgradeFrom254, 255: upgradeFrom255 };

  /** As version 254 would have stored the record: 96 bytes of its first section that nobody needs any more. */
  function asVersion254(bytes: Uint8Array): Uint8Array {
    const copy = Buffer.concat([
      bytes.subarray(0, HEADER_BYTES),
      new Uint8Array(BYTES_FACTS),
      bytes.subarray(HEADER_BYTES),
    ]);
    const view = new DataView(copy.buffer, copy.byteOffset, copy.length);
    for (let section = 1; section <= SECTION_COUNT; section++)
      view.setUint16(32 + 2 * section, view.getUint16(32 + 2 * section, true) + BYTES_FACTS, true);
    return ofVersion(new Uint8Array(copy), 254);
  }

  test("are applied one after the other up to the present version", () => {
    fc.assert(
      fc.property(person, (of) => {
        const bytes = storedPerson(of);
        fc.pre(bytes.length + BYTES_FACTS <= RECORD_BYTES_MAX);
        expect(Buffer.from(upgraded(asVersion254(bytes), upgrades)).equals(bytes)).toBe(true);
      }),
    );
  });

  test("that give damaged bytes are noticed", () => {
    const bytes = asVersion254(storedPerson({ seed: 3, changes: 30 }));
    const broken = { ...upgrades, 255: (old: Uint8Array) => upgradeFrom255(old).fill(7, 100, 101) };
    expect(codeOf(bytes, broken)).toBe("CORRUPT");
  });

  test("with a gap in the chain say so", () => {
    expect(codeOf(asVersion254(storedPerson({ seed: 4, changes: 30 })), { 254: upgradeFrom254 })).toBe(
      "NEWER_VERSION",
    );
  });
});

test("a record with every array at its limit and the longest eventIds fits the largest size class", () => {
  const full = standalonePerson();
  for (let seed = 0; seed < 40; seed++) changePerson(full, seed, 100);
  const eventId = (index: number) => `${index}`.padStart(64, "卡");
  const findings = { hits: 2, actionsLow: 2, actionsHigh: 0, passed: 0, failed: 0, challenged: 0 };
  const start = Date.UTC(2026, 5, 1);
  for (let index = 0; index < 64; index++) {
    const swipe = swipeOf({ eventId: eventId(index), t: start + index, listedFen: 1 });
    full.settles.keep(swipe, verdictOf({ findings }), () => {});
    if (index < 8) full.authorizes.keep(swipe, verdictOf({ findings }), () => {});
  }
  for (let card = 0; card < 8; card++)
    for (let index = 0; index < 8; index++) full.pins.add(card, start + index, true, 1);
  for (let index = 0; index < 64; index++) full.traces.add(index, index, start);
  full.facts.setMutualAid(0, 1);
  expect({
    settles: full.settles.count(),
    authorizes: full.authorizes.count(),
    events: full.events.count(),
    cards: full.cards.count(),
    pins: full.pins.count(),
    traces: full.traces.count(),
    cities: full.cities.count(),
    feedback: full.feedback.count(),
    seen: full.seen.count(),
  }).toEqual({
    settles: 64,
    authorizes: 8,
    events: 48,
    cards: 8,
    pins: 64,
    traces: 64,
    cities: 8,
    feedback: 32,
    seen: 32,
  });
  expect(full.record.toBytes().length).toBeLessThanOrEqual(RECORD_BYTES_MAX);
});
