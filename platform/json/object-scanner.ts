/**
 * A fast path for flat JSON objects of known fields: finds and checks every field in the bytes, in any key order,
 * without building a JavaScript object; one with its keys in the usual order is read faster still (ordered-scan.ts).
 * Whoever scans has a slow path too (JSON.parse and a schema).
 *
 * Contract: where `scan` says true, JSON.parse of the bytes as UTF-8 gives an object that has exactly the fields
 * given, each within its limits, and the slots hold their values. False says nothing: the object may be wrong or
 * merely unusual (an escape, a character beyond ASCII, a key that is not known or comes twice, an exponent, more
 * than 15 digits, white space before a colon or comma, more bytes than the scanner has room for), and the slow path
 * decides. After false the slots mean nothing.
 *
 * 1. Every field is required; a key stands at most once.
 * 2. Numbers are those of JSON.parse to the last bit: up to 15 digits, and 10^0 to 10^15, are exact in a double,
 *    so that their quotient is the nearest double to the decimal.
 * 3. An object that stands as ordered-scan.ts expects it, in the order of `fields` and with enough behind it, is read
 *    where it lies: until the next scan the caller must not change it. Any other is copied once into memory of the
 *    scanner's own, with a quote behind it. What lies beyond is never taken for a part of it: there the last brace
 *    ends every number and word, the quote every text.
 */

import { endOfDigits, endOfPlain, endOfWord } from "./byte-words.js";
import { compileOrderedScan, type OrderedScan, orderedBytesMax } from "./ordered-scan.js";
import type { ScannedField } from "./scanned-fields.js";
import { NO_WORD, WORD_COMPARED_BYTES, WordList } from "./word-list.js";

const DIGITS_MAX = 15;
const POWERS_OF_TEN = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => 10 ** exponent);
const MALFORMED = -1;
const ENCODER = new TextEncoder();

const Kind = { PLAIN: 0, WORD: 1, DIGIT: 2, INTEGER: 3, DECIMAL: 4, CHOICE: 5 } as const;
const KIND_OF_ALPHABET = { plain: Kind.PLAIN, word: Kind.WORD, digit: Kind.DIGIT };
const KIND_OF_VALUE = { integer: Kind.INTEGER, decimal: Kind.DECIMAL, choice: Kind.CHOICE };

/** A row of limits. */
const ROW = 3;
const KIND = 0;
const CHARACTERS_MIN = 1;
const CHARACTERS_MAX = 2;

const TABULATOR = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const OPENING = 0x7b;
const CLOSING = 0x7d;

export class ObjectScanner {
  /** Where the object scanned last stands, readable four bytes beyond it. */
  view: DataView;
  /** Positions in `view` of the first byte of a text and the byte after its last, by field. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Value of a number, position of a choice in its list, by field. */
  readonly numbers: Float64Array;

  private readonly keys: WordList;
  private readonly limits: Int32Array;
  private readonly mins: Float64Array;
  private readonly maxs: Float64Array;
  private readonly choices: readonly (WordList | null)[];
  /** The scan in which a field was seen last. */
  private readonly seenIn: Int32Array;
  private scans = 0;
  private readonly bytes: Uint8Array;
  private readonly own: DataView;
  private readonly orderedScan: OrderedScan;
  private readonly orderedMax: number;
  /** What was read in place last, and a view of it: batches of messages lie in one piece of memory. */
  private source: Uint8Array;
  private sourceView: DataView;

  /**
   * Fields are known by their index in `fields`.
   * @param bytesMax the longest object to scan; room for all texts of a loaded one too.
   */
  constructor(
    private readonly fields: readonly ScannedField[],
    private readonly bytesMax: number,
  ) {
    this.orderedScan = orderedScanOf(fields);
    this.orderedMax = orderedBytesMax(fields);
    this.bytes = new Uint8Array(Math.max(bytesMax + 1, this.orderedMax) + WORD_COMPARED_BYTES);
    this.own = new DataView(this.bytes.buffer);
    this.view = this.own;
    this.source = this.bytes;
    this.sourceView = this.own;
    this.starts = new Int32Array(fields.length);
    this.ends = new Int32Array(fields.length);
    this.numbers = new Float64Array(fields.length);
    this.seenIn = new Int32Array(fields.length);
    this.keys = new WordList(
      fields.map((field) => field.name),
      '":',
    );
    this.limits = Int32Array.from(fields.flatMap(limitsOf));
    this.mins = Float64Array.from(fields, (field) => (field.kind === "decimal" ? field.min : 0));
    this.maxs = Float64Array.from(fields, (field) => (field.kind === "decimal" ? field.max : 0));
    this.choices = fields.map((field) => (field.kind === "choice" ? new WordList(field.choices, '"') : null));
  }

  /**
   * Is what stands in `source` from `start` up to `end` an object of exactly these fields, each within its limits? See
   * the contract above. Whoever has many objects in one `source` gives it with their positions: they are read in place.
   */
  scan(source: Uint8Array, start = 0, end = source.length): boolean {
    const { starts, ends, numbers } = this;
    if (end - start < source.length && end - start > 1 && start + this.orderedMax <= source.length) {
      if (source !== this.source) this.look(source);
      const view = this.sourceView;
      if (this.orderedScan(view, start, end - 1, starts, ends, numbers)) {
        this.view = view;
        return true;
      }
      return this.scanCopy(source.subarray(start, end), false);
    }
    return this.scanCopy(start === 0 && end === source.length ? source : source.subarray(start, end), true);
  }

  private look(source: Uint8Array): void {
    this.source = source;
    this.sourceView = new DataView(source.buffer, source.byteOffset, source.length);
  }

  private scanCopy(source: Uint8Array, mayBeOrdered: boolean): boolean {
    const { bytes, own: view, keys, seenIn } = this;
    const last = source.length - 1;
    this.view = view;
    if (last < 1 || last >= this.bytesMax || source[0] !== OPENING || source[last] !== CLOSING) return false;
    bytes.set(source);
    bytes[last + 1] = QUOTE;
    if (mayBeOrdered && this.orderedScan(view, 0, last, this.starts, this.ends, this.numbers)) return true;
    const scan = (this.scans + 1) | 0;
    this.scans = scan;
    let missing = seenIn.length;
    let p = 1;
    for (;;) {
      if (bytes[p] !== QUOTE) p = skipSpace(bytes, p);
      if (bytes[p] !== QUOTE) return false;
      const field = keys.find(view, p + 1);
      if (field === NO_WORD || seenIn[field] === scan) return false;
      seenIn[field] = scan;
      missing--;
      const length = keys.lengths[field]!;
      if (length > WORD_COMPARED_BYTES && !keys.endsAt(view, p + 1, field)) return false;
      p += length + 1;
      if (bytes[p]! <= SPACE) p = skipSpace(bytes, p);
      p = this.value(p, last, field);
      if (p === MALFORMED) return false;
      if (bytes[p] !== COMMA) break;
      p++;
    }
    return skipSpace(bytes, p) === last && missing === 0;
  }

  /**
   * Fills the slots from an object that a schema has found to have these fields, within these limits: the other way
   * to the same slots. Texts may hold any character here; they stand in `view` as UTF-8.
   */
  load(object: Readonly<Record<string, unknown>>): void {
    this.view = this.own;
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
  private value(start: number, last: number, field: number): number {
    const kind = this.limits[field * ROW + KIND]!;
    if (kind <= Kind.DIGIT) return this.text(start, last, field, kind);
    if (kind === Kind.INTEGER) return this.integer(start, field);
    if (kind === Kind.DECIMAL) return this.decimal(start, field);
    return this.choice(start, field);
  }

  private text(quote: number, last: number, field: number, kind: number): number {
    const { bytes, own: view, limits } = this;
    if (bytes[quote] !== QUOTE) return MALFORMED;
    const start = quote + 1;
    const end =
      kind === Kind.PLAIN
        ? endOfPlain(view, start)
        : kind === Kind.WORD
          ? endOfWord(view, start)
          : endOfDigits(view, start);
    const characters = end - start;
    if (
      bytes[end] !== QUOTE ||
      end > last ||
      characters < limits[field * ROW + CHARACTERS_MIN]! ||
      characters > limits[field * ROW + CHARACTERS_MAX]!
    )
      return MALFORMED;
    this.starts[field] = start;
    this.ends[field] = end;
    return end + 1;
  }

  private choice(quote: number, field: number): number {
    if (this.bytes[quote] !== QUOTE) return MALFORMED;
    const words = this.choices[field]!;
    const choice = words.find(this.own, quote + 1);
    if (choice === NO_WORD) return MALFORMED;
    const length = words.lengths[choice]!;
    if (length > WORD_COMPARED_BYTES && !words.endsAt(this.own, quote + 1, choice)) return MALFORMED;
    this.numbers[field] = choice;
    return quote + 1 + length;
  }

  private integer(start: number, field: number): number {
    const { bytes } = this;
    let value = 0;
    let end = start;
    for (let digit = bytes[end]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++end]! - ZERO)
      value = value * 10 + digit;
    if (!isWhole(bytes, start, end)) return MALFORMED;
    this.numbers[field] = value;
    return end;
  }

  private decimal(first: number, field: number): number {
    const { bytes } = this;
    const start = bytes[first] === MINUS ? first + 1 : first;
    let value = 0;
    let end = start;
    for (let digit = bytes[end]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++end]! - ZERO)
      value = value * 10 + digit;
    if (!isWhole(bytes, start, end)) return MALFORMED;
    if (bytes[end] === POINT) {
      const point = end++;
      for (let digit = bytes[end]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++end]! - ZERO)
        value = value * 10 + digit;
      const decimals = end - point - 1;
      if (decimals === 0 || point - start + decimals > DIGITS_MAX) return MALFORMED;
      value /= POWERS_OF_TEN[decimals]!;
    }
    if (start !== first) value = -value;
    this.numbers[field] = value;
    return value >= this.mins[field]! && value <= this.maxs[field]! ? end : MALFORMED;
  }
}

/** At least one digit, no more than are exact, none of them a leading zero. */
function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  const digits = end - start;
  return digits > 0 && digits <= DIGITS_MAX && (digits === 1 || bytes[start] !== ZERO);
}

/** The white space of JSON. */
function skipSpace(bytes: Uint8Array, from: number): number {
  let p = from;
  while (isSpace(bytes[p]!)) p++;
  return p;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TABULATOR;
}

function limitsOf(field: ScannedField): number[] {
  if (field.kind !== "text") return [KIND_OF_VALUE[field.kind], 0, 0];
  return [KIND_OF_ALPHABET[field.alphabet ?? "plain"], field.charactersMin, field.charactersMax];
}

/** Scanners of the same fields share one function, so that it is compiled once and its calls are direct. */
const ORDERED_SCANS = new WeakMap<readonly ScannedField[], OrderedScan>();

function orderedScanOf(fields: readonly ScannedField[]): OrderedScan {
  const known = ORDERED_SCANS.get(fields);
  if (known !== undefined) return known;
  const scan = compileOrderedScan(fields);
  ORDERED_SCANS.set(fields, scan);
  return scan;
}
