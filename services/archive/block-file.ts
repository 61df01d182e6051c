/**
 * Reads a file of an archive (block-layout.ts).
 *
 * 1. The first damage is told by the file's name, the byte where its block begins, and the item as far as that can be told;
 *    items of blocks before it are given out.
 */

import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { crc32c } from "../../schemas/crc32c.js";
import { ArchiveError, damaged } from "./archive-error.js";
import {
  BLOCK_ITEMS_MAX,
  BLOCK_PREFIX_BYTES,
  crcOfBlock,
  inflatedOf,
  itemAt,
  MAGIC,
  PREFIX_BYTES,
  STORED_BYTES_MAX,
} from "./block-layout.js";

export interface BlockItem {
  readonly index: number;
  readonly bytes: Buffer;
  /** For messages: file and byte. */
  readonly where: string;
}

/** One file, read from its beginning. Close it. */
export class BlockFile {
  private readonly hash: Hash = createHash("sha256");
  private at = 0;
  /** SHA-256 and length of the whole file, known when all items were read. */
  read: { readonly sha256: string; readonly bytes: number } | null = null;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    /** As it was written: its shape is the reader's to check. */
    readonly header: { value: unknown },
  ) {}

  /** @throws ArchiveError MISSING, DAMAGED. */
  static async open(path: string): Promise<BlockFile> {
    const handle = await openedForReading(path);
    try {
      const file = new BlockFile(path, handle, { value: null });
      file.header.value = await file.readHeader();
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** All items, once. @throws ArchiveError DAMAGED. */
  async *items(): AsyncGenerator<BlockItem> {
    let items = 0;
    for (;;) {
      const beganAt = this.at;
      const block = await this.readBlock(items);
      if (block === null) break;
      for (const bytes of itemsOf(this.path, beganAt, block, items)) {
        yield { index: items, bytes, where: `${this.path}: byte ${beganAt}` };
        items++;
      }
    }
    this.read = { sha256: this.hash.digest("hex"), bytes: this.at };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async readHeader(): Promise<unknown> {
    const magic = await this.take(MAGIC.length, "the file's first bytes");
    if (!magic.equals(MAGIC)) throw damaged(`${this.path}: byte 0`, "does not begin as a file of an archive");
    const prefix = await this.take(PREFIX_BYTES, "the header");
    const json = await this.take(prefix.readUInt32LE(0), "the header");
    if (crc32c(json) !== prefix.readUInt32LE(4))
      throw damaged(`${this.path}: byte ${MAGIC.length}`, "the header fails its CRC32C");
    return JSON.parse(json.toString("utf8"));
  }

  /** null at the end. */
  private async readBlock(itemsBefore: number): Promise<Block | null> {
    const beganAt = this.at;
    const where = `${this.path}: byte ${beganAt}`;
    const prefix = await this.take(BLOCK_PREFIX_BYTES, "a block");
    const stored = await this.take(prefix.readUInt32LE(0), "a block");
    const items = prefix.readUInt32LE(4);
    const isSound = crcOfBlock(prefix, stored) === prefix.readUInt32LE(8);
    if (stored.length > 0) {
      if (isSound) return { stored, items };
      throw damaged(
        where,
        `${damagedItems(stored, itemsBefore, items)} of its block, which fails its CRC32C`,
      );
    }
    if (!isSound || items !== itemsBefore)
      throw damaged(where, `the file's end is no end: ${itemsBefore} items came before it`);
    const rest = await this.handle.read(Buffer.alloc(1), 0, 1, this.at);
    if (rest.bytesRead > 0) throw damaged(`${this.path}: byte ${this.at}`, "bytes follow behind the end");
    return null;
  }

  private async take(length: number, what: string): Promise<Buffer> {
    const where = `${this.path}: byte ${this.at}`;
    if (length > STORED_BYTES_MAX) throw damaged(where, `${what} would be ${length} bytes long`);
    const bytes = Buffer.alloc(length);
    let got = 0;
    while (got < length) {
      const { bytesRead } = await this.handle.read(bytes, got, length - got, this.at + got);
      if (bytesRead === 0) throw damaged(where, `the file ends in ${what}`);
      got += bytesRead;
    }
    this.at += length;
    this.hash.update(bytes);
    return bytes;
  }
}

interface Block {
  readonly stored: Buffer;
  readonly items: number;
}

async function openedForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "is not there" : `cannot be read (${code})`;
    throw new ArchiveError("MISSING", `${path}: ${why}; restore it from a copy of the archive`, { cause });
  }
}

function* itemsOf(path: string, blockAt: number, block: Block, itemsBefore: number): Generator<Buffer> {
  const where = `${path}: byte ${blockAt}`;
  const inflated = inflatedOf(block.stored);
  if (inflated === null) throw damaged(where, "a block cannot be unpacked");
  let at = 0;
  for (let index = itemsBefore; index < itemsBefore + block.items; index++) {
    const item = itemAt(inflated, at);
    if (item === null) throw damaged(where, `item ${index} fails its CRC32C`);
    at += PREFIX_BYTES + item.length;
    yield item;
  }
  if (at !== inflated.length) throw damaged(where, `${inflated.length - at} bytes belong to no item`);
}

/** Which of a damaged block's items is the first: told by the item's own checksum where the block still unpacks. */
function damagedItems(stored: Buffer, before: number, items: number): string {
  const all = `one of items ${before} to ${before + Math.min(items, BLOCK_ITEMS_MAX) - 1}`;
  const inflated = inflatedOf(stored);
  if (inflated === null) return all;
  let at = 0;
  for (let index = before; index < before + Math.min(items, BLOCK_ITEMS_MAX); index++) {
    const item = itemAt(inflated, at);
    if (item === null) return `item ${index}`;
    at += PREFIX_BYTES + item.length;
  }
  return all;
}
