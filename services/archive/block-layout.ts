/**
 * The layout of an archive's file: a header, then items in compressed blocks.
 *
 * ```
 * "KADUNAR1"
 * u32 length, u32 CRC32C, header as JSON
 * for each block: u32 length, u32 items, u32 CRC32C of these two and of the bytes, bytes: deflated items
 * for each item, inflated: u32 length, u32 CRC32C, bytes
 * at the end: u32 0, u32 items of the file, u32 CRC32C of these two
 * ```
 * Numbers are little-endian. Every byte lies under a checksum; the SHA-256 of the whole file is in the manifest.
 */

import { inflateRawSync } from "node:zlib";
import { crc32c } from "../../schemas/crc32c.js";

export const MAGIC = Buffer.from("KADUNAR1", "latin1");
/** A block is what a damaged byte costs, and as much as compression needs: records of 500 bytes shrink no further in larger ones. */
export const BLOCK_ITEMS_MAX = 128;
export const BLOCK_BYTES_FULL = 64 << 10;
/** A record is a megabyte at most; a header holds the state of one partition. */
export const STORED_BYTES_MAX = 64 << 20;
export const PREFIX_BYTES = 8;
export const BLOCK_PREFIX_BYTES = 12;
export const NO_BYTES = Buffer.alloc(0);

/** Before a header and before an item. */
export function prefixOf(bytes: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(bytes.length, 0);
  prefix.writeUInt32LE(crc32c(bytes), 4);
  return prefix;
}

/** Before a block; with no bytes, the end of a file of so many items. */
export function blockPrefix(stored: Buffer, items: number): Buffer {
  const prefix = Buffer.alloc(BLOCK_PREFIX_BYTES);
  prefix.writeUInt32LE(stored.length, 0);
  prefix.writeUInt32LE(items, 4);
  prefix.writeUInt32LE(crcOfBlock(prefix, stored), 8);
  return prefix;
}

/** Of length, items and bytes. */
export function crcOfBlock(prefix: Buffer, stored: Buffer): number {
  const lengths = Buffer.from(prefix.subarray(0, PREFIX_BYTES));
  return crc32c(Buffer.concat([lengths, stored]));
}

/** The item that begins there; null where its length or checksum is wrong. */
export function itemAt(inflated: Buffer, at: number): Buffer | null {
  if (at + PREFIX_BYTES > inflated.length) return null;
  const end = at + PREFIX_BYTES + inflated.readUInt32LE(at);
  if (end > inflated.length) return null;
  const bytes = inflated.subarray(at + PREFIX_BYTES, end);
  return crc32c(bytes) === inflated.readUInt32LE(at + 4) ? bytes : null;
}

/** null where the bytes are no deflated ones. */
export function inflatedOf(stored: Buffer): Buffer | null {
  try {
    return inflateRawSync(stored, { maxOutputLength: STORED_BYTES_MAX });
  } catch {
    return null;
  }
}
