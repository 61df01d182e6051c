/** Of lengths up to 2^28, more than a block has bytes. */
export const VARINT_BYTES_MAX = 4;

/** LEB128: seven bits a byte, the lowest first. Returns where it ends. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let end = at;
  for (; rest > 0x7f; rest >>>= 7) bytes[end++] = (rest & 0x7f) | 0x80;
  bytes[end++] = rest;
  return end;
}
