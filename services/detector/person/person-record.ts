/**
 * One person's record: a view over bytes that somebody else owns.
 *
 * Owns: the header, where each section lies, opening and closing gaps in it.
 * Does not own: the bytes (`RecordHome` moves them when they outgrow their place), nor what sections mean.
 *
 * 1. Positions handed out are relative to the record's start: they survive a move of the record, not a change of
 *    a section before them.
 * 2. Only bytes below `end()` belong to the record; what lies behind is never read, hashed or stored.
 * 3. Every byte of a gap is written before the next read: equal histories give equal bytes.
 */

import { crc32c } from "../../../schemas/crc32c.js";
import { copyBytes } from "./bytes.js";
import {
  HEADER_BYTES,
  OFFSET_AUTHORIZE_COUNT,
  OFFSET_CRC,
  OFFSET_INCLUDES,
  OFFSET_PERSON_KEY,
  OFFSET_SECTIONS,
  OFFSET_SETTLE_COUNT,
  OFFSET_SIZE_CLASS,
  OFFSET_VERSION,
  RECORD_BYTES_MAX,
  RECORD_VERSION,
  SECTION_COUNT,
  type SectionId,
  SIZE_CLASS_MIN,
} from "./layout.js";

const COPIED_HERE_MAX = 64;

/** Who owns the bytes: gives a record that outgrew its place a larger one, with its content moved. */
export interface RecordHome {
  /** Points `record` at a place of at least `bytesNeeded` that holds the same first `bytesUsed` bytes. */
  grow(record: PersonRecord, bytesUsed: number, bytesNeeded: number): void;
}

export class PersonRecord {
  bytes: Uint8Array = EMPTY;
  view: DataView = EMPTY_VIEW;
  base = 0;
  capacity = 0;

  constructor(private readonly home: RecordHome) {}

  /** Looks at the record that begins at `base` of `bytes`. */
  point(bytes: Uint8Array, view: DataView, base: number, capacity: number): void {
    this.bytes = bytes;
    this.view = view;
    this.base = base;
    this.capacity = capacity;
  }

  /** Makes an empty record of the person at the place it points to. */
  clear(key0: number, key1: number, key2: number, key3: number): void {
    const { view, base } = this;
    this.bytes.fill(0, base, base + HEADER_BYTES);
    view.setUint8(base + OFFSET_VERSION, RECORD_VERSION);
    view.setUint8(base + OFFSET_SIZE_CLASS, SIZE_CLASS_MIN);
    view.setUint32(base + OFFSET_PERSON_KEY, key0, false);
    view.setUint32(base + OFFSET_PERSON_KEY + 4, key1, false);
    view.setUint32(base + OFFSET_PERSON_KEY + 8, key2, false);
    view.setUint32(base + OFFSET_PERSON_KEY + 12, key3, false);
    view.setFloat64(base + OFFSET_INCLUDES, -1, true);
    for (let section = 0; section <= SECTION_COUNT; section++)
      view.setUint16(base + OFFSET_SECTIONS + 2 * section, HEADER_BYTES, true);
  }

  start(section: SectionId): number {
    return this.view.getUint16(this.base + OFFSET_SECTIONS + 2 * section, true);
  }

  end(section: SectionId): number {
    return this.view.getUint16(this.base + OFFSET_SECTIONS + 2 * section + 2, true);
  }

  size(section: SectionId): number {
    return this.end(section) - this.start(section);
  }

  /**
   * Is there nothing in the section? To ask here before a section is asked costs little: all records are of one class,
   * the views of sections of many, which the engine tells apart each time.
   */
  isEmpty(section: SectionId): boolean {
    return this.end(section) === this.start(section);
  }

  bytesUsed(): number {
    return this.view.getUint16(this.base + OFFSET_SECTIONS + 2 * SECTION_COUNT, true);
  }

  /** Opens a zeroed gap at `at` inside (or at the end of) a section. */
  open(section: SectionId, at: number, bytes: number): void {
    this.openUnset(section, at, bytes);
    for (let i = this.base + at; i < this.base + at + bytes; i++) this.bytes[i] = 0;
  }

  /** Opens a gap of which the caller writes every byte (invariant 3). */
  openUnset(section: SectionId, at: number, bytes: number): void {
    const used = this.bytesUsed();
    this.ensure(used, bytes);
    this.move(at, used, bytes);
    this.shift(section, bytes);
  }

  /**
   * Makes the last section so many bytes longer, of which a gap of `gap` bytes is opened at `at` and the others lie at
   * the end; the caller writes every one of both.
   */
  extend(bytes: number, at: number, gap: number): void {
    const used = this.bytesUsed();
    this.ensure(used, bytes);
    this.move(at, used, gap);
    this.shift((SECTION_COUNT - 1) as SectionId, bytes);
  }

  private ensure(used: number, bytes: number): void {
    if (used + bytes <= this.capacity) return;
    if (used + bytes > RECORD_BYTES_MAX) throw new Error(`person record above ${RECORD_BYTES_MAX} bytes`);
    this.home.grow(this, used, used + bytes);
  }

  /** What lies from `at` up to `used` comes to lie `gap` bytes further back. */
  private move(at: number, used: number, gap: number): void {
    const from = this.base + at;
    const behind = used - at;
    // A few bytes that do not overlap their new place: cheaper without a call into the engine.
    if (behind <= Math.min(gap, COPIED_HERE_MAX)) copyBytes(this.view, from + gap, this.view, from, behind);
    else this.bytes.copyWithin(from + gap, from, this.base + used);
  }

  /** Removes bytes of a section. */
  close(section: SectionId, at: number, bytes: number): void {
    const from = this.base + at;
    this.bytes.copyWithin(from, from + bytes, this.base + this.bytesUsed());
    this.shift(section, -bytes);
  }

  private shift(section: SectionId, bytes: number): void {
    for (let next = section + 1; next <= SECTION_COUNT; next++) {
      const offset = this.base + OFFSET_SECTIONS + 2 * next;
      this.view.setUint16(offset, this.view.getUint16(offset, true) + bytes, true);
    }
  }

  settleCount(): number {
    return this.view.getUint8(this.base + OFFSET_SETTLE_COUNT);
  }

  authorizeCount(): number {
    return this.view.getUint8(this.base + OFFSET_AUTHORIZE_COUNT);
  }

  addToCount(offset: typeof OFFSET_SETTLE_COUNT | typeof OFFSET_AUTHORIZE_COUNT, change: number): void {
    this.view.setUint8(this.base + offset, this.view.getUint8(this.base + offset) + change);
  }

  /** Journal offset of the last record this state includes; −1 for none. */
  includesOffset(): number {
    return this.view.getFloat64(this.base + OFFSET_INCLUDES, true);
  }

  setIncludesOffset(offset: number): void {
    this.view.setFloat64(this.base + OFFSET_INCLUDES, offset, true);
  }

  keyWord(index: 0 | 1 | 2 | 3): number {
    return this.view.getUint32(this.base + OFFSET_PERSON_KEY + 4 * index, false);
  }

  /** The personKey, 32 hex digits. */
  personKey(): string {
    let hex = "";
    for (let word = 0; word < 4; word++)
      hex += this.keyWord(word as 0 | 1 | 2 | 3)
        .toString(16)
        .padStart(8, "0");
    return hex;
  }

  /** A sealed copy of the used bytes: size class and CRC set. What stores keep and evidence hashes. */
  toBytes(): Uint8Array {
    const copy = new Uint8Array(this.bytesUsed());
    this.sealInto(copy);
    return copy;
  }

  /**
   * The same into `target`, of `bytesUsed()` bytes.
   * @param checksum CRC32C; whoever seals thousands brings the processor's.
   */
  sealInto(target: Uint8Array, checksum: (bytes: Uint8Array) => number = crc32c): void {
    target.set(this.bytes.subarray(this.base, this.base + target.length));
    target[OFFSET_SIZE_CLASS] = sizeClassOf(target.length);
    writeWord(target, OFFSET_CRC, 0);
    writeWord(target, OFFSET_CRC, checksum(target));
  }
}

/** Little-endian. */
function writeWord(target: Uint8Array, at: number, word: number): void {
  for (let byte = 0; byte < 4; byte++) target[at + byte] = word >>> (8 * byte);
}

/** The smallest size class (log2) that holds so many bytes. */
export function sizeClassOf(bytes: number): number {
  return Math.max(SIZE_CLASS_MIN, 32 - Math.clz32(bytes - 1));
}

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);
