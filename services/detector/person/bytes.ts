/** Six-byte integers, hashes and CRC32C over a DataView: what person records are written with. */

/** Six bytes hold every instant until the year 10889 and every amount of docs/design.md section 5. */
export const U48_MISSING = 2 ** 48 - 1;

export function readU48(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint16(at + 4, true) * 4_294_967_296;
}

export function writeU48(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint16(at + 4, Math.trunc(value / 4_294_967_296), true);
}

/**
 * A 48-bit hash of a text's UTF-8, four bytes at a time in two multiplied halves: what a record keeps of an eventId,
 * an institution or a chain. Two differ with 1 − 2⁻⁴⁸. Not for keeping secrets.
 */
export function hash48(text: string, seed = 0): number {
  const bytes = text.length;
  let a = HASH_START_A ^ seed ^ bytes;
  let b = HASH_START_B ^ seed ^ bytes;
  for (let i = 0; i < bytes; i += 4) {
    const word = asciiWord(text, i);
    if (word === NOT_ASCII) return hash48OfEncoded(text, seed);
    a = hashStep(a, word, HASH_FACTOR_A);
    b = hashStep(b, word, HASH_FACTOR_B);
  }
  return hashOfHalves(a, b);
}

/** The same hash of a text that stands as UTF-8 in `view`, which must be readable for three bytes more. */
export function hash48OfUtf8(view: DataView, start: number, end: number, seed = 0): number {
  let a = HASH_START_A ^ seed ^ (end - start);
  let b = HASH_START_B ^ seed ^ (end - start);
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word = view.getInt32(i, true);
    a = hashStep(a, word, HASH_FACTOR_A);
    b = hashStep(b, word, HASH_FACTOR_B);
  }
  if (i < end) {
    const word = view.getInt32(i, true) & ((1 << (8 * (end - i))) - 1);
    a = hashStep(a, word, HASH_FACTOR_A);
    b = hashStep(b, word, HASH_FACTOR_B);
  }
  return hashOfHalves(a, b);
}

const HASH_START_A = 0xdeadbeef;
const HASH_START_B = 0x41c6ce57;
const HASH_FACTOR_A = 2_654_435_761;
const HASH_FACTOR_B = 1_597_334_677;
/** No four ASCII characters: the topmost bit is theirs never. */
const NOT_ASCII = -1;
const NOT_ASCII_BITS = ~0x7f;
const encoder = new TextEncoder();

/** Four characters from `at` on as a little-endian word, zeros beyond the end; NOT_ASCII where one is not. */
function asciiWord(text: string, at: number): number {
  let word = 0;
  const end = Math.min(text.length, at + 4);
  for (let i = end - 1; i >= at; i--) {
    const code = text.charCodeAt(i);
    if ((code & NOT_ASCII_BITS) !== 0) return NOT_ASCII;
    word = (word << 8) | code;
  }
  return word;
}

function hash48OfEncoded(text: string, seed: number): number {
  const padded = encoder.encode(`${text}\0\0\0`);
  return hash48OfUtf8(new DataView(padded.buffer, padded.byteOffset), 0, padded.length - 3, seed);
}

/** What is multiplied up comes down again, so that no difference leaves at the top. */
function hashStep(half: number, word: number, factor: number): number {
  const mixed = Math.imul(half ^ word, factor);
  return mixed ^ (mixed >>> 15);
}

function hashOfHalves(a: number, b: number): number {
  const low = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  const high = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  return (high >>> 0) * 65_536 + (low >>> 16);
}

/** Copies bytes from one place to another, four at a time. */
export function copyBytes(to: DataView, at: number, from: DataView, start: number, bytes: number): void {
  let i = 0;
  for (; i + 4 <= bytes; i += 4) to.setInt32(at + i, from.getInt32(start + i, true), true);
  for (; i < bytes; i++) to.setUint8(at + i, from.getUint8(start + i));
}
