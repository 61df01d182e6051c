/**
 * Four bytes at a time: a little-endian 32-bit word of text is tested or read as a whole, which costs a fraction of
 * four tests (Lamport's "multiple byte processing with full-word instructions"). Flags are the topmost bit of a byte.
 *
 * An addition may carry out of a byte of 0x80 or more into the bytes after it. Such a byte is itself flagged, and only
 * the first flag counts, so what lies behind it does not matter.
 */

const FLAGS = 0x80808080 | 0;

/** The bytes that may not stand unescaped in a JSON text, and all that are not printable ASCII. */
export function notPlain(word: number): number {
  const belowBlank = ~(word + 0x60606060);
  const delete_ = word + 0x01010101;
  return (belowBlank | delete_ | isByte(word, 0x22222222) | isByte(word, 0x5c5c5c5c) | word) & FLAGS;
}

/** Everything but letters, digits, `_` and `-`. */
export function notWordCharacter(word: number): number {
  const letters = ((word | 0x20202020) + 0x1f1f1f1f) ^ ((word | 0x20202020) + 0x05050505);
  return (~(letters | digits(word) | isByte(word, 0x5f5f5f5f) | isByte(word, 0x2d2d2d2d)) | word) & FLAGS;
}

/** Everything but 0–9. */
export function notDigit(word: number): number {
  return (~digits(word) | word) & FLAGS;
}

/** How many bytes lie before the first flag; 4 without any. */
export function bytesBefore(flags: number): number {
  return flags === 0 ? 4 : (31 - Math.clz32(flags & -flags)) >> 3;
}

/** The value of the first `count` (1–4) digits of a word. */
export function digitsValue(word: number, count: number): number {
  // Zeros in front: the digits become the last ones.
  const aligned = (word << (8 * (4 - count))) & 0x0f0f0f0f;
  const pairs = (aligned * 10 + (aligned >>> 8)) & 0x00ff00ff;
  return (pairs * 100 + (pairs >>> 16)) & 0xffff;
}

function digits(word: number): number {
  return (word + 0x50505050) ^ (word + 0x46464646);
}

/** Flags the bytes equal to the one that `repeated` repeats. */
function isByte(word: number, repeated: number): number {
  return ~((word ^ repeated) + 0x7f7f7f7f);
}
