/**
 * Snappy as Java's client writes it: raw blocks of 32 KiB behind the header of snappy-java, each with its length. Read
 * are that framing and one raw block without any, which other clients write.
 */

import snappy from "snappy";
import type { Codec } from "./compression.js";

/** 0x82 "SNAPPY" 0x00, version 1, readable since version 1. */
const FRAMING = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
const MAGIC_BYTES = 8;
const BLOCK_BYTES = 32 << 10;

export const snappyCodec: Codec = {
  compress(bytes) {
    const parts: Buffer[] = [FRAMING];
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      const block = snappy.compressSync(bytes.subarray(at, at + BLOCK_BYTES));
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(block.length);
      parts.push(length, block);
    }
    return Buffer.concat(parts);
  },

  decompress(bytes, bytesMax) {
    const blocks = blocksOf(bytes);
    const total = blocks.reduce((sum, block) => sum + decompressedBytes(block), 0);
    if (total > bytesMax) throw new RangeError(`grows to ${total} bytes, at most ${bytesMax} are taken`);
    return Buffer.concat(blocks.map(decompressBlock));
  },
};

function blocksOf(bytes: Buffer): Buffer[] {
  if (bytes.compare(FRAMING, 0, MAGIC_BYTES, 0, Math.min(MAGIC_BYTES, bytes.length)) !== 0) return [bytes];
  const blocks: Buffer[] = [];
  for (let at = FRAMING.length; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length)
      throw new RangeError(`block at byte ${at} ends behind the ${bytes.length} there are`);
    blocks.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return blocks;
}

/** A raw block begins with its decompressed length: seven bits a byte, the lowest first. */
function decompressedBytes(block: Buffer): number {
  let length = 0;
  for (let at = 0; at < 5 && at < block.length; at++) {
    length += (block[at]! & 0x7f) * 2 ** (7 * at);
    if (block[at]! < 0x80) return length;
  }
  throw new RangeError("a block has no length");
}

function decompressBlock(block: Buffer): Buffer {
  const bytes = snappy.uncompressSync(block, { asBuffer: true });
  if (typeof bytes === "string") throw new TypeError("snappy gave text where bytes were asked for");
  return bytes;
}
