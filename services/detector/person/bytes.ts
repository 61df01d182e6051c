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
 * A 48-bit hash of a text, in two multiplied halves (cyrb53's construction): what a record keeps of an eventId, an
 * institution or a chain. Two differ with 1 − 2⁻⁴⁸.
 */
export function hash48(text: string, seed = 0): number {
  let a = HASH_START_A ^ seed;
  let b = HASH_START_B ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, HASH_FACTOR_A);
    b = Math.imul(b ^ code, HASH_FACTOR_B);
  }
  return hashOfHalves(a, b);
}

/** The same hash of a text that stands as ASCII in `bytes`. */
export function hash48OfAscii(bytes: Uint8Array, start: number, end: number, seed = 0): number {
  let a = HASH_START_A ^ seed;
  let b = HASH_START_B ^ seed;
  for (let i = start; i < end; i++) {
    const code = bytes[i]!;
    a = Math.imul(a ^ code, HASH_FACTOR_A);
    b = Math.imul(b ^ code, HASH_FACTOR_B);
  }
  return hashOfHalves(a, b);
}

const HASH_START_A = 0xdeadbeef;
const HASH_START_B = 0x41c6ce57;
const HASH_FACTOR_A = 2_654_435_761;
const HASH_FACTOR_B = 1_597_334_677;

function hashOfHalves(a: number, b: number): number {
  const low = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  const high = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  return (high >>> 0) * 65_536 + (low >>> 16);
}

const CRC32C_TABLE = crc32cTable();

function crc32cTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    table[i] = crc >>> 0;
  }
  return table;
}

/** CRC32C (Castagnoli) of the bytes, as Kafka and RFC 3720 define it. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC32C_TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
