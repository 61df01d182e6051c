/**
 * A fast path for flat JSON objects of known fields: finds and checks every field in the bytes, in any key order,
 * without building a JavaScript object. Whoever scans has a slow path too (JSON.parse and a schema).
 *
 * Contract: where `scan` says true, JSON.parse of the bytes as UTF-8 gives an object that has exactly the fields
 * given, each within its limits, and the slots hold their values. False says nothing: the object may be wrong or
 * merely unusual (an escape, a character beyond ASCII, a key that is not known or comes twice, an exponent, more
 * than 15 digits, white space before a colon or comma, more than 8 KiB), and the slow path decides. After false the slots mean nothing.
 *
 * 1. Every field is required; a key stands at most once.
 * 2. Numbers are those of JSON.parse to the last bit: up to 15 digits, and 10^0 to 10^15, are exact in a double,
 *    so that their quotient is the nearest double to the decimal.
 * 3. The bytes are copied once into memory of the scanner's own, where `bytes` holds them until the next scan. What
 *    lies behind them there is never taken for a part of them: the closing brace ends every loop and every word.
 */

import { bytesBefore, digitsValue, notDigit, notPlain, notWordCharacter } from "./byte-words.js";
import { Alphabet, type ScannedField } from "./scanned-fields.js";
import { NO_WORD, WORD_COMPARED_BYTES, WordList } from "./word-list.js";

/** Far above any record that is worth a fast path, and room for every text that a schema allows. */
const OBJECT_BYTES_MAX = 8192;
/** One bit a field in two words of 31, which the engine keeps as small integers. */
const WORD_BITS = 31;
const FIELDS_MAX = 2 * WORD_BITS;
const DIGITS_MAX = 15;
const POWERS_OF_TEN = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => 10 ** exponent);
const MALFORMED = -1;
const ENCODER = new TextEncoder();

const Kind = { TEXT: 0, INTEGER: 1, DECIMAL: 2, CHOICE: 3 } as const;
const KIND_OF = { text: Kind.TEXT, integer: Kind.INTEGER, decimal: Kind.DECIMAL, choice: Kind.CHOICE };
const ALPHABET_OF = { ascii: Alphabet.ASCII, word: Alphabet.WORD, digit: Alphabet.DIGIT };

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const OPENING = 0x7b;
const CLOSING = 0x7d;
const SPACE = 0x20;

export class ObjectScanner {
  /** The bytes scanned last. */
  readonly bytes = new Uint8Array(OBJECT_BYTES_MAX + WORD_COMPARED_BYTES);
  readonly view = new DataView(this.bytes.buffer);
  /** Positions in `bytes` of the first byte of a text and the byte after its last, by field. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Value of a number, position of a choice in its list, by field. */
  readonly numbers: Float64Array;

  private readonly keys: WordList;
  private readonly kinds: Uint8Array;
  private readonly alphabets: Uint8Array;
  private readonly charactersMin: Int32Array;
  private readonly charactersMax: Int32Array;
  private readonly mins: Float64Array;
  private readonly maxs: Float64Array;
  private readonly choices: readonly (WordList | null)[];
  private readonly allLow: number;
  private readonly allHigh: number;

  /** Fields are known by their index in `fields`. */
  constructor(private readonly fields: readonly ScannedField[]) {
    if (fields.length > FIELDS_MAX) throw new Error(`more than ${FIELDS_MAX} fields in one scanner`);
    this.starts = new Int32Array(fields.length);
    this.ends = new Int32Array(fields.length);
    this.numbers = new Float64Array(fields.length);
    this.keys = new WordList(
      fields.map((field) => field.name),
      '":',
    );
    this.kinds = Uint8Array.from(fields, (field) => KIND_OF[field.kind]);
    this.alphabets = Uint8Array.from(fields, (field) =>
      field.kind === "text" ? ALPHABET_OF[field.alphabet ?? "ascii"] : 0,
    );
    this.charactersMin = Int32Array.from(fields, (field) =>
      field.kind === "text" ? field.charactersMin : 0,
    );
    this.charactersMax = Int32Array.from(fields, (field) =>
      field.kind === "text" ? field.charactersMax : 0,
    );
    this.mins = Float64Array.from(fields, (field) => (field.kind === "decimal" ? field.min : 0));
    this.maxs = Float64Array.from(fields, (field) => (field.kind === "decimal" ? field.max : 0));
    this.choices = fields.map((field) => (field.kind === "choice" ? new WordList(field.choices, '"') : null));
    this.allLow = 2 ** Math.min(fields.length, WORD_BITS) - 1;
    this.allHigh = 2 ** Math.max(0, fields.length - WORD_BITS) - 1;
  }

  /** Is this an object of exactly these fields, each within its limits? See the contract above. */
  scan(source: Uint8Array): boolean {
    const { bytes } = this;
    const last = source.length - 1;
    if (last < 1 || last >= OBJECT_BYTES_MAX || source[0] !== OPENING || source[last] !== CLOSING)
      return false;
    bytes.set(source);
    let seenLow = 0;
    let seenHigh = 0;
    let p = 1;
    for (;;) {
      if (bytes[p] !== QUOTE) p = skipSpace(bytes, p);
      if (bytes[p] !== QUOTE) return false;
      const field = this.keys.find(this.view, p + 1);
      if (field === NO_WORD) return false;
      const low = field < WORD_BITS ? 1 << field : 0;
      const high = field < WORD_BITS ? 0 : 1 << (field - WORD_BITS);
      if (((seenLow & low) | (seenHigh & high)) !== 0) return false;
      seenLow |= low;
      seenHigh |= high;
      p += this.keys.lengths[field]! + 1;
      if (bytes[p]! <= SPACE) p = skipSpace(bytes, p);
      p = this.valueAt(p, last, field);
      if (p === MALFORMED) return false;
      if (bytes[p] !== COMMA) break;
      p++;
    }
    p = skipSpace(bytes, p);
    return p === last && seenLow === this.allLow && seenHigh === this.allHigh;
  }

  /**
   * Fills the slots from an object that a schema has found to have these fields, within these limits: the other way
   * to the same slots. Texts may hold any character here; they stand in `bytes` as UTF-8.
   */
  load(object: Readonly<Record<string, unknown>>): void {
    let end = 0;
    this.fields.forEach((field, index) => {
      const value = object[field.name];
      if (typeof value === "number") this.numbers[index] = value;
      else if (field.kind === "choice") this.numbers[index] = field.choices.indexOf(String(value));
      else {
        this.starts[index] = end;
        end += ENCODER.encodeInto(String(value), this.bytes.subarray(end)).written;
        this.ends[index] = end;
      }
    });
  }

  /** Reads the value at `start` into the field's slots; where it ends, or MALFORMED. */
  private valueAt(start: number, last: number, field: number): number {
    switch (this.kinds[field]) {
      case Kind.TEXT:
        return this.text(start, last, field);
      case Kind.INTEGER:
        return this.integer(start, field);
      case Kind.DECIMAL:
        return this.decimal(start, field);
      default:
        return this.choice(start, field);
    }
  }

  private text(quote: number, last: number, field: number): number {
    const { bytes, view } = this;
    if (bytes[quote] !== QUOTE) return MALFORMED;
    const start = quote + 1;
    const limit = Math.min(start + this.charactersMax[field]!, last - 1);
    const alphabet = this.alphabets[field]!;
    let end = start;
    let foreign = foreignTo(alphabet, view.getInt32(end, true));
    while (foreign === 0 && end <= limit) {
      end += 4;
      foreign = foreignTo(alphabet, view.getInt32(end, true));
    }
    end += bytesBefore(foreign);
    if (bytes[end] !== QUOTE || end > limit || end - start < this.charactersMin[field]!) return MALFORMED;
    this.starts[field] = start;
    this.ends[field] = end;
    return end + 1;
  }

  private choice(quote: number, field: number): number {
    if (this.bytes[quote] !== QUOTE) return MALFORMED;
    const words = this.choices[field]!;
    const choice = words.find(this.view, quote + 1);
    if (choice === NO_WORD) return MALFORMED;
    this.numbers[field] = choice;
    return quote + 1 + words.lengths[choice]!;
  }

  private integer(start: number, field: number): number {
    this.numbers[field] = 0;
    const end = this.digits(start, field);
    return isWhole(this.bytes, start, end) ? end : MALFORMED;
  }

  private decimal(first: number, field: number): number {
    const { bytes, numbers } = this;
    const start = bytes[first] === MINUS ? first + 1 : first;
    numbers[field] = 0;
    let end = this.digits(start, field);
    if (!isWhole(bytes, start, end)) return MALFORMED;
    if (bytes[end] === POINT) {
      const point = end;
      end = this.digits(point + 1, field);
      const decimals = end - point - 1;
      if (decimals === 0 || point - start + decimals > DIGITS_MAX) return MALFORMED;
      numbers[field]! /= POWERS_OF_TEN[decimals]!;
    }
    if (start !== first) numbers[field] = -numbers[field]!;
    return numbers[field]! >= this.mins[field]! && numbers[field]! <= this.maxs[field]! ? end : MALFORMED;
  }

  /** Appends the digits at `start` to the field's number; where they end. */
  private digits(start: number, field: number): number {
    const { view } = this;
    let value = this.numbers[field]!;
    let end = start;
    let word = view.getInt32(end, true);
    let foreign = notDigit(word);
    while (foreign === 0) {
      value = value * 10_000 + digitsValue(word, 4);
      end += 4;
      word = view.getInt32(end, true);
      foreign = notDigit(word);
    }
    const left = bytesBefore(foreign);
    if (left > 0) value = value * POWERS_OF_TEN[left]! + digitsValue(word, left);
    this.numbers[field] = value;
    return end + left;
  }
}

function foreignTo(alphabet: number, word: number): number {
  if (alphabet === Alphabet.ASCII) return notPlain(word);
  return alphabet === Alphabet.WORD ? notWordCharacter(word) : notDigit(word);
}

/** At least one digit, no more than are exact, none of them a leading zero. */
function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  const digits = end - start;
  return digits > 0 && digits <= DIGITS_MAX && (digits === 1 || bytes[start] !== ZERO);
}

/** Blank, tabulator, line feed, carriage return: the white space of JSON. */
function skipSpace(bytes: Uint8Array, from: number): number {
  let p = from;
  while (isSpace(bytes[p]!)) p++;
  return p;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
