/**
 * All persons of a partition in memory: records in segments of 16 MiB, found by an open-addressing index.
 *
 * Owns: the bytes of every record, places freed by records that outgrew them.
 * Does not own: what records mean; when they are stored.
 *
 * 1. The index holds a quarter of the key and the place; a hit is confirmed by the key stored in the record.
 * 2. A place is a multiple of 512 bytes, so a place of any size class lies inside one segment.
 * 3. Nothing per person is a JavaScript object: ten million persons cost the collector nothing.
 * 4. Every place tells its length by its size class; one that holds no record has version 0.
 */

import {
  HEADER_BYTES,
  OFFSET_PERSON_KEY,
  OFFSET_SIZE_CLASS,
  OFFSET_VERSION,
  RECORD_BYTES_MAX,
  SIZE_CLASS_MAX,
  SIZE_CLASS_MIN,
} from "./layout.js";
import { type PersonRecord, type RecordHome, sizeClassOf } from "./person-record.js";

const SEGMENT_BYTES = 1 << 24;
const UNIT_BYTES = 1 << SIZE_CLASS_MIN;
const UNITS_PER_SEGMENT = SEGMENT_BYTES / UNIT_BYTES;
/** 2^26 slots are 512 MiB of index for 47 million persons: more than one partition should hold. */
const SLOTS_MAX = 1 << 26;
const LOAD_MAX = 0.7;
const CACHE_LINE_BYTES = 64;

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
  private readonly freeUnits: number[][] = Array.from({ length: SIZE_CLASS_MAX + 1 }, () => []);
  private mask: number;
  /** Two words a slot: a quarter of the key, the place's unit plus one (0: empty). */
  private index: Uint32Array;
  private persons = 0;
  /** Slot of the record pointed to last: where `grow` writes the new place. */
  private slotPointed = -1;
  /** Of no meaning: a use of what `fetchUnit` reads, so that the reads are not optimised away. */
  fetched = 0;

  constructor(personsExpected = 1024) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, personsExpected / LOAD_MAX)));
    this.mask = slots - 1;
    this.index = new Uint32Array(2 * slots);
  }

  get size(): number {
    return this.persons;
  }

  /** Bytes of records and index. */
  get bytesHeld(): number {
    return this.segments.length * SEGMENT_BYTES + this.index.byteLength;
  }

  /** Bytes of the places that hold records. */
  get bytesUsed(): number {
    return (this.unitsUsed - this.unitsFree) * UNIT_BYTES;
  }

  /** Is there a record of the person? */
  has(key0: number, key1: number, key2: number, key3: number): boolean {
    for (let slot = slotOf(key0, key1) & this.mask; ; slot = (slot + 1) & this.mask) {
      const place = this.index[2 * slot + 1]!;
      if (place === 0) return false;
      if (this.index[2 * slot] === key0 && this.isKeyOf(place - 1, key1, key2, key3)) return true;
    }
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
    let slot = slotOf(key0, key1) & this.mask;
    for (;;) {
      const place = this.index[2 * slot + 1]!;
      if (place === 0) break;
      if (this.index[2 * slot] === key0 && this.isKeyOf(place - 1, key1, key2, key3)) {
        this.slotPointed = slot;
        this.pointAt(record, place - 1);
        return;
      }
      slot = (slot + 1) & this.mask;
    }
    this.enter(record, slot, key0, key1, key2, key3);
  }

  /**
   * Asks memory for the records of persons who will be pointed at soon (`count` of them, by the first two words of
   * their keys). First for their slots, then for their records, each time without waiting in between: a batch of
   * requests takes little longer than one.
   */
  fetch(keys0: Uint32Array, keys1: Uint32Array, count: number): void {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += this.index[2 * (slotOf(keys0[i]!, keys1[i]!) & this.mask)]!;
    this.fetched = sum;
    for (let i = 0; i < count; i++) this.fetchRecord(keys0[i]!, keys1[i]!);
  }

  private fetchRecord(key0: number, key1: number): void {
    let slot = slotOf(key0, key1) & this.mask;
    while (this.index[2 * slot + 1] !== 0 && this.index[2 * slot] !== key0) slot = (slot + 1) & this.mask;
    const unit = this.index[2 * slot + 1]! - 1;
    if (unit < 0) return;
    const { view } = this.segments[Math.trunc(unit / UNITS_PER_SEGMENT)]!;
    this.fetchUnit(view, (unit % UNITS_PER_SEGMENT) * UNIT_BYTES);
  }

  /** Points `record` at every person in turn, in no particular order. */
  *each(record: PersonRecord): Generator<PersonRecord> {
    for (let slot = 0; slot <= this.mask; slot++) {
      const place = this.index[2 * slot + 1]!;
      if (place === 0) continue;
      this.slotPointed = slot;
      this.pointAt(record, place - 1);
      yield record;
    }
  }

  /** Takes the person whom `record` was pointed at last out; `record` points at nothing of meaning afterwards. */
  remove(record: PersonRecord): void {
    const unit = this.index[2 * this.slotPointed + 1]! - 1;
    this.freePlace(unit, record.view, record.base);
    this.emptySlot(this.slotPointed);
    this.slotPointed = -1;
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
      const { bytes, view } = this.segments[Math.trunc(unit / UNITS_PER_SEGMENT)]!;
      const base = (unit % UNITS_PER_SEGMENT) * UNIT_BYTES;
      const sizeClass = Math.max(SIZE_CLASS_MIN, view.getUint8(base + OFFSET_SIZE_CLASS));
      const units = 1 << (sizeClass - SIZE_CLASS_MIN);
      this.unitSwept += units;
      left -= units;
      if (view.getUint8(base + OFFSET_VERSION) === 0) continue;
      record.point(bytes, view, base, 1 << sizeClass);
      if (!isTaken(record)) continue;
      this.slotPointed = this.slotOfPlace(record, unit);
      this.remove(record);
      taken++;
    }
    return taken;
  }

  grow(record: PersonRecord, bytesUsed: number, bytesNeeded: number): void {
    if (bytesNeeded > RECORD_BYTES_MAX) throw new Error(`person record above ${RECORD_BYTES_MAX} bytes`);
    const oldUnit = this.index[2 * this.slotPointed + 1]! - 1;
    const sizeClass = sizeClassOf(bytesNeeded);
    const unit = this.takeUnits(sizeClass);
    const { bytes, view } = this.segments[Math.trunc(unit / UNITS_PER_SEGMENT)]!;
    const base = (unit % UNITS_PER_SEGMENT) * UNIT_BYTES;
    bytes.set(record.bytes.subarray(record.base, record.base + bytesUsed), base);
    view.setUint8(base + OFFSET_SIZE_CLASS, sizeClass);
    this.index[2 * this.slotPointed + 1] = unit + 1;
    this.freePlace(oldUnit, record.view, record.base);
    record.point(bytes, view, base, 1 << sizeClass);
  }

  private freePlace(unit: number, view: DataView, base: number): void {
    const sizeClass = view.getUint8(base + OFFSET_SIZE_CLASS);
    view.setUint8(base + OFFSET_VERSION, 0);
    this.unitsFree += 1 << (sizeClass - SIZE_CLASS_MIN);
    this.freeUnits[sizeClass]!.push(unit);
  }

  private slotOfPlace(record: PersonRecord, unit: number): number {
    let slot = slotOf(record.keyWord(0), record.keyWord(1)) & this.mask;
    while (this.index[2 * slot + 1] !== unit + 1) slot = (slot + 1) & this.mask;
    return slot;
  }

  /** Entries behind it that would not be found over an empty slot move up. */
  private emptySlot(slot: number): void {
    let empty = slot;
    for (let next = (slot + 1) & this.mask; this.index[2 * next + 1] !== 0; next = (next + 1) & this.mask) {
      const isBehindItsBegin = ((next - this.beginOf(next)) & this.mask) >= ((next - empty) & this.mask);
      if (!isBehindItsBegin) continue;
      this.index[2 * empty] = this.index[2 * next]!;
      this.index[2 * empty + 1] = this.index[2 * next + 1]!;
      empty = next;
    }
    this.index[2 * empty] = 0;
    this.index[2 * empty + 1] = 0;
    this.persons--;
  }

  /** The slot at which the search for the person in a slot begins. */
  private beginOf(slot: number): number {
    const unit = this.index[2 * slot + 1]! - 1;
    const { view } = this.segments[Math.trunc(unit / UNITS_PER_SEGMENT)]!;
    const key = (unit % UNITS_PER_SEGMENT) * UNIT_BYTES + OFFSET_PERSON_KEY;
    return slotOf(this.index[2 * slot]!, view.getUint32(key + 4, false)) & this.mask;
  }

  private enter(
    record: PersonRecord,
    slot: number,
    key0: number,
    key1: number,
    key2: number,
    key3: number,
  ): void {
    if (this.persons + 1 > (this.mask + 1) * LOAD_MAX) {
      this.enlarge();
      this.point(record, key0, key1, key2, key3);
      return;
    }
    const unit = this.takeUnits(SIZE_CLASS_MIN);
    this.index[2 * slot] = key0;
    this.index[2 * slot + 1] = unit + 1;
    this.persons++;
    this.slotPointed = slot;
    const { bytes, view } = this.segments[Math.trunc(unit / UNITS_PER_SEGMENT)]!;
    record.point(bytes, view, (unit % UNITS_PER_SEGMENT) * UNIT_BYTES, UNIT_BYTES);
    record.clear(key0, key1, key2, key3);
  }

  private pointAt(record: PersonRecord, unit: number): void {
    const { bytes, view } = this.segments[Math.trunc(unit / UNITS_PER_SEGMENT)]!;
    const base = (unit % UNITS_PER_SEGMENT) * UNIT_BYTES;
    record.point(bytes, view, base, 1 << view.getUint8(base + OFFSET_SIZE_CLASS));
    if (record.capacity > UNIT_BYTES)
      this.fetchUnit(view, base + Math.max(0, record.bytesUsed() - UNIT_BYTES));
  }

  /**
   * Reads a byte of every cache line of a unit, at the start and at the end of a record. The judge comes to these lines
   * one after another and would wait for each; asked for at once, memory brings them together.
   */
  private fetchUnit(view: DataView, from: number): void {
    let sum = 0;
    for (let line = 0; line < UNIT_BYTES; line += CACHE_LINE_BYTES) sum += view.getUint8(from + line);
    this.fetched = sum;
  }

  private isKeyOf(unit: number, key1: number, key2: number, key3: number): boolean {
    const { view } = this.segments[Math.trunc(unit / UNITS_PER_SEGMENT)]!;
    const base = (unit % UNITS_PER_SEGMENT) * UNIT_BYTES;
    this.fetchUnit(view, base);
    const key = base + OFFSET_PERSON_KEY;
    return (
      view.getUint32(key + 4, false) === key1 &&
      view.getUint32(key + 8, false) === key2 &&
      view.getUint32(key + 12, false) === key3
    );
  }

  private takeUnits(sizeClass: number): number {
    const units = 1 << (sizeClass - SIZE_CLASS_MIN);
    const free = this.freeUnits[sizeClass]!.pop();
    if (free !== undefined) {
      this.unitsFree -= units;
      return free;
    }
    // Aligned to its own size, a place never straddles two segments; skipped units serve smaller classes.
    for (; this.unitsUsed % units !== 0; this.unitsFree++)
      this.freeUnits[SIZE_CLASS_MIN]!.push(this.unitsUsed++);
    const unit = this.unitsUsed;
    this.unitsUsed += units;
    if (Math.trunc(unit / UNITS_PER_SEGMENT) === this.segments.length) {
      const bytes = new Uint8Array(SEGMENT_BYTES);
      this.segments.push({ bytes, view: new DataView(bytes.buffer) });
    }
    return unit;
  }

  private enlarge(): void {
    const slots = 2 * (this.mask + 1);
    if (slots > SLOTS_MAX) throw new Error(`more than ${SLOTS_MAX * LOAD_MAX} persons in one partition`);
    const old = this.index;
    this.index = new Uint32Array(2 * slots);
    this.mask = slots - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      const { view } = this.segments[Math.trunc((old[i + 1]! - 1) / UNITS_PER_SEGMENT)]!;
      const base = ((old[i + 1]! - 1) % UNITS_PER_SEGMENT) * UNIT_BYTES;
      let slot = slotOf(old[i]!, view.getUint32(base + OFFSET_PERSON_KEY + 4, false)) & this.mask;
      while (this.index[2 * slot + 1] !== 0) slot = (slot + 1) & this.mask;
      this.index[2 * slot] = old[i]!;
      this.index[2 * slot + 1] = old[i + 1]!;
    }
  }
}

/** Keys are HMACs, or identifiers in a bench: mixed, so that neighbours do not cluster. */
function slotOf(key0: number, key1: number): number {
  let hash = Math.imul(key0, 0x9e3779b1) ^ Math.imul(key1, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
}
