/** Files as ranges of whole lines, so that several processes can read one file. */

import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { LINE_BYTES_MAX } from "../../services/ingest/accept.js";
import { ByteLines } from "../byte-lines.js";
import { OperatingError } from "../exit-status.js";
import type { Range } from "./plan.js";

/** A task holds its records in memory while it lays them out by slice. */
export const RANGE_BYTES = 16 << 20;
const PIECE_BYTES = 1 << 18;
const NEWLINE = 10;

/** @throws OperatingError where a file cannot be read. */
export function rangesOf(files: readonly string[], rangeBytes = RANGE_BYTES): Range[] {
  return files.flatMap((file) => rangesOfFile(file, rangeBytes));
}

function rangesOfFile(file: string, rangeBytes: number): Range[] {
  const descriptor = opened(file);
  try {
    const { size } = statSync(file);
    const ranges: Range[] = [];
    for (let start = 0; start < size; ) {
      const end = start + rangeBytes >= size ? size : lineStartBehind(descriptor, start + rangeBytes, size);
      ranges.push({ file, start, end });
      start = end;
    }
    return ranges;
  } finally {
    closeSync(descriptor);
  }
}

function opened(file: string): number {
  try {
    if (statSync(file).isDirectory()) throw new OperatingError(`${file}: is a folder; name its files`);
    return openSync(file, "r");
  } catch (error) {
    if (error instanceof OperatingError) throw error;
    throw new OperatingError(
      `${file}: cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`,
    );
  }
}

/** Where the line behind the one at `from` begins. */
function lineStartBehind(descriptor: number, from: number, size: number): number {
  const piece = Buffer.alloc(PIECE_BYTES);
  for (let at = from; at < size; ) {
    const read = readSync(descriptor, piece, 0, PIECE_BYTES, at);
    if (read === 0) return size;
    const newline = piece.subarray(0, read).indexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1;
    at += read;
  }
  return size;
}

/** Every line with its number in the range, from 0; also empty ones. @returns how many. */
export async function readRange(
  { file, start, end }: Range,
  onLine: (line: Uint8Array, index: number) => void,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  const lines = new ByteLines(LINE_BYTES_MAX, (line, lineNumber) => {
    count = lineNumber;
    onLine(line, lineNumber - 1);
  });
  for await (const chunk of createReadStream(file, { start, end: end - 1, highWaterMark: PIECE_BYTES })) {
    lines.push(chunk as Buffer);
    await turn();
    signal.throwIfAborted();
  }
  lines.end();
  return count;
}
