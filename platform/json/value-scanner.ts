/**
 * JSON values in bytes, read one by one where they lie. Every `…At` returns where the value ends, or FAILED; what it read
 * stands in `start` and `end` (a text), `number`, or the words of a hexadecimal text.
 *
 * Contract: where a value is taken, JSON.parse gives that value, and JSON.stringify of it gives these bytes again. FAILED
 * says nothing: the value may be wrong or merely unusual (an escape, an exponent, more than 15 digits, a zero too many).
 *
 * 1. Nothing at or behind the end given to `begin` is taken for a part of a value; it is looked at, so that the view must
 *    reach WORD_COMPARED_BYTES further.
 * 2. Numbers are those of JSON.parse to the last bit: up to 15 digits, and 10^0 to 10^15, are exact in a double, so that
 *    their quotient is the nearest double to the decimal. No two decimals of 15 digits are the same double: written again
 *    it is the same decimal.
 */

import { isUtf8 } from "node:buffer";
import { areHexDigits, endOfPlainBefore, fourHexDigits } from "./byte-words.js";
import { NO_WORD, WORD_COMPARED_BYTES, type WordList } from "./word-list.js";

export const FAILED = -1;
export const Byte = {
  QUOTE: 0x22,
  COMMA: 0x2c,
  MINUS: 0x2d,
  POINT: 0x2e,
  ZERO: 0x30,
  LETTER_E: 0x65,
  LIST: 0x5b,
  LIST_END: 0x5d,
  OBJECT: 0x7b,
  OBJECT_END: 0x7d,
  DELETE: 0x7f,
} as const;

const DIGITS_MAX = 15;
const POWERS_OF_TEN = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => 10 ** exponent);
/** Anything smaller is written with an exponent. */
const DECIMAL_MIN = 1e-6;
const HEX_DIGITS_OF_WORD = 8;
const HEX_WORDS_MAX = 4;
const TRUE = wordOf("true");
const FALS = wordOf("fals");

/** Bytes and a view of the same memory. */
export interface ScannedBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export class ValueScanner {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  limit = 0;
  start = 0;
  end = 0;
  number = 0;
  /** Of a hexadecimal text: eight digits each. */
  readonly words = new Uint32Array(HEX_WORDS_MAX);

  /** False where not enough lies behind the end. */
  begin({ bytes, view }: ScannedBytes, end: number): boolean {
    if (end + WORD_COMPARED_BYTES > view.byteLength) return false;
    this.bytes = bytes;
    this.view = view;
    this.limit = end;
    return true;
  }

  byteAt(at: number): number {
    return this.view.getUint8(at);
  }

  /** Bytes of printable ASCII as a text. */
  asciiOf(start: number, end: number): string {
    let text = "";
    for (let at = start; at < end; at++) text += String.fromCharCode(this.view.getUint8(at));
    return text;
  }

  /** The word of the list that stands at `at` as a key or text, its end included; NO_WORD where none does. */
  wordAt(at: number, words: WordList): number {
    if (at >= this.limit || this.view.getUint8(at) !== Byte.QUOTE) return NO_WORD;
    const word = words.find(this.view, at + 1);
    if (word === NO_WORD || at + 1 + words.lengths[word]! > this.limit) return NO_WORD;
    const isLong = words.lengths[word]! > WORD_COMPARED_BYTES;
    return isLong && !words.endsAt(this.view, at + 1, word) ? NO_WORD : word;
  }

  /** One of a list of texts: its position there is the number. */
  choiceAt(at: number, choices: WordList): number {
    const word = this.wordAt(at, choices);
    this.number = word;
    return word === NO_WORD ? FAILED : at + 1 + choices.lengths[word]!;
  }

  /** A text of printable ASCII without escapes. */
  plainAt(at: number): number {
    if (this.view.getUint8(at) !== Byte.QUOTE) return FAILED;
    return this.textEndingAt(at, endOfPlainBefore(this.view, at + 1, this.limit));
  }

  /** A text of any characters, without escapes. */
  textAt(at: number): number {
    if (this.view.getUint8(at) !== Byte.QUOTE) return FAILED;
    const { view, limit } = this;
    const plainEnd = endOfPlainBefore(view, at + 1, limit);
    let end = plainEnd;
    while (end < limit && view.getUint8(end) >= Byte.DELETE) end = endOfPlainBefore(view, end + 1, limit);
    if (end !== plainEnd && !isUtf8(this.bytes.subarray(at + 1, end))) return FAILED;
    return this.textEndingAt(at, end);
  }

  /** A text of so many lower-case hexadecimal digits: eight or a multiple of it, up to 32. */
  hexAt(at: number, digits: number): number {
    const { view, words } = this;
    const start = at + 1;
    if (start + digits >= this.limit || view.getUint8(at) !== Byte.QUOTE) return FAILED;
    for (let word = 0, p = start; p < start + digits; word++, p += HEX_DIGITS_OF_WORD) {
      const high = view.getInt32(p, true);
      const low = view.getInt32(p + 4, true);
      if (!areHexDigits(high) || !areHexDigits(low)) return FAILED;
      words[word] = (fourHexDigits(high) << 16) | fourHexDigits(low);
    }
    if (view.getUint8(start + digits) !== Byte.QUOTE) return FAILED;
    return this.textEndingAt(at, start + digits);
  }

  /** A whole number from 0. */
  wholeAt(at: number): number {
    this.number = 0;
    const end = this.digitsAt(at);
    const isWhole = end > at && end - at <= DIGITS_MAX && (end === at + 1 || this.byteAt(at) !== Byte.ZERO);
    return isWhole ? end : FAILED;
  }

  decimalAt(at: number): number {
    const isNegative = this.byteAt(at) === Byte.MINUS;
    const start = isNegative ? at + 1 : at;
    let end = this.wholeAt(start);
    if (end === FAILED) return FAILED;
    if (this.byteAt(end) === Byte.POINT) end = this.decimalsAt(start, end + 1);
    if (!isNegative || end === FAILED) return end;
    // Minus zero is written as zero.
    if (this.number === 0) return FAILED;
    this.number = -this.number;
    return end;
  }

  /** 1 for true, 0 for false. */
  flagAt(at: number): number {
    const word = this.view.getInt32(at, true);
    this.number = word === TRUE ? 1 : 0;
    if (word === TRUE) return at + 4;
    return word === FALS && this.byteAt(at + 4) === Byte.LETTER_E ? at + 5 : FAILED;
  }

  private textEndingAt(at: number, end: number): number {
    if (end >= this.limit || this.view.getUint8(end) !== Byte.QUOTE) return FAILED;
    this.start = at + 1;
    this.end = end;
    return end + 1;
  }

  /** Behind a point: the digits of a whole number before it, from `start` on, stand in `number`. */
  private decimalsAt(start: number, at: number): number {
    const end = this.digitsAt(at);
    const decimals = end - at;
    const isShortest = decimals > 0 && this.byteAt(end - 1) !== Byte.ZERO;
    if (!isShortest || end - start - 1 > DIGITS_MAX) return FAILED;
    this.number /= POWERS_OF_TEN[decimals]!;
    return this.number >= DECIMAL_MIN ? end : FAILED;
  }

  /** Goes on with the digits at `at`; where they end. */
  private digitsAt(at: number): number {
    const { view, limit } = this;
    let value = this.number;
    let end = at;
    for (; end < limit; end++) {
      const digit = view.getUint8(end) - Byte.ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.number = value;
    return end;
  }
}

function wordOf(text: string): number {
  return new DataView(new TextEncoder().encode(text).buffer).getInt32(0, true);
}
