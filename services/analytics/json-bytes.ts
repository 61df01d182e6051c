/**
 * JSON text as bytes, read value by value at given places. Every `…At` returns where the value ends, or FAILED; what it
 * read stands in `start` and `end` (a text) or `number`.
 *
 * 1. The bytes are UTF-8 and JSON as `JSON.stringify` wrote it: whoever loads them has checked their checksum. FAILED
 *    says that a value is unusual (an escape, an exponent, many digits), not that it is wrong.
 * 2. Numbers are those of JSON.parse to the last bit: up to 15 digits, and 10^0 to 10^15, are exact in a double, so that
 *    their quotient is the nearest double to the decimal.
 * 3. The bytes are copied once into memory of the reader's own, with a quote behind them, which ends every text.
 */

import { endOfDigits, endOfPlain } from "../../platform/json/byte-words.js";
import { WORD_COMPARED_BYTES } from "../../platform/json/word-list.js";
import { parseInstantMs } from "../../schemas/instant.js";

export const FAILED = -1;
export const Byte = {
  QUOTE: 0x22,
  COMMA: 0x2c,
  MINUS: 0x2d,
  POINT: 0x2e,
  ZERO: 0x30,
  LIST: 0x5b,
  LIST_END: 0x5d,
  OBJECT: 0x7b,
  OBJECT_END: 0x7d,
  DELETE: 0x7f,
} as const;

/** Records of a log are a tenth of it. */
const BYTES_MAX = 64 << 10;
const DIGITS_MAX = 15;
const POWERS_OF_TEN = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => 10 ** exponent);
/** As Kadun writes them: 2026-03-01T10:00:00.000+08:00. */
const INSTANT_CHARACTERS = 29;
const DAYS_OF_EVERY_MONTH = 28;
/** Date.UTC takes the first hundred for those of another century. */
const PLAIN_YEAR_MIN = 1000;
/** Four characters as a little-endian word. */
const PLUS_08 = wordOf("+08:");
const TRUE = wordOf("true");
const FALS = wordOf("fals");
const NULL = wordOf("null");

export class JsonBytes {
  readonly bytes = Buffer.alloc(BYTES_MAX + 1 + WORD_COMPARED_BYTES);
  readonly view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  start = 0;
  end = 0;
  number = 0;

  /** False where there is no room. */
  load(json: Uint8Array): boolean {
    if (json.length > BYTES_MAX) return false;
    this.bytes.set(json);
    this.bytes[json.length] = Byte.QUOTE;
    return true;
  }

  isNullAt(at: number): boolean {
    return this.view.getInt32(at, true) === NULL;
  }

  isEmptyListAt(at: number): boolean {
    return this.bytes[at] === Byte.LIST && this.bytes[at + 1] === Byte.LIST_END;
  }

  /** A text without escapes. */
  textAt(at: number): number {
    const { bytes, view } = this;
    if (bytes[at] !== Byte.QUOTE) return FAILED;
    let end = endOfPlain(view, at + 1);
    // Beyond ASCII nothing ends a text either.
    while (bytes[end]! >= Byte.DELETE) end = endOfPlain(view, end + 1);
    if (bytes[end] !== Byte.QUOTE) return FAILED;
    this.start = at + 1;
    this.end = end;
    return end + 1;
  }

  /** An integer from 0. */
  wholeAt(at: number): number {
    const end = endOfDigits(this.view, at);
    if (end === at || end - at > DIGITS_MAX || !this.endsNumber(end)) return FAILED;
    let value = 0;
    for (let i = at; i < end; i++) value = value * 10 + this.bytes[i]! - Byte.ZERO;
    this.number = value;
    return end;
  }

  decimalAt(at: number): number {
    const { bytes, view } = this;
    const start = bytes[at] === Byte.MINUS ? at + 1 : at;
    const point = endOfDigits(view, start);
    const end = bytes[point] === Byte.POINT ? endOfDigits(view, point + 1) : point;
    const decimals = end === point ? 0 : end - point - 1;
    if (point - start + decimals > DIGITS_MAX || !this.endsNumber(end)) return FAILED;
    let value = 0;
    for (let i = start; i < end; i++) if (i !== point) value = value * 10 + bytes[i]! - Byte.ZERO;
    value /= POWERS_OF_TEN[decimals]!;
    this.number = start === at ? value : -value;
    return end;
  }

  /** 1 for true, 0 for false. */
  flagAt(at: number): number {
    const word = this.view.getInt32(at, true);
    this.number = word === TRUE ? 1 : 0;
    if (word === TRUE) return at + 4;
    return word === FALS ? at + 5 : FAILED;
  }

  /** Milliseconds since 1970. */
  instantAt(at: number): number {
    const { bytes } = this;
    const end = at + 1 + INSTANT_CHARACTERS;
    if (bytes[at] !== Byte.QUOTE || bytes[end] !== Byte.QUOTE) return FAILED;
    this.number = this.instantMs(at + 1);
    return Number.isNaN(this.number) ? FAILED : end + 1;
  }

  /** Of the written form with `+08:00`; other offsets, years and ends of months are left to the parser of texts. */
  private instantMs(at: number): number {
    const { bytes } = this;
    const year = 100 * this.twoDigits(at) + this.twoDigits(at + 2);
    const day = this.twoDigits(at + 8);
    if (year < PLAIN_YEAR_MIN || day > DAYS_OF_EVERY_MONTH || !this.hasMsAndChinaOffset(at))
      return parseInstantMs(bytes.toString("latin1", at, at + INSTANT_CHARACTERS));
    const minutes = 60 * (this.twoDigits(at + 11) - 8) + this.twoDigits(at + 14);
    const ms = 100 * (bytes[at + 20]! - Byte.ZERO) + this.twoDigits(at + 21);
    return Date.UTC(year, this.twoDigits(at + 5) - 1, day, 0, minutes, this.twoDigits(at + 17), ms);
  }

  private hasMsAndChinaOffset(at: number): boolean {
    const { bytes, view } = this;
    return (
      bytes[at + 19] === Byte.POINT &&
      view.getInt32(at + 23, true) === PLUS_08 &&
      this.twoDigits(at + 27) === 0
    );
  }

  private twoDigits(at: number): number {
    return 10 * (this.bytes[at]! - Byte.ZERO) + this.bytes[at + 1]! - Byte.ZERO;
  }

  /** Steps over a value of any kind. */
  anyAt(at: number): number {
    const first = this.bytes[at];
    if (first === Byte.QUOTE) return this.textAt(at);
    if (first === Byte.OBJECT || first === Byte.LIST) return this.nestAt(at);
    let end = at;
    while (!this.endsNumber(end)) if (++end > BYTES_MAX) return FAILED;
    return end;
  }

  private nestAt(at: number): number {
    let depth = 0;
    for (let p = at; p !== FAILED && p <= BYTES_MAX; ) {
      const byte = this.bytes[p];
      if (byte === Byte.QUOTE) {
        p = this.textAt(p);
        continue;
      }
      if (byte === Byte.OBJECT || byte === Byte.LIST) depth++;
      if (byte === Byte.OBJECT_END || byte === Byte.LIST_END) depth--;
      p++;
      if (depth === 0) return p;
    }
    return FAILED;
  }

  /** No point and no exponent follows. */
  private endsNumber(end: number): boolean {
    const byte = this.bytes[end];
    return byte === Byte.COMMA || byte === Byte.OBJECT_END || byte === Byte.LIST_END;
  }
}

function wordOf(text: string): number {
  return Buffer.from(text).readInt32LE();
}
