/**
 * Finds which of a few known words stands at a place, together with what ends it (a quote; a quote and a colon):
 * sixteen bytes are compared at once as four masked 32-bit words, without a loop whose length the processor would
 * have to guess.
 */

import { asciiBytes } from "./scanned-fields.js";

/** Bytes compared at once, the end included. */
export const WORD_COMPARED_BYTES = 16;
const SLOT_BITS = 8;
const HASH_FACTOR = 0x9e3779b1;
export const NO_WORD = -1;

/** A row of the table: word and mask four times, little-endian; the next word of the same slot. */
const ROW = 9;
const NEXT = 8;

export class WordList {
  /** Bytes of every word, its end included. */
  readonly lengths: Int32Array;
  private readonly table: Int32Array;
  private readonly rests: readonly Uint8Array[];
  /** Bytes that every word of the list has: what a slot is computed from. */
  private readonly slotMask: number;
  private readonly firstInSlot = new Int16Array(1 << SLOT_BITS).fill(NO_WORD);

  /** Words of printable ASCII without quote, backslash and closing brace, which differ in what is compared at once. */
  constructor(texts: readonly string[], end: '"' | '":') {
    if (texts.some((text) => text.includes("}"))) throw new Error("a closing brace ends what is looked at");
    const words = texts.map((text) => Uint8Array.of(...asciiBytes(text), ...Buffer.from(end)));
    const compared = words.map((word) => Buffer.from(word.subarray(0, WORD_COMPARED_BYTES)).toString());
    if (new Set(compared).size < texts.length) throw new Error(`words begin alike: ${texts.join(", ")}`);
    this.lengths = Int32Array.from(words, (word) => word.length);
    this.rests = words.map((word) => word.subarray(WORD_COMPARED_BYTES));
    const shortest = Math.min(...this.lengths);
    this.slotMask = shortest >= 4 ? -1 : (1 << (8 * shortest)) - 1;
    this.table = Int32Array.from(words.flatMap(rowOf));
    // Backwards, so that the first of the list is the first of its slot.
    for (let word = words.length - 1; word >= 0; word--) {
      const slot = this.slotOf(this.table[word * ROW]!);
      this.table[word * ROW + NEXT] = this.firstInSlot[slot]!;
      this.firstInSlot[slot] = word;
    }
  }

  /**
   * Index of the word whose first WORD_COMPARED_BYTES stand at `at`, or NO_WORD; a longer word needs `endsAt` too.
   * `view` must reach WORD_COMPARED_BYTES beyond the text it holds.
   */
  find(view: DataView, at: number): number {
    const { table } = this;
    const first = view.getInt32(at, true);
    const second = view.getInt32(at + 4, true);
    const third = view.getInt32(at + 8, true);
    const fourth = view.getInt32(at + 12, true);
    let word = this.firstInSlot[this.slotOf(first)]!;
    while (word !== NO_WORD) {
      const row = word * ROW;
      const difference =
        ((first ^ table[row]!) & table[row + 1]!) |
        ((second ^ table[row + 2]!) & table[row + 3]!) |
        ((third ^ table[row + 4]!) & table[row + 5]!) |
        ((fourth ^ table[row + 6]!) & table[row + 7]!);
      if (difference === 0) return word;
      word = table[row + NEXT]!;
    }
    return NO_WORD;
  }

  private slotOf(firstBytes: number): number {
    return Math.imul(firstBytes & this.slotMask, HASH_FACTOR) >>> (32 - SLOT_BITS);
  }

  /** Does the word, found at `at`, go on as it should to its end? */
  endsAt(view: DataView, at: number, word: number): boolean {
    const rest = this.rests[word]!;
    const from = at + WORD_COMPARED_BYTES;
    if (from + rest.length > view.byteLength) return false;
    return rest.every((byte, i) => view.getUint8(from + i) === byte);
  }
}

function rowOf(word: Uint8Array): number[] {
  const bytes = new DataView(new ArrayBuffer(WORD_COMPARED_BYTES));
  const mask = new DataView(new ArrayBuffer(WORD_COMPARED_BYTES));
  for (let i = 0; i < Math.min(word.length, WORD_COMPARED_BYTES); i++) {
    bytes.setUint8(i, word[i]!);
    mask.setUint8(i, 0xff);
  }
  const compared = [0, 4, 8, 12].flatMap((at) => [bytes.getInt32(at, true), mask.getInt32(at, true)]);
  return [...compared, NO_WORD];
}
