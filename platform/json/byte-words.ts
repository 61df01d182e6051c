/**
 * Where a text ends, found four bytes at a time: a little-endian 32-bit word is tested as a whole, which costs little
 * more than testing one byte (Lamport, "Multiple byte processing with full-word instructions", 1975). A flag is the
 * topmost bit of a byte; the lowest flagged byte is the first that does not belong to the text.
 *
 * An addition may carry out of a byte of 0x80 or more into the bytes after it. Such a byte is flagged itself, so what
 * lies behind it does not matter.
 *
 * The caller makes sure that a byte of another alphabet stands before the view ends. `| 0` keeps the engine in 32 bits.
 */

const FLAGS = 0x80808080 | 0;

/** The first byte that may not stand unescaped in a JSON text, or is not printable ASCII. */
export function endOfPlain(view: DataView, start: number): number {
  for (let at = start; ; at += 4) {
    const word = view.getInt32(at, true);
    const belowBlank = ~((word + 0x60606060) | 0);
    const deleted = (word + 0x01010101) | 0;
    const flags = (belowBlank | deleted | equals(word, 0x22222222) | equals(word, 0x5c5c5c5c) | word) & FLAGS;
    if (flags !== 0) return at + bytesBefore(flags);
  }
}

/** The same, or `end` where there is none before it. */
export function endOfPlainBefore(view: DataView, start: number, end: number): number {
  for (let at = start; at < end; at += 4) {
    const word = view.getInt32(at, true);
    const belowBlank = ~((word + 0x60606060) | 0);
    const deleted = (word + 0x01010101) | 0;
    const flags = (belowBlank | deleted | equals(word, 0x22222222) | equals(word, 0x5c5c5c5c) | word) & FLAGS;
    if (flags !== 0) return Math.min(end, at + bytesBefore(flags));
  }
  return end;
}

/** The first byte that is no letter, digit, `_` or `-`. */
export function endOfWord(view: DataView, start: number): number {
  for (let at = start; ; at += 4) {
    const word = view.getInt32(at, true);
    const lower = word | 0x20202020;
    const letters = ((lower + 0x1f1f1f1f) | 0) ^ ((lower + 0x05050505) | 0);
    const fitting = letters | digits(word) | equals(word, 0x5f5f5f5f) | equals(word, 0x2d2d2d2d);
    const flags = (~fitting | word) & FLAGS;
    if (flags !== 0) return at + bytesBefore(flags);
  }
}

/** The first byte that is not 0–9. */
export function endOfDigits(view: DataView, start: number): number {
  for (let at = start; ; at += 4) {
    const word = view.getInt32(at, true);
    const flags = (~digits(word) | word) & FLAGS;
    if (flags !== 0) return at + bytesBefore(flags);
  }
}

/** Are all four bytes digits? */
export function areDigits(word: number): boolean {
  return ((~digits(word) | word) & FLAGS) === 0;
}

/** The number that eight digits stand for. */
export function eightDigits(view: DataView, at: number): number {
  return fourDigits(view.getInt32(at, true)) * 10_000 + fourDigits(view.getInt32(at + 4, true));
}

/** The number that four digits in a word stand for: two of them are joined twice, then both pairs. */
export function fourDigits(word: number): number {
  const values = word & 0x0f0f0f0f;
  const pairs = Math.imul(values, 10) + (values >>> 8);
  return Math.imul(pairs & 0xff, 100) + ((pairs >>> 16) & 0xff);
}

/** Are all four bytes lower-case hexadecimal digits? */
export function areHexDigits(word: number): boolean {
  const letters = ((word + 0x1f1f1f1f) | 0) ^ ((word + 0x19191919) | 0);
  return ((~(digits(word) | letters) | word) & FLAGS) === 0;
}

/** The number that four lower-case hexadecimal digits in a word stand for; letters have bit 6 and begin with 1. */
export function fourHexDigits(word: number): number {
  const values = (word & 0x0f0f0f0f) + Math.imul((word >>> 6) & 0x01010101, 9);
  const pairs = (values << 4) | (values >>> 8);
  return ((pairs & 0xff) << 8) | ((pairs >>> 16) & 0xff);
}

/** Flags the digits: from 0x30 on, up to 0x39. */
function digits(word: number): number {
  return ((word + 0x50505050) | 0) ^ ((word + 0x46464646) | 0);
}

/** Flags the bytes equal to the one that `repeated` repeats. */
function equals(word: number, repeated: number): number {
  return ~(((word ^ repeated) + 0x7f7f7f7f) | 0);
}

function bytesBefore(flags: number): number {
  return (31 - Math.clz32(flags & -flags)) >> 3;
}
