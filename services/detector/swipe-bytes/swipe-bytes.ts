/**
 * A swipe of the journal where it lies: its fields found in the bytes of its JSON, without building an object. Whoever
 * scans has a slow path too (JSON.parse and `readSwipe`).
 *
 * Contract: where `scan` says true, JSON.parse of the bytes gives a canonical swipe, whose fields the slots hold, and
 * JSON.stringify of it gives these bytes again. False says nothing: the record may be none of a swipe, or merely unusual (an
 * escape, another order of keys, a key that is not named), and the slow path decides. After false the slots mean nothing.
 *
 * 1. Keys stand in the order in which ingest writes them: none comes twice, and what a decision repeats of its swipe stands
 *    together.
 * 2. The bytes are the record's own: the slots are positions there, so that they may not change while the swipe is used.
 */

import type { ByteSource } from "../../../platform/event-log/packed-entries.js";
import { InstantScanner } from "../../../platform/json/instant-scanner.js";
import { Byte, FAILED, ValueScanner } from "../../../platform/json/value-scanner.js";
import { NO_WORD } from "../../../platform/json/word-list.js";
import {
  AMOUNT_FEN_MAX,
  EVENT_ID_LENGTH_MAX,
  IDENTIFIER_LENGTH_MAX,
  NAME_LENGTH_MAX,
} from "../../../schemas/fields.js";
import type { RegionTable } from "../place/region.js";
import type { Swipe, SwipeSource } from "../swipe.js";
import { ItemScanner } from "./item-scanner.js";
import { readSwipeBytes } from "./read-swipe-bytes.js";
import { CHOICES, FIELD_COUNT, FIELD_KEYS, Field, KINDS, REQUIRED, ValueKind } from "./swipe-fields.js";

const ABSENT = -1;
const TAIL_BYTES_MAX = 4;
const TOKEN_DIGITS = 32;
const CONTENT_HASH_DIGITS = 16;
const REGION_DIGITS_MAX = 6;
const NOTHING: ByteSource = { bytes: Buffer.alloc(0), view: new DataView(new ArrayBuffer(0)) };

/** Shared: nothing in them outlives a scan. */
const values = new ValueScanner();
const instants = new InstantScanner(values);

export class SwipeBytes implements SwipeSource {
  readonly type = "swipe";
  source = NOTHING;
  /** Of a text the bytes between its quotes; of anything else its bytes. */
  readonly starts = new Int32Array(FIELD_COUNT);
  readonly ends = new Int32Array(FIELD_COUNT);
  /** Of a number, milliseconds of an instant, 1 for true, position of a choice in its list, a packed region. */
  readonly numbers = new Float64Array(FIELD_COUNT);
  readonly personWords = new Uint32Array(4);
  readonly cardWords = new Uint32Array(2);
  /** The first half of the content hash. */
  contentTag = 0;
  readonly items = new ItemScanner(values);
  /** Of the record: its opening brace, and behind the closing one. */
  start = 0;
  end = 0;

  has(field: number): boolean {
    return this.starts[field] !== ABSENT;
  }

  textOf(field: number): string {
    return this.source.bytes.toString("latin1", this.starts[field], this.ends[field]);
  }

  get eventId(): string {
    return this.textOf(Field.eventId);
  }

  get personKey(): string {
    return this.textOf(Field.personKey);
  }

  readInto(swipe: Swipe, regions: RegionTable, logAppendedAtMs: number): void {
    readSwipeBytes(swipe, this, regions, logAppendedAtMs);
  }

  /** What stands in `source` from `start` up to `end`; see the contract. */
  scan(source: ByteSource, start: number, end: number): boolean {
    const { starts, ends } = this;
    if (end - start < 2 || !values.begin(source, end) || values.byteAt(start) !== Byte.OBJECT) return false;
    this.source = source;
    this.start = start;
    this.end = end;
    starts.fill(ABSENT);
    let last = NO_WORD;
    let p = start;
    do {
      const field = values.wordAt(p + 1, FIELD_KEYS);
      // A key that is not known is below all.
      if (field <= last) return false;
      last = field;
      const at = p + 2 + FIELD_KEYS.lengths[field]!;
      p = this.valueAt(at, field);
      if (p === FAILED) return false;
      const isText = values.byteAt(at) === Byte.QUOTE;
      starts[field] = isText ? at + 1 : at;
      ends[field] = isText ? p - 1 : p;
    } while (p < end && values.byteAt(p) === Byte.COMMA);
    return p === end - 1 && values.byteAt(p) === Byte.OBJECT_END && this.isComplete();
  }

  private isComplete(): boolean {
    for (let i = 0; i < REQUIRED.length; i++) if (this.starts[REQUIRED[i]!] === ABSENT) return false;
    return true;
  }

  private valueAt(at: number, field: number): number {
    switch (KINDS[field]!) {
      case ValueKind.CHOICE:
        return this.number(values.choiceAt(at, CHOICES[field]!), field);
      case ValueKind.FEN: {
        const end = values.wholeAt(at);
        return values.number > AMOUNT_FEN_MAX ? FAILED : this.number(end, field);
      }
      case ValueKind.INSTANT:
        return this.number(instants.instantAt(at), field);
      case ValueKind.REGION:
        return this.regionAt(at, field);
      case ValueKind.EVENT_ID:
        return sized(values.plainAt(at), 1, EVENT_ID_LENGTH_MAX);
      case ValueKind.IDENTIFIER:
        return sized(values.plainAt(at), 1, IDENTIFIER_LENGTH_MAX);
      case ValueKind.LABEL:
        return sized(values.textAt(at), 1, IDENTIFIER_LENGTH_MAX);
      case ValueKind.LONG_LABEL:
        return sized(values.textAt(at), 0, NAME_LENGTH_MAX);
      case ValueKind.TAIL:
        return sized(values.plainAt(at), 0, TAIL_BYTES_MAX);
      case ValueKind.TOKEN:
        return this.tokenAt(at, field);
      case ValueKind.CONTENT_HASH: {
        const end = values.hexAt(at, CONTENT_HASH_DIGITS);
        this.contentTag = values.words[0]!;
        return end;
      }
      case ValueKind.DECIMAL:
        return this.number(values.decimalAt(at), field);
      case ValueKind.FLAG:
        return this.number(values.flagAt(at), field);
      default:
        return this.items.listAt(at);
    }
  }

  private number(end: number, field: number): number {
    this.numbers[field] = values.number;
    return end;
  }

  private tokenAt(at: number, field: number): number {
    const end = values.hexAt(at, TOKEN_DIGITS);
    const { words } = values;
    if (field === Field.personKey) this.personWords.set(words);
    if (field === Field.cardKey) {
      this.cardWords[0] = words[0]!;
      this.cardWords[1] = words[1]!;
    }
    return end;
  }

  /** A code of two, four or six digits, packed as place/region.ts does. */
  private regionAt(at: number, field: number): number {
    if (values.byteAt(at) !== Byte.QUOTE) return FAILED;
    values.number = 0;
    let p = at + 1;
    let value = 0;
    for (; p <= at + REGION_DIGITS_MAX; p++) {
      const digit = values.byteAt(p) - Byte.ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const digits = p - at - 1;
    if (digits === 0 || (digits & 1) !== 0 || p >= values.limit || values.byteAt(p) !== Byte.QUOTE)
      return FAILED;
    this.numbers[field] = value * 8 + digits;
    return p + 1;
  }
}

/** Is the text read last so long? In bytes, which are as many as characters or more. */
function sized(end: number, bytesMin: number, bytesMax: number): number {
  const bytes = values.end - values.start;
  return bytes < bytesMin || bytes > bytesMax ? FAILED : end;
}
