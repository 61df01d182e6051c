/**
 * How large a zstd frame can grow, read from its headers (RFC 8878): Java's client streams, so its frames do not carry
 * the size of their content, and the library wants to know how much room to make.
 */

const MAGIC = 0xfd2fb528;
const BLOCK_BYTES_MAX = 128 << 10;
const BLOCK_HEADER_BYTES = 3;
const RLE_BLOCK = 1;
const COMPRESSED_BLOCK = 2;

export interface ZstdContent {
  /** Exact where `isExact`, else what it is at most. */
  readonly bytes: number;
  readonly isExact: boolean;
}

/** @throws RangeError where the bytes are no zstd frame, or are cut short. */
export function zstdContent(frame: Buffer): ZstdContent {
  if (frame.readUInt32LE(0) !== MAGIC) throw new RangeError("not a zstd frame");
  const descriptor = frame.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 0x03]!;
  const sizeBytes = sizeFieldBytes(descriptor >>> 6, isSingleSegment);
  if (sizeBytes > 0) return { bytes: readSize(frame, at, sizeBytes), isExact: true };
  return { bytes: blockBytesAtMost(frame, at), isExact: false };
}

function sizeFieldBytes(flag: number, isSingleSegment: boolean): number {
  return flag === 0 ? Number(isSingleSegment) : 2 ** flag;
}

function readSize(frame: Buffer, at: number, sizeBytes: number): number {
  if (sizeBytes === 1) return frame.readUInt8(at);
  if (sizeBytes === 2) return frame.readUInt16LE(at) + 256;
  if (sizeBytes === 4) return frame.readUInt32LE(at);
  return frame.readUInt32LE(at) + frame.readUInt32LE(at + 4) * 2 ** 32;
}

function blockBytesAtMost(frame: Buffer, start: number): number {
  let bytes = 0;
  for (let at = start; ; ) {
    const header = frame.readUIntLE(at, BLOCK_HEADER_BYTES);
    const type = (header >>> 1) & 0x03;
    const size = header >>> 3;
    bytes += type === COMPRESSED_BLOCK ? BLOCK_BYTES_MAX : size;
    if (header & 1) return bytes;
    at += BLOCK_HEADER_BYTES + (type === RLE_BLOCK ? 1 : size);
  }
}
