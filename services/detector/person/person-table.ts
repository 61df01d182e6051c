/**
 * All persons of a partition in memory: records in segments of 16 MiB, found by an index (person-index.ts).
 *
 * Owns: the bytes of every record, places freed by records that outgrew them.
 * Does not own: what records mean; when they are stored.
 *
 * 1. What the index finds by a quarter of the key is confirmed by the key stored in the record.
 * 2. A place is a multiple of 512 bytes, so a place of any size class lies inside one segment.
 * 3. Nothing per person is a JavaScript object: ten million persons cost the collector nothing.
 * 4. Every place tells its length by its size class; one that holds no record has version 0 and, where the key of a
 *    record stands, the next free place of its size class.
 * 5. No call takes longer the more persons there are: segments are added one by one, the index grows bit by bit.
 */

import {
  HEADER_BYTES,
  OFFSET_PERSON_KEY,
  OFFSET_SECTIONS,
  OFFSET_SIZE_CLASS,
  OFFSET_VERSION,
  RECORD_BYTES_MAX,
  SECTION_COUNT,
  SIZE_CLASS_MAX,
  SIZE_CLASS_MIN,
} from "./layout.js";
import { NOWHERE, PersonIndex } from "./person-index.js";
import { type PersonRecord, type RecordHome, sizeClassOf } from "./person-record.js";

const SEGMENT_BYTES = 1 << 24;
const UNIT_BYTES = 1 << SIZE_CLASS_MIN;
/** A unit's number is the number of its segment and, in these bits, its place there. */
const SEGMENT_BITS = 24 - SIZE_CLASS_MIN;
const UNIT_MASK = (1 << SEGMENT_BITS) - 1;
const CACHE_LINE_BYTES = 64;
const LINE_MASK = -CACHE_LINE_BYTES;
/** As much as most records use: a line that is fetched for nothing is one that another record waits for. */
const BEGIN_BYTES = 5 * CACHE_LINE_BYTES;
/** Of a longer one the newest entries, at most so much. */
const END_BYTES_MAX = 8 * CACHE_LINE_BYTES;
/** Records asked for together at most: more would push the first ones out of the near cache. */
const FETCHED_MAX = 64;
/** Where a record says how long it is. */
const OFFSET_END = OFFSET_SECTIONS + 2 * SECTION_COUNT;
const NO_UNIT = 0xffffffff;

interface Segment {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export class PersonTable implements RecordHome {
  private readonly segments: Segment[] = [];
  private unitsUsed = 0;
  private unitsFree = 0;
  /** Where `sweep` goes on. */
  private unitSwept = 0;
  /** By size class: the first free place. */
  private readonly firstFree = new Uint32Array(SIZE_CLASS_MAX + 1).fill(NO_UNIT);
  private readonly index: PersonIndex;
  /** Slot of the record pointed to last: where `grow` writes the new place. */
  private slotPointed = NOWHERE;
  /** What the last `fetch` found, and the state of the index it found it in. */
  private readonly slotsFetched = new Int32Array(FETCHED_MAX).fill(NOWHERE);
  private changesFetched = -1;
  /** Of no meaning: a use of what is read to have it fetched, so that the reads are not optimised away. */
  fetched = 0;

  constructor(personsExpected = 1024) {
    this.index = new PersonIndex(personsExpected, (unit) => {
      const { view } = this.segments[unit >>> SEGMENT_BITS]!;
      return view.getUint32(baseOf(unit) + OFFSET_PERSON_KEY + 4, false);
    });
  }

  get size(): number {
    return this.index.size;
  }

  /** Bytes of records and index. */
  get bytesHeld(): number {
    return this.segments.length * SEGMENT_BYTES + this.index.bytesHeld;
  }

  /** Bytes of the places that hold records. */
  get bytesUsed(): number {
    return (this.unitsUsed - this.unitsFree) * UNIT_BYTES;
  }

  /** Is there a record of the person? */
  has(key0: number, key1: number, key2: number, key3: number): boolean {
    return this.slotOf(key0, key1, key2, key3) !== NOWHERE;
  }

  /** Enters a record read from a store (checked bytes) for a person who is not here yet; points `record` at it. */
  enterStored(record: PersonRecord, stored: Uint8Array): void {
    const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
    const word = (index: number) => view.getUint32(OFFSET_PERSON_KEY + 4 * index, false);
    this.point(record, word(0), word(1), word(2), word(3));
    if (stored.length > record.capacity) this.grow(record, HEADER_BYTES, stored.length);
    const sizeClass = record.view.getUint8(record.base + OFFSET_SIZE_CLASS);
    record.bytes.set(stored, record.base);
    record.view.setUint8(record.base + OFFSET_SIZE_CLASS, sizeClass);
  }

  /** Points `record` at the person, entering an empty record for a new one. */
  point(record: PersonRecord, key0: number, key1: number, key2: number, key3: number): void {
    const slot = this.slotOf(key0, key1, key2, key3);
    if (slot === NOWHERE) {
      this.enter(record, key0, key1, key2, key3);
      return;
    }
    this.slotPointed = slot;
    this.pointAt(record, this.index.unitAt(slot));
  }

  private slotOf(key0: number, key1: number, key2: number, key3: number): number {
    const { index } = this;
    let slot = index.find(key0, key1);
    while (slot !== NOWHERE && !this.isKeyOf(index.unitAt(slot), key0, key1, key2, key3))
      slot = index.findNext(slot, key0, key1);
    return slot;
  }

  /**
   * Asks memory for the records of persons who will be pointed at soon (`count` of them, FETCHED_MAX at most, by the
   * first two words of their keys): for their slots, then for the beginnings of the records, then for the ends of longer
   * ones, each time for all without waiting in between. A batch of requests takes little longer than one.
   */
  fetch(keys0: Uint32Array, keys1: Uint32Array, count: number): void {
    if (count > FETCHED_MAX)
      throw new RangeError(`${count} persons to fetch at once, ${FETCHED_MAX} at most`);
    const { index, slotsFetched: slots } = this;
    for (let i = 0; i < count; i++) this.ask(keys0[i]!, keys1[i]!);
    for (let i = 0; i < count; i++) {
      const slot = index.find(keys0[i]!, keys1[i]!);
      slots[i] = slot;
      if (slot !== NOWHERE) this.fetchBegin(index.unitAt(slot));
    }
    for (let i = 0; i < count; i++) if (slots[i] !== NOWHERE) this.fetchEnd(index.unitAt(slots[i]!));
    this.changesFetched = index.changes;
  }

  /** Asks memory for what finding the person will read first. */
  ask(key0: number, key1: number): void {
    this.fetched = this.index.touch(key0, key1);
  }

  /**
   * The same as `point`, for the person whom `fetch` had at `place`: sought again only where others came or went since or
   * were fetched.
   */
  pointFetched(
    record: PersonRecord,
    place: number,
    key0: number,
    key1: number,
    key2: number,
    key3: number,
  ): void {
    const { index } = this;
    const slot = this.changesFetched === index.changes ? this.slotsFetched[place]! : NOWHERE;
    if (slot === NOWHERE || !this.isKeyAt(index.unitAt(slot), key0, key1, key2, key3)) {
      this.point(record, key0, key1, key2, key3);
      return;
    }
    this.slotPointed = slot;
    this.pointTo(record, index.unitAt(slot));
  }

  /**
   * The first lines of a record, whether used or not: where the processor need neither wait for the record's length nor guess
   * it, it goes on to the next person at once.
   */
  private fetchBegin(unit: number): void {
    const { view } = this.segments[unit >>> SEGMENT_BITS]!;
    const base = baseOf(unit);
    this.fetchLines(view, base, base + BEGIN_BYTES);
  }

  /** What lies behind them, of a long record its end. */
  private fetchEnd(unit: number): void {
    const { view } = this.segments[unit >>> SEGMENT_BITS]!;
    const base = baseOf(unit);
    const used = view.getUint16(base + OFFSET_END, true);
    if (used <= BEGIN_BYTES) return;
    const from = Math.max(BEGIN_BYTES, (used - END_BYTES_MAX) & LINE_MASK);
    this.fetchLines(view, base + from, base + used);
  }

  /** Points `record` at every person in turn, in no particular order. */
  *each(record: PersonRecord): Generator<PersonRecord> {
    for (const slot of this.index.slots()) {
      this.slotPointed = slot;
      this.pointAt(record, this.index.unitAt(slot));
      yield record;
    }
  }

  /** Takes the person whom `record` was pointed at last out; `record` points at nothing of meaning afterwards. */
  remove(record: PersonRecord): void {
    this.freePlace(this.index.unitAt(this.slotPointed), record.view, record.base);
    this.index.remove(this.slotPointed);
    this.slotPointed = NOWHERE;
  }

  /**
   * Goes on through the places where the last sweep ended, over at most `unitsMax` units of 512 bytes, round and round.
   * Points `record` at every person on the way, and takes out those of whom `isTaken` says so.
   * @returns how many were taken out.
   */
  sweep(record: PersonRecord, unitsMax: number, isTaken: (record: PersonRecord) => boolean): number {
    let taken = 0;
    for (let left = Math.min(unitsMax, this.unitsUsed); left > 0; ) {
      if (this.unitSwept >= this.unitsUsed) this.unitSwept = 0;
      const unit = this.unitSwept;
      const { bytes, view } = this.segments[unit >>> SEGMENT_BITS]!;
      const base = baseOf(unit);
      const sizeClass = Math.max(SIZE_CLASS_MIN, view.getUint8(base + OFFSET_SIZE_CLASS));
      const units = 1 << (sizeClass - SIZE_CLASS_MIN);
      this.unitSwept += units;
      left -= units;
      if (view.getUint8(base + OFFSET_VERSION) === 0) continue;
      record.point(bytes, view, base, 1 << sizeClass);
      if (!isTaken(record)) continue;
      this.slotPointed = this.index.slotOfUnit(record.keyWord(0), record.keyWord(1), unit);
      this.remove(record);
      taken++;
    }
    return taken;
  }

  grow(record: PersonRecord, bytesUsed: number, bytesNeeded: number): void {
    if (bytesNeeded > RECORD_BYTES_MAX) throw new Error(`person record above ${RECORD_BYTES_MAX} bytes`);
    const oldUnit = this.index.unitAt(this.slotPointed);
    const sizeClass = sizeClassOf(bytesNeeded);
    const unit = this.takeUnits(sizeClass);
    const { bytes, view } = this.segments[unit >>> SEGMENT_BITS]!;
    const base = baseOf(unit);
    bytes.set(record.bytes.subarray(record.base, record.base + bytesUsed), base);
    view.setUint8(base + OFFSET_SIZE_CLASS, sizeClass);
    this.index.setUnit(this.slotPointed, unit);
    this.freePlace(oldUnit, record.view, record.base);
    record.point(bytes, view, base, 1 << sizeClass);
  }

  private freePlace(unit: number, view: DataView, base: number): void {
    const sizeClass = view.getUint8(base + OFFSET_SIZE_CLASS);
    view.setUint8(base + OFFSET_VERSION, 0);
    this.unitsFree += 1 << (sizeClass - SIZE_CLASS_MIN);
    view.setUint32(base + OFFSET_PERSON_KEY, this.firstFree[sizeClass]!, true);
    this.firstFree[sizeClass] = unit;
  }

  private enter(record: PersonRecord, key0: number, key1: number, key2: number, key3: number): void {
    const unit = this.takeUnits(SIZE_CLASS_MIN);
    this.slotPointed = this.index.enter(key0, key1, unit);
    const { bytes, view } = this.segments[unit >>> SEGMENT_BITS]!;
    record.point(bytes, view, baseOf(unit), UNIT_BYTES);
    record.clear(key0, key1, key2, key3);
  }

  /** Reads on the way what the judge will read. */
  private pointAt(record: PersonRecord, unit: number): void {
    this.pointTo(record, unit);
    this.fetchEnd(unit);
  }

  private pointTo(record: PersonRecord, unit: number): void {
    const { bytes, view } = this.segments[unit >>> SEGMENT_BITS]!;
    const base = baseOf(unit);
    record.point(bytes, view, base, 1 << view.getUint8(base + OFFSET_SIZE_CLASS));
  }

  /**
   * Reads a byte of every cache line, the first of which begins at `from`. The judge comes to these lines one after another
   * and would wait for each; asked for at once, memory brings them together.
   */
  private fetchLines(view: DataView, from: number, end: number): void {
    let sum = 0;
    for (let at = from; at < end; at += CACHE_LINE_BYTES) sum += view.getUint8(at);
    this.fetched = sum;
  }

  private isKeyOf(unit: number, key0: number, key1: number, key2: number, key3: number): boolean {
    this.fetchBegin(unit);
    return this.isKeyAt(unit, key0, key1, key2, key3);
  }

  private isKeyAt(unit: number, key0: number, key1: number, key2: number, key3: number): boolean {
    const { view } = this.segments[unit >>> SEGMENT_BITS]!;
    const key = baseOf(unit) + OFFSET_PERSON_KEY;
    return (
      view.getUint32(key, false) === key0 &&
      view.getUint32(key + 4, false) === key1 &&
      view.getUint32(key + 8, false) === key2 &&
      view.getUint32(key + 12, false) === key3
    );
  }

  private takeUnits(sizeClass: number): number {
    const units = 1 << (sizeClass - SIZE_CLASS_MIN);
    const free = this.firstFree[sizeClass]!;
    if (free !== NO_UNIT) {
      const { view } = this.segments[free >>> SEGMENT_BITS]!;
      this.firstFree[sizeClass] = view.getUint32(baseOf(free) + OFFSET_PERSON_KEY, true);
      this.unitsFree -= units;
      return free;
    }
    // Aligned to its own size, a place never straddles two segments; skipped units serve smaller classes.
    while (this.unitsUsed % units !== 0) this.skipUnit();
    const unit = this.unitsUsed;
    this.unitsUsed += units;
    if (unit >>> SEGMENT_BITS === this.segments.length) {
      // Shared with nobody. V8 counts memory of other buffers as its own: with each few segments more it would collect
      // everything, which finds nothing.
      const bytes = new Uint8Array(new SharedArrayBuffer(SEGMENT_BYTES));
      this.segments.push({ bytes, view: new DataView(bytes.buffer) });
    }
    return unit;
  }

  /** Of a segment that is there: one begins at a multiple of every place's size. */
  private skipUnit(): void {
    const unit = this.unitsUsed++;
    const { view } = this.segments[unit >>> SEGMENT_BITS]!;
    view.setUint8(baseOf(unit) + OFFSET_SIZE_CLASS, SIZE_CLASS_MIN);
    this.freePlace(unit, view, baseOf(unit));
  }
}

/** Where a unit begins in its segment. */
function baseOf(unit: number): number {
  return (unit & UNIT_MASK) << SIZE_CLASS_MIN;
}
