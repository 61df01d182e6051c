/**
 * The file of an outbox: one JSON object a line, appended and synced.
 *
 * Owns: the file, its length, what a torn end becomes.
 * Does not own: what the lines say (whoever has the outbox).
 *
 * 1. `append` resolves when the lines are on disk. What was not written whole is cut off again before the next: the file
 *    always ends where a whole line ended.
 * 2. A last line without its line end was never acknowledged: opening cuts it off.
 */

import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";

const CHUNK_BYTES = 65_536;
/** Addresses are of persons: nobody else's business, masked or not. */
const MODE = 0o600;

export class OutboxFile {
  /** The last append did not end well: what it left of its lines comes off first. */
  private isTorn = false;

  private constructor(
    private readonly file: FileHandle,
    private length: number,
  ) {}

  /** @param onLine each whole line with its number, from 1. */
  static async open(path: string, onLine: (line: string, number: number) => void): Promise<OutboxFile> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "a+", MODE);
    try {
      const length = await readLines(file, onLine);
      await file.truncate(length);
      await file.sync();
      await syncFolder(dirname(path));
      return new OutboxFile(file, length);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** All of them or, where it fails, none. */
  async append(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    if (this.isTorn) await this.file.truncate(this.length);
    this.isTorn = true;
    await this.file.appendFile(bytes);
    await this.file.datasync();
    this.length += bytes.length;
    this.isTorn = false;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** @returns the length up to the last line end. */
async function readLines(file: FileHandle, onLine: (line: string, number: number) => void): Promise<number> {
  const decoder = new StringDecoder("utf8");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let pending = "";
  let [number, position, end] = [0, 0, 0];
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return end;
    const lastEnd = chunk.subarray(0, bytesRead).lastIndexOf(10);
    if (lastEnd >= 0) end = position + lastEnd + 1;
    position += bytesRead;
    const lines = (pending + decoder.write(chunk.subarray(0, bytesRead))).split("\n");
    pending = lines.pop()!;
    for (const line of lines) onLine(line, ++number);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync();
  await folder.close();
}
