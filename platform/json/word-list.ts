/**
 * Finds which of a few known words stands at a place, together with what ends it (a quote; a quote and a colon):
 * sixteen bytes are compared at once as four masked 32-bit words, without a loop whose length the processor would
 * have to guess.
 */

import { asciiBytes } from "./scanned-fields.js";

/** Bytes compared at once, the end included. A longer word's rest is compared byte by byte. */
export const WORD_COMPARED_BYTES = 16;
const WORDS = WORD_COMPARED_BYTES / 4;
const SLOT_BITS = 8;
const HASH_FACTOR = 0x9e3779b1;
export const NO_WORD = -1;

export class WordList {
  /** Bytes of every word, its end included. */
  readonly lengths: Int32Array;
  /** Four words and four masks a word of the list, little-endian. */
  private readonly words: Int32Array;
  private readonly masks: Int32Array;
  private readonly rests: readonly Uint8Array[];
  /** Bytes that every word of the list has: what a slot is computed from. */
  private readonly slotMask: number;
  private readonly firstInSlot = new Int16Array(1 << SLOT_BITS).fill(NO_WORD);
  private readonly nextInSlot: Int16Array;

  /** Words of printable ASCII without quote, backslash and closing brace, each once. */
  constructor(texts: readonly string[], end: '"' | '":') {
    if (texts.some((text) => text.includes("}"))) throw new Error("a closing brace ends what is looked at");
    const ended = texts.map((text) => Uint8Array.of(...asciiBytes(text), ...Buffer.from(end)));
    this.lengths = Int32Array.from(ended, (bytes) => bytes.length);
    this.words = Int32Array.from(ended.flatMap((bytes) => wordsOf(bytes)));
    this.masks = Int32Array.from(ended.flatMap((bytes) => wordsOf(bytes.map(() => 0xff))));
    this.rests = ended.map((bytes) => bytes.subarray(WORD_COMPARED_BYTES));
    const shortest = Math.min(...this.lengths);
    this.slotMask = shortest >= 4 ? -1 : (1 << (8 * shortest)) - 1;
    this.nextInSlot = new Int16Array(texts.length).fill(NO_WORD);
    // Backwards, so that the first of the list is the first of its slot.
    for (let word = texts.length - 1; word >= 0; word--) {
      const slot = this.slotOf(this.words[word * WORDS]!);
      this.nextInSlot[word] = this.firstInSlot[slot]!;
      this.firstInSlot[slot] = word;
    }
  }

  /** Index of the word at `at`, or NO_WORD. `view` must reach WORD_COMPARED_BYTES beyond the text it holds. */
  find(view: DataView, at: number): number {
    const first = view.getInt32(at, true);
    const second = view.getInt32(at + 4, true);
    const third = view.getInt32(at + 8, true);
    const fourth = view.getInt32(at + 12, true);
    const { words, masks } = this;
    let word = this.firstInSlot[this.slotOf(first)]!;
    for (; word !== NO_WORD; word = this.nextInSlot[word]!) {
      const i = word * WORDS;
      const difference =
        ((first ^ words[i]!) & masks[i]!) |
        ((second ^ words[i + 1]!) & masks[i + 1]!) |
        ((third ^ words[i + 2]!) & masks[i + 2]!) |
        ((fourth ^ words[i + 3]!) & masks[i + 3]!);
      if (difference === 0 && (this.lengths[word]! <= WORD_COMPARED_BYTES || this.restIsAt(view, at, word)))
        break;
    }
    return word;
  }

  private slotOf(firstBytes: number): number {
    return Math.imul(firstBytes & this.slotMask, HASH_FACTOR) >>> (32 - SLOT_BITS);
  }

  private restIsAt(view: DataView, at: number, word: number): boolean {
    const rest = this.rests[word]!;
    const from = at + WORD_COMPARED_BYTES;
    if (from + rest.length > view.byteLength) return false;
    return rest.every((byte, i) => view.getUint8(from + i) === byte);
  }
}

function wordsOf(bytes: Uint8Array): number[] {
  const padded = new Uint8Array(WORD_COMPARED_BYTES);
  padded.set(bytes.subarray(0, WORD_COMPARED_BYTES));
  const view = new DataView(padded.buffer);
  return Array.from({ length: WORDS }, (_, i) => view.getInt32(4 * i, true));
}
