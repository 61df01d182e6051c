/** Thousands of persons in one table, growing in turns: each is what it would be standing alone. */

import { describe, expect, test } from "@jest/globals";
import { Person } from "../../../services/detector/person/person.js";
import { PersonRecord } from "../../../services/detector/person/person-record.js";
import { PersonTable } from "../../../services/detector/person/person-table.js";
import { standaloneRecord } from "../../../services/detector/person/record-codec.js";
import { seededRandom } from "../../oracle/scenario-random.js";
import { changePerson } from "../../support/random-person.js";

type Key = readonly [number, number, number, number];
const hexOf = (key: Key) => key.map((word) => word.toString(16).padStart(8, "0")).join("");

/** Keys of all sorts: random ones, ones that differ in one word only, zero, neighbours. */
function keysOf(seed: number, count: number): Key[] {
  const random = seededRandom(seed);
  const word = () => random.integer(0, 0xffffffff);
  const keys: Key[] = [
    [0, 0, 0, 0],
    [0, 0, 0, 1],
    [1, 0, 0, 0],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
  ];
  while (keys.length < count) {
    const kind = keys.length % 4;
    if (kind === 0) keys.push([word(), word(), word(), word()]);
    else if (kind === 1) keys.push([7, 7, 7, keys.length]);
    else if (kind === 2) keys.push([keys.length, 0, 0, 0]);
    else keys.push([7, keys.length, 7, 7]);
  }
  return keys;
}

describe("a table of persons", () => {
  test("holds what each person would hold alone, after growing in turns and enlarging its index", () => {
    const keys = keysOf(1, 3_000);
    // Far fewer expected than come: the index is enlarged several times.
    const table = new PersonTable(16);
    const record = new PersonRecord(table);
    const inTable = new Person(record);
    const random = seededRandom(2);
    const changes = new Map<string, number[]>();
    for (let turn = 0; turn < 9_000; turn++) {
      const key = turn < keys.length ? keys[turn]! : random.pick(keys.slice(0, 500));
      table.point(record, ...key);
      changePerson(inTable, turn, 6);
      const hex = hexOf(key);
      changes.set(hex, [...(changes.get(hex) ?? []), turn]);
    }
    expect(table.size).toBe(keys.length);
    for (const key of keys) {
      const alone = new Person(standaloneRecord());
      alone.record.clear(...key);
      for (const seed of changes.get(hexOf(key))!) changePerson(alone, seed, 6);
      table.point(record, ...key);
      expect(Buffer.from(record.toBytes()).equals(alone.record.toBytes())).toBe(true);
    }
    expect(table.size).toBe(keys.length);
  });

  test("takes stored persons of every size between growing ones, and lets them grow", () => {
    const keys = keysOf(3, 1_200);
    const table = new PersonTable(16);
    const record = new PersonRecord(table);
    const inTable = new Person(record);
    const alone = new Map<string, Person>();
    const sizes = new Set<number>();
    const random = seededRandom(4);
    for (const [index, key] of keys.entries()) {
      const stored = new Person(standaloneRecord());
      stored.record.clear(...key);
      changePerson(stored, index, random.integer(0, 120));
      const bytes = stored.record.toBytes();
      sizes.add(32 - Math.clz32(bytes.length - 1));
      expect(table.has(...key)).toBe(false);
      table.enterStored(record, bytes);
      expect(Buffer.from(record.toBytes()).equals(bytes)).toBe(true);
      alone.set(hexOf(key), stored);
      // One of before grows into places that others gave back, beside the new one.
      const other = random.pick(keys.slice(0, index + 1));
      table.point(record, ...other);
      changePerson(inTable, 10_000 + index, 8);
      changePerson(alone.get(hexOf(other))!, 10_000 + index, 8);
    }
    expect(sizes.size).toBeGreaterThan(3);
    expect(table.size).toBe(keys.length);
    for (const key of keys) {
      table.point(record, ...key);
      expect(Buffer.from(record.toBytes()).equals(alone.get(hexOf(key))!.record.toBytes())).toBe(true);
    }
  });

  test("finds everybody while its index grows bit by bit and others are taken out", () => {
    const keys = keysOf(9, 4_000);
    const table = new PersonTable(16);
    const record = new PersonRecord(table);
    const random = seededRandom(10);
    const present = new Map<string, number>();
    for (const [number, key] of keys.entries()) {
      table.point(record, ...key);
      record.setIncludesOffset(number);
      present.set(hexOf(key), number);
      if (random.integer(0, 3) === 0) {
        const other = random.pick(keys.slice(0, number + 1));
        if (present.delete(hexOf(other))) {
          table.point(record, ...other);
          table.remove(record);
        }
      }
      if (number % 97 !== 0) continue;
      // In the middle of a move too: nobody is lost, nobody comes back, everybody is met once.
      const met = Array.from(
        table.each(record),
        (each) => [each.personKey(), each.includesOffset()] as const,
      );
      expect(met.length).toBe(present.size);
      expect(new Map(met)).toEqual(present);
      const wrong = keys
        .slice(0, number + 1)
        .filter((each) => table.has(...each) !== present.has(hexOf(each)));
      expect(wrong).toEqual([]);
    }
    expect(table.size).toBe(present.size);
  });

  test("visits every person once", () => {
    const keys = keysOf(3, 1_000);
    const table = new PersonTable(100);
    const record = new PersonRecord(table);
    const person = new Person(record);
    for (const [index, key] of keys.entries()) {
      table.point(record, ...key);
      changePerson(person, index, index % 40);
      record.setIncludesOffset(index);
    }
    const seen = new Map<string, number>();
    for (const each of table.each(record)) seen.set(each.personKey(), each.includesOffset());
    expect(seen.size).toBe(keys.length);
    for (const [index, key] of keys.entries()) expect(seen.get(hexOf(key))).toBe(index);
  });

  test("lets a person grow while all are visited", () => {
    const keys = keysOf(4, 200);
    const table = new PersonTable(200);
    const record = new PersonRecord(table);
    const person = new Person(record);
    for (const key of keys) table.point(record, ...key);
    let visited = 0;
    for (const each of table.each(record)) {
      changePerson(person, each.keyWord(3), 200);
      visited++;
    }
    expect(visited).toBe(keys.length);
    for (const key of keys) {
      const alone = new Person(standaloneRecord());
      alone.record.clear(...key);
      changePerson(alone, key[3], 200);
      table.point(record, ...key);
      expect(Buffer.from(record.toBytes()).equals(alone.record.toBytes())).toBe(true);
    }
  });

  test("uses the places that grown records left", () => {
    const table = new PersonTable(64);
    const record = new PersonRecord(table);
    const person = new Person(record);
    const before = table.bytesHeld;
    for (let index = 0; index < 400; index++) {
      table.point(record, index, index, index, index);
      changePerson(person, index, 150);
    }
    // About 8 KiB each at the end; the places they grew out of serve those that come later.
    const used = 400 * 16_384;
    expect(table.bytesHeld - before).toBeLessThanOrEqual(used + (1 << 24));
  });

  test("forgets whom it is told to, finds all others, and takes the forgotten in again", () => {
    const keys = keysOf(5, 1_500);
    const table = new PersonTable(16);
    const record = new PersonRecord(table);
    const inTable = new Person(record);
    const random = seededRandom(6);
    /** What each person is, by key; null: not in the table. */
    const stored = new Map<string, Buffer | null>(keys.map((key) => [hexOf(key), null]));
    for (let turn = 0; turn < 6_000; turn++) {
      const key = random.pick(keys);
      const before = stored.get(hexOf(key))!;
      expect(table.has(...key)).toBe(before !== null);
      if (before !== null && turn % 3 === 0) {
        table.point(record, ...key);
        table.remove(record);
        stored.set(hexOf(key), null);
        continue;
      }
      table.point(record, ...key);
      if (before === null) expect(record.includesOffset()).toBe(-1);
      record.setIncludesOffset(turn);
      changePerson(inTable, turn, 8);
      stored.set(hexOf(key), Buffer.from(record.toBytes()));
    }
    const known = [...stored].filter(([, bytes]) => bytes !== null);
    expect(known.length).toBeGreaterThan(400);
    expect(table.size).toBe(known.length);
    for (const key of keys) {
      const bytes = stored.get(hexOf(key))!;
      expect(table.has(...key)).toBe(bytes !== null);
      if (bytes === null) continue;
      table.point(record, ...key);
      expect(bytes.equals(record.toBytes())).toBe(true);
    }
  });

  test("sweeps over every person once a round, in parts, and takes out those that are named", () => {
    const keys = keysOf(7, 1_000);
    const table = new PersonTable(16);
    const record = new PersonRecord(table);
    const inTable = new Person(record);
    for (const [index, key] of keys.entries()) {
      table.point(record, ...key);
      changePerson(inTable, index, index % 30);
      record.setIncludesOffset(index);
    }
    const used = table.bytesUsed;
    const visits = new Map<string, number>();
    const units = table.bytesHeld / 512;
    for (let swept = 0; visits.size < keys.length && swept < units; swept += 37)
      table.sweep(record, 37, (each) => {
        visits.set(each.personKey(), (visits.get(each.personKey()) ?? 0) + 1);
        return false;
      });
    expect(visits.size).toBe(keys.length);
    expect([...visits.values()].every((count) => count <= 2)).toBe(true);
    const taken = table.sweep(record, Number.MAX_SAFE_INTEGER, (each) => each.includesOffset() % 2 === 1);
    expect(taken).toBe(keys.length / 2);
    expect(table.size).toBe(keys.length / 2);
    expect(table.bytesUsed).toBeLessThan(used);
    for (const [index, key] of keys.entries()) expect(table.has(...key)).toBe(index % 2 === 0);
    for (const [index, key] of keys.entries()) {
      table.point(record, ...key);
      changePerson(inTable, index, 30);
      table.remove(record);
    }
    expect(table.size).toBe(0);
    expect(table.bytesUsed).toBe(0);
  });

  test("points at fetched persons as at any, whoever came, grew, went or was fetched in between", () => {
    const keys = keysOf(11, 2_000);
    const table = new PersonTable(16);
    const record = new PersonRecord(table);
    const inTable = new Person(record);
    const random = seededRandom(12);
    for (let turn = 0; turn < 500; turn++) {
      const group = Array.from({ length: random.integer(1, 64) }, () => random.pick(keys));
      const fetch = (fetched: readonly Key[]) =>
        table.fetch(
          Uint32Array.from(fetched, ([key0]) => key0),
          Uint32Array.from(fetched, ([, key1]) => key1),
          fetched.length,
        );
      fetch(group);
      for (const [place, key] of group.entries()) {
        const before = table.has(...key);
        table.pointFetched(record, place, ...key);
        expect(record.personKey()).toBe(hexOf(key));
        expect(record.includesOffset() >= 0).toBe(before);
        record.setIncludesOffset(turn);
        const chance = random.integer(0, 9);
        if (chance === 0) table.remove(record);
        else if (chance === 1) changePerson(inTable, turn, 30);
        else if (chance === 2) fetch([...group].reverse());
      }
    }
  });

  test("refuses to fetch more persons than it keeps apart", () => {
    const keys = new Uint32Array(65);
    expect(() => new PersonTable().fetch(keys, keys, keys.length)).toThrow(
      "65 persons to fetch at once, 64 at most",
    );
  });

  test("holds records in memory that the collector does not count: else it would run with every few segments", () => {
    const before = process.memoryUsage().external;
    const table = new PersonTable();
    const record = new PersonRecord(table);
    for (let person = 0; person < 131_072; person++) table.point(record, person, 0, 0, 0);
    expect(table.bytesUsed).toBe(4 * 2 ** 24);
    expect(process.memoryUsage().external - before).toBeLessThan(2 ** 24);
  });
});
