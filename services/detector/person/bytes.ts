/** Six-byte integers, hashes and CRC32C over a DataView: what person records are written with. */

/** Six bytes hold every instant until the year 10889 and every amount of docs/formats. */
export const U48_MISSING = 2 ** 48 - 1;

export function readU48(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint16(at + 4, true) * 4_294_967_296;
}

export function writeU48(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint16(at + 4, Math.trunc(value / 4_294_967_296), true);
}

/** A 53-bit hash of a string, in two multiplied halves (cyrb53's construction); 0 is never returned. */
export function hash53(text: string, seed = 0): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2_654_435_761);
    b = Math.imul(b ^ code, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return (b >>> 0) * 2_097_152 + (a >>> 11) + 1;
}

/** The 48 bits of a hash that a record keeps of an institution or chain; two differ with 1 − 2⁻⁴⁸. */
export function hash48(text: string, seed = 0): number {
  return hash53(text, seed) % U48_MISSING;
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
