/** The items of a swipe, scanned: places of their texts in the bytes they were found in. */

import { Byte, FAILED, type ValueScanner } from "../../platform/json/value-scanner.js";
import { NO_WORD, WordList } from "../../platform/json/word-list.js";
import { basketEntry, basketKeyOfEntries } from "./baskets.js";
import { stepOverEmptyList } from "./step-over.js";

/** Baskets with more go the slow way. */
const ITEMS_MAX = 256;
const TRACES_MAX = 2048;
const CODE = 0;
const AMOUNT = 1;
const LISTED = 2;

export class TextPlaces {
  count = 0;
  readonly starts: Int32Array;
  readonly ends: Int32Array;

  constructor(private readonly max: number) {
    this.starts = new Int32Array(max);
    this.ends = new Int32Array(max);
  }

  get isFull(): boolean {
    return this.count === this.max;
  }

  add(start: number, end: number): void {
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }
}

export class ScannedItems {
  count = 0;
  listedFen = 0;
  /** Of the items that have one. */
  readonly codes = new TextPlaces(ITEMS_MAX);
  readonly traces = new TextPlaces(TRACES_MAX);

  private readonly keys = new WordList(["code", "amountFen", "listed", "traceHashes"], '":');
  /** Of the items with a code. */
  private readonly amounts = new Float64Array(ITEMS_MAX);
  private isListed = false;
  private amountFen = 0;

  /** @param bytes those that `values` reads. */
  constructor(
    private readonly values: ValueScanner,
    private readonly bytes: Buffer,
  ) {}

  clear(): void {
    this.count = 0;
    this.listedFen = 0;
    this.codes.count = 0;
    this.traces.count = 0;
  }

  /** Reads the list at `at`; where it ends, or FAILED. */
  listAt(at: number): number {
    const { values } = this;
    const end = stepOverEmptyList(values, at);
    if (end !== FAILED) return end;
    if (values.byteAt(at) !== Byte.LIST) return FAILED;
    let p = at;
    do {
      p = this.itemAt(p + 1);
      if (p === FAILED) return FAILED;
    } while (p < values.limit && values.byteAt(p) === Byte.COMMA);
    return values.byteAt(p) === Byte.LIST_END ? p + 1 : FAILED;
  }

  basketKey(): string {
    const { starts, ends, count } = this.codes;
    if (count < this.count) return "";
    const entries: string[] = [];
    for (let i = 0; i < count; i++) {
      const code = this.bytes.toString("utf8", starts[i], ends[i]);
      entries.push(basketEntry(code, this.amounts[i]!));
    }
    return basketKeyOfEntries(entries);
  }

  private itemAt(at: number): number {
    const { values } = this;
    if (values.byteAt(at) !== Byte.OBJECT || this.codes.isFull) return FAILED;
    const codesBefore = this.codes.count;
    this.isListed = false;
    this.amountFen = 0;
    let p = at;
    do {
      const key = values.wordAt(p + 1, this.keys);
      if (key === NO_WORD) return FAILED;
      p = this.valueAt(p + 2 + this.keys.lengths[key]!, key);
      if (p === FAILED) return FAILED;
    } while (p < values.limit && values.byteAt(p) === Byte.COMMA);
    if (values.byteAt(p) !== Byte.OBJECT_END) return FAILED;
    this.count++;
    if (this.codes.count > codesBefore) this.amounts[codesBefore] = this.amountFen;
    if (this.isListed) this.listedFen += this.amountFen;
    return p + 1;
  }

  private valueAt(at: number, key: number): number {
    const { values } = this;
    if (key === CODE) {
      const end = values.textAt(at);
      this.codes.add(values.start, values.end);
      return end;
    }
    if (key === AMOUNT) {
      const end = values.wholeAt(at);
      this.amountFen = values.number;
      return end;
    }
    if (key === LISTED) {
      const end = values.flagAt(at);
      this.isListed = values.number === 1;
      return end;
    }
    return this.traceListAt(at);
  }

  private traceListAt(at: number): number {
    const { values } = this;
    const end = stepOverEmptyList(values, at);
    if (end !== FAILED) return end;
    if (values.byteAt(at) !== Byte.LIST) return FAILED;
    let p = at;
    do {
      p = values.textAt(p + 1);
      if (p === FAILED || this.traces.isFull) return FAILED;
      this.traces.add(values.start, values.end);
    } while (p < values.limit && values.byteAt(p) === Byte.COMMA);
    return values.byteAt(p) === Byte.LIST_END ? p + 1 : FAILED;
  }
}
