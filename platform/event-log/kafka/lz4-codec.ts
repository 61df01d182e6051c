/**
 * LZ4 frames. What lz4-napi writes (independent blocks, no checksums) is what Java's client asks for; the frame's own
 * checksums would repeat the batch's CRC32C.
 */

import { compressFrameSync, decompressFrameSync } from "lz4-napi";
import type { Codec } from "./compression.js";

const MAGIC = 0x184d2204;
/** Flags of the frame's descriptor. */
const HAS_BLOCK_CHECKSUMS = 0x10;
const HAS_CONTENT_BYTES = 0x08;
const HAS_DICTIONARY = 0x01;
/** Size codes 4 to 7 of the descriptor. */
const BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 64 << 10, 5: 256 << 10, 6: 1 << 20, 7: 4 << 20 };

export const lz4Codec: Codec = {
  compress: (bytes) => compressFrameSync(bytes),

  decompress(bytes, bytesMax) {
    const blockBytesMax = largestBlockBytes(bytes);
    const bound = countBlocks(bytes) * blockBytesMax;
    // All blocks but the last are full, so the bound is above the truth by less than one block.
    if (bound - blockBytesMax > bytesMax)
      throw new RangeError(`grows to about ${bound} bytes, at most ${bytesMax} are taken`);
    const decompressed = decompressFrameSync(bytes);
    if (decompressed.length > bytesMax)
      throw new RangeError(`grows to ${decompressed.length} bytes, at most ${bytesMax} are taken`);
    return decompressed;
  },
};

function largestBlockBytes(frame: Buffer): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw new RangeError("not an LZ4 frame");
  const code = (frame[5]! >>> 4) & 0x07;
  const bytes = BLOCK_BYTES[code];
  if (bytes === undefined) throw new RangeError(`the frame's block size has code ${code}, known are 4 to 7`);
  return bytes;
}

function countBlocks(frame: Buffer): number {
  const flags = frame[4]!;
  const checksumBytes = flags & HAS_BLOCK_CHECKSUMS ? 4 : 0;
  let at = 7 + (flags & HAS_CONTENT_BYTES ? 8 : 0) + (flags & HAS_DICTIONARY ? 4 : 0);
  let blocks = 0;
  while (at + 4 <= frame.length) {
    const storedBytes = frame.readUInt32LE(at) & 0x7fffffff;
    if (storedBytes === 0) break;
    at += 4 + storedBytes + checksumBytes;
    blocks++;
  }
  return blocks;
}
