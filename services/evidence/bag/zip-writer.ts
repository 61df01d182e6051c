/** Writes a package's ZIP from files on the disk: each is read twice, once for its CRC-32, so that nothing grows with their size. */

import { once } from "node:events";
import { createReadStream, createWriteStream, statSync, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { crc32 } from "node:zlib";
import {
  BYTES_MAX,
  byNameBytes,
  directoryEntry,
  ENTRIES_MAX,
  endRecord,
  localHeader,
  nameProblem,
  type ZipEntry,
} from "./zip-layout.js";

export interface ZipFile {
  /** In the ZIP. */
  readonly name: string;
  /** On the disk. */
  readonly path: string;
}

/** @throws RangeError where a ZIP without its 64-bit extension cannot hold them. */
export async function writeZip(
  path: string,
  files: readonly ZipFile[],
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<void> {
  const sorted = [...files].sort((a, b) => byNameBytes(a.name, b.name));
  const totalBytes = sorted.reduce((bytes, file) => bytes + statSync(file.path).size, 0);
  if (sorted.length > ENTRIES_MAX) throw new RangeError(`${sorted.length} files; a ZIP holds ${ENTRIES_MAX}`);
  if (totalBytes > BYTES_MAX) throw new RangeError(`${totalBytes} bytes; a ZIP holds 4 GiB`);
  const output = new ZipOutput(path);
  const entries: ZipEntry[] = [];
  let doneBytes = 0;
  for (const file of sorted) {
    const problem = nameProblem(file.name);
    if (problem !== null) throw new RangeError(`${file.name}: ${problem}`);
    const entry = { name: file.name, ...(await summed(file.path)), offset: output.offset };
    await output.write(localHeader(entry));
    for await (const piece of createReadStream(file.path)) {
      await output.write(piece as Buffer);
      doneBytes += (piece as Buffer).length;
      onProgress(doneBytes, totalBytes);
    }
    entries.push(entry);
  }
  const directoryAt = output.offset;
  for (const entry of entries) await output.write(directoryEntry(entry));
  await output.write(endRecord(entries.length, directoryAt, output.offset - directoryAt));
  if (output.offset > BYTES_MAX) throw new RangeError(`${output.offset} bytes; a ZIP holds 4 GiB`);
  await output.end();
}

async function summed(path: string): Promise<{ readonly size: number; readonly crc32: number }> {
  let [size, sum] = [0, 0];
  for await (const piece of createReadStream(path)) {
    size += (piece as Buffer).length;
    sum = crc32(piece as Buffer, sum);
  }
  return { size, crc32: sum };
}

class ZipOutput {
  offset = 0;
  private readonly stream: WriteStream;

  constructor(path: string) {
    this.stream = createWriteStream(path, { mode: 0o600 });
  }

  async write(bytes: Buffer): Promise<void> {
    this.offset += bytes.length;
    if (!this.stream.write(bytes)) await once(this.stream, "drain");
  }

  async end(): Promise<void> {
    this.stream.end();
    await finished(this.stream);
  }
}
