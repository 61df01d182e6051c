/** The items of a swipe in bytes: what the judge reads of them. */

import { Byte, FAILED, type ValueScanner } from "../../../platform/json/value-scanner.js";
import { WordList } from "../../../platform/json/word-list.js";
import {
  AMOUNT_FEN_MAX,
  IDENTIFIER_LENGTH_MAX,
  ITEMS_MAX,
  TRACE_CODES_MAX,
} from "../../../schemas/fields.js";
import { TRACES_PER_SWIPE_MAX } from "../person/layout.js";
import { FEN_MISSING } from "../swipe.js";

/** In the order in which ingest writes them. */
const KEYS = new WordList(["code", "amountFen", "listed", "traceHashes"], '":');
const Key = { CODE: 0, AMOUNT_FEN: 1, LISTED: 2, TRACE_HASHES: 3 } as const;
const REQUIRED = (1 << Key.LISTED) | (1 << Key.TRACE_HASHES);
const HASH_DIGITS = 16;
/** Of the second word of a hash: with the first one they are the 13 digits that are kept. */
const REST_BITS = 20;

export class ItemScanner {
  /** Sum of the listed ones; FEN_MISSING where none is. */
  listedFen = FEN_MISSING;
  /** The first `traceCount` count. */
  readonly traces = new Float64Array(TRACES_PER_SWIPE_MAX);
  traceCount = 0;
  private amountFen = 0;
  private isListed = false;

  constructor(private readonly values: ValueScanner) {}

  listAt(at: number): number {
    const { values } = this;
    this.listedFen = FEN_MISSING;
    this.traceCount = 0;
    if (values.byteAt(at) !== Byte.LIST) return FAILED;
    if (values.byteAt(at + 1) === Byte.LIST_END) return at + 2;
    let p = at;
    let count = 0;
    do {
      p = this.itemAt(p + 1);
      if (p === FAILED || ++count > ITEMS_MAX) return FAILED;
    } while (p < values.limit && values.byteAt(p) === Byte.COMMA);
    return values.byteAt(p) === Byte.LIST_END ? p + 1 : FAILED;
  }

  private itemAt(at: number): number {
    const { values } = this;
    if (values.byteAt(at) !== Byte.OBJECT) return FAILED;
    this.amountFen = 0;
    let seen = 0;
    let p = at;
    do {
      const key = values.wordAt(p + 1, KEYS);
      // A key that is not known or came before, and one behind which a written one may not stand.
      if (key < 0 || seen >> key !== 0) return FAILED;
      seen |= 1 << key;
      p = this.valueAt(p + 2 + KEYS.lengths[key]!, key);
      if (p === FAILED) return FAILED;
    } while (p < values.limit && values.byteAt(p) === Byte.COMMA);
    if (values.byteAt(p) !== Byte.OBJECT_END || (seen & REQUIRED) !== REQUIRED) return FAILED;
    if (this.isListed) this.listedFen = Math.max(0, this.listedFen) + this.amountFen;
    return p + 1;
  }

  private valueAt(at: number, key: number): number {
    const { values } = this;
    if (key === Key.TRACE_HASHES) return this.hashesAt(at);
    if (key === Key.LISTED) {
      const end = values.flagAt(at);
      this.isListed = values.number === 1;
      return end;
    }
    if (key === Key.AMOUNT_FEN) {
      const end = values.wholeAt(at);
      this.amountFen = values.number;
      return values.number > AMOUNT_FEN_MAX ? FAILED : end;
    }
    const end = values.textAt(at);
    const bytes = values.end - values.start;
    return bytes === 0 || bytes > IDENTIFIER_LENGTH_MAX ? FAILED : end;
  }

  private hashesAt(at: number): number {
    const { values } = this;
    if (values.byteAt(at) !== Byte.LIST) return FAILED;
    if (values.byteAt(at + 1) === Byte.LIST_END) return at + 2;
    let p = at;
    let count = 0;
    do {
      p = values.hexAt(p + 1, HASH_DIGITS);
      if (p === FAILED || ++count > TRACE_CODES_MAX) return FAILED;
      if (this.traceCount < TRACES_PER_SWIPE_MAX) this.traces[this.traceCount++] = this.hash();
    } while (p < values.limit && values.byteAt(p) === Byte.COMMA);
    return values.byteAt(p) === Byte.LIST_END ? p + 1 : FAILED;
  }

  private hash(): number {
    const { words } = this.values;
    return words[0]! * 2 ** REST_BITS + (words[1]! >>> (32 - REST_BITS));
  }
}
