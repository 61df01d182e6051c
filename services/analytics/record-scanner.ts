/**
 * Finds the fields of a record in the bytes of its JSON, without building an object: those of a swipe or a decision as
 * Kadun writes them, nearly all that a log holds. Whoever scans has a slow path too (JSON.parse).
 *
 * Contract: where `scan` says true, the slots hold what JSON.parse of the bytes gives under the keys named. False says
 * nothing: the record may merely be unusual (an escape, a key that is not named, a finding, a basket of hundreds), and
 * the slow path decides. After false the slots mean nothing.
 */

import { InstantScanner } from "../../platform/json/instant-scanner.js";
import { Byte, FAILED, ValueScanner } from "../../platform/json/value-scanner.js";
import { NO_WORD, WORD_COMPARED_BYTES, WordList } from "../../platform/json/word-list.js";
import { ScannedItems } from "./scanned-items.js";
import { stepOver, stepOverEmptyList, stepOverNull } from "./step-over.js";

/** Records of a log are a tenth of it. */
const BYTES_MAX = 64 << 10;

/** What stands under a key. */
export type FieldKind =
  | "text"
  | "text-or-null"
  | "whole"
  | "decimal"
  | "flag"
  | "instant"
  /** Any value: it has no column. */
  | "unread"
  | "items"
  /** A list without elements; others are the slow path's. */
  | "empty-list"
  | "object";

export interface ScannedField {
  readonly key: string;
  readonly kind: FieldKind;
  /** Those of an object; their slots are counted on. */
  readonly fields?: readonly ScannedField[];
}

/** The keys that may stand in one object. */
interface Keys {
  readonly words: WordList;
  /** By word. */
  readonly kinds: readonly FieldKind[];
  readonly slots: readonly number[];
  readonly inner: readonly (Keys | null)[];
}

export class RecordScanner {
  /** The record's JSON, in memory that reaches as far behind it as scanners look. */
  readonly bytes = Buffer.alloc(BYTES_MAX + WORD_COMPARED_BYTES);
  readonly view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  private readonly values = new ValueScanner();
  private readonly instants = new InstantScanner(this.values);
  readonly items = new ScannedItems(this.values, this.bytes);
  /** Fields by slot, those of inner objects too. */
  readonly fields: readonly ScannedField[];
  /** Slots that have a value, as they were found; the first `seenCount` count. */
  readonly seen: Uint8Array;
  seenCount = 0;
  /** First byte of a text in `bytes` and the byte after its last, by slot. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Value of a number, milliseconds of an instant, 1 for true, by slot. */
  readonly numbers: Float64Array;
  private readonly keys: Keys;

  constructor(fields: readonly ScannedField[]) {
    const slots: ScannedField[] = [];
    this.keys = keysOf(fields, slots);
    this.fields = slots;
    this.seen = new Uint8Array(slots.length);
    this.starts = new Int32Array(slots.length);
    this.ends = new Int32Array(slots.length);
    this.numbers = new Float64Array(slots.length);
  }

  /** @param json as JSON.stringify wrote it, its checksum checked. */
  scan(json: Uint8Array): boolean {
    if (json.length > BYTES_MAX) return false;
    this.bytes.set(json);
    if (!this.values.begin(this, json.length)) return false;
    this.seenCount = 0;
    this.items.clear();
    return this.objectAt(0, this.keys) === json.length;
  }

  private objectAt(at: number, keys: Keys): number {
    const { values } = this;
    if (values.byteAt(at) !== Byte.OBJECT) return FAILED;
    let p = at;
    do {
      const word = values.wordAt(p + 1, keys.words);
      if (word === NO_WORD) return FAILED;
      p = this.valueAt(p + 2 + keys.words.lengths[word]!, keys, word);
      if (p === FAILED) return FAILED;
    } while (p < values.limit && values.byteAt(p) === Byte.COMMA);
    return values.byteAt(p) === Byte.OBJECT_END ? p + 1 : FAILED;
  }

  private valueAt(at: number, keys: Keys, word: number): number {
    const { values } = this;
    const slot = keys.slots[word]!;
    switch (keys.kinds[word]!) {
      case "text":
        return this.text(values.textAt(at), slot);
      case "text-or-null":
        return this.textOrNull(at, slot);
      case "whole":
        return this.value(values.wholeAt(at), slot);
      case "decimal":
        return this.value(values.decimalAt(at), slot);
      case "flag":
        return this.value(values.flagAt(at), slot);
      case "instant":
        return this.value(this.instants.instantAt(at), slot);
      case "items":
        return this.value(this.items.listAt(at), slot);
      case "unread":
        return stepOver(values, at);
      case "empty-list":
        return stepOverEmptyList(values, at);
      case "object":
        return this.objectAt(at, keys.inner[word]!);
    }
  }

  private textOrNull(at: number, slot: number): number {
    const end = stepOverNull(this.values, at);
    return end === FAILED ? this.text(this.values.textAt(at), slot) : end;
  }

  private text(end: number, slot: number): number {
    this.starts[slot] = this.values.start;
    this.ends[slot] = this.values.end;
    return this.found(end, slot);
  }

  private value(end: number, slot: number): number {
    this.numbers[slot] = this.values.number;
    return this.found(end, slot);
  }

  private found(end: number, slot: number): number {
    // A key that stands twice is none that JSON.stringify wrote.
    if (this.seenCount === this.seen.length) return FAILED;
    this.seen[this.seenCount++] = slot;
    return end;
  }
}

function keysOf(fields: readonly ScannedField[], slots: ScannedField[]): Keys {
  return {
    words: new WordList(
      fields.map(({ key }) => key),
      '":',
    ),
    kinds: fields.map(({ kind }) => kind),
    slots: fields.map((field) => slots.push(field) - 1),
    inner: fields.map((field) => (field.fields === undefined ? null : keysOf(field.fields, slots))),
  };
}
