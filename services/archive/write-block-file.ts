/**
 * Writes a file of an archive (block-layout.ts).
 *
 * 1. It appears under its name when all of it is on the disk, and never changes afterwards.
 */

import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, rename } from "node:fs/promises";
import { deflateRawSync } from "node:zlib";
import { flushFolder } from "../../platform/lifecycle/flush-folder.js";
import { ArchiveError } from "./archive-error.js";
import { BLOCK_BYTES_FULL, BLOCK_ITEMS_MAX, blockPrefix, MAGIC, NO_BYTES, prefixOf } from "./block-layout.js";

export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
  readonly items: number;
}

/** Writes a file and names it. @throws ArchiveError NOT_WRITABLE, whatever `items` throw. */
export async function writeBlockFile(
  path: string,
  header: object,
  items: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<WrittenFile> {
  const draft = `${path}.new`;
  const handle = await opened(draft);
  try {
    const writing = new Writing(handle);
    await writing.header(header);
    for await (const item of items) await writing.item(item);
    await writing.end();
    await handle.sync();
    return await named(draft, path, writing);
  } finally {
    await handle.close();
  }
}

async function named(draft: string, path: string, writing: Writing): Promise<WrittenFile> {
  await rename(draft, path);
  await flushFolder(path);
  return { bytes: writing.bytes, sha256: writing.hash.digest("hex"), items: writing.items };
}

async function opened(draft: string): Promise<FileHandle> {
  try {
    return await open(draft, "w", 0o600);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ArchiveError(
      "NOT_WRITABLE",
      `${draft}: cannot be written (${code}); give this user the right to, or free the disk`,
      { cause },
    );
  }
}

class Writing {
  readonly hash: Hash = createHash("sha256");
  bytes = 0;
  items = 0;
  private waiting: Buffer[] = [];
  private waitingItems = 0;
  private waitingBytes = 0;

  constructor(private readonly handle: FileHandle) {}

  async header(header: object): Promise<void> {
    const json = Buffer.from(JSON.stringify(header), "utf8");
    await this.write([MAGIC, prefixOf(json), json]);
  }

  async item(bytes: Uint8Array): Promise<void> {
    const prefix = prefixOf(bytes);
    this.waiting.push(prefix, Buffer.from(bytes));
    this.waitingItems++;
    this.waitingBytes += prefix.length + bytes.length;
    if (this.waitingItems >= BLOCK_ITEMS_MAX || this.waitingBytes >= BLOCK_BYTES_FULL) await this.block();
  }

  async end(): Promise<void> {
    if (this.waitingItems > 0) await this.block();
    await this.write([blockPrefix(NO_BYTES, this.items)]);
  }

  private async block(): Promise<void> {
    const stored = deflateRawSync(Buffer.concat(this.waiting));
    await this.write([blockPrefix(stored, this.waitingItems), stored]);
    this.items += this.waitingItems;
    this.waiting = [];
    this.waitingItems = 0;
    this.waitingBytes = 0;
  }

  private async write(parts: readonly Buffer[]): Promise<void> {
    const bytes = Buffer.concat(parts);
    this.hash.update(bytes);
    this.bytes += bytes.length;
    await this.handle.appendFile(bytes);
  }
}
