/**
 * The file by which Native blocks reach chdb: it is read while the statement runs, and removed.
 *
 * 1. One block at a time.
 * 2. What a killed process left behind is overwritten by the next block: nothing reads it before.
 */

import { unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AnalyticsError } from "../analytics-database.js";
import type { NativeBlock } from "../native-block.js";

/** The engine would look for other names where one of these stands. */
const PATTERN = /[*?{}[\]|]/;
/** Rows hold no names, but nobody else's business is what they say. */
const MODE = 0o600;

export class BlockFile {
  private readonly path: string;

  /** @param directory of the database; where its name reads as a pattern the file lies among temporary ones. */
  constructor(directory: string) {
    this.path = PATTERN.test(directory)
      ? join(tmpdir(), `kadun-block-${process.pid}.native`)
      : join(directory, "block.native");
  }

  /** @param use gets the table function that reads the block. */
  async with(block: NativeBlock, use: (source: string) => Promise<void>): Promise<void> {
    await this.write(block.bytes);
    try {
      await use(`file(${literalOf(this.path)}, 'Native', ${literalOf(structureOf(block))})`);
    } finally {
      await unlink(this.path);
    }
  }

  private async write(bytes: Uint8Array): Promise<void> {
    try {
      await writeFile(this.path, bytes, { mode: MODE });
    } catch (cause) {
      const isFull = cause instanceof Error && "code" in cause && cause.code === "ENOSPC";
      throw new AnalyticsError(
        isFull ? "DISK_FULL" : "FAILED",
        `${this.path}: a block cannot be written there`,
        {
          retryable: true,
          cause,
        },
      );
    }
  }
}

/** Said beforehand, so that the engine neither reads the head twice nor remembers it for the next block. */
function structureOf({ columns }: NativeBlock): string {
  return columns.map(({ name, type }) => `\`${name}\` ${type}`).join(", ");
}

/** A text as SQL has it. */
export function literalOf(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
