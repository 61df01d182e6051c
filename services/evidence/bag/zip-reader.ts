/**
 * A package's ZIP as from a stranger: every byte must be what the writer would have written of the names and contents in it.
 *
 * Owns: the open file. 1. `check` builds all headers again and compares them, and reads all contents: then the file is, byte for
 * byte, what `writeZip` makes of what is in it. 2. Names are checked before anything is read by them.
 */

import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { EvidenceError } from "../verify/check.js";
import {
  byNameBytes,
  directoryEntry,
  END_BYTES,
  ENTRIES_MAX,
  endRecord,
  isEndRecord,
  localHeader,
  nameProblem,
  readDirectoryEntry,
  type ZipEntry,
} from "./zip-layout.js";

const PIECE_BYTES = 1 << 20;
/** Of the directory: a thousand bytes a file, some thousand files. */
const DIRECTORY_BYTES_MAX = 64 << 20;
const ZIP = "the ZIP";

export class ZipReader {
  private readonly byName: ReadonlyMap<string, ZipEntry>;

  private constructor(
    private readonly file: FileHandle,
    private readonly size: number,
    private readonly directory: { readonly at: number; readonly bytes: Buffer },
    readonly entries: readonly ZipEntry[],
  ) {
    this.byName = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** Reads the directory. @throws EvidenceError; Error of the file system. */
  static async open(path: string): Promise<ZipReader> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const directory = await readDirectory(file, size);
      return new ZipReader(file, size, directory, entriesOf(directory));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get names(): readonly string[] {
    return [...this.byName.keys()];
  }

  /** Every byte. @throws EvidenceError with the first that is not as it was written. */
  async check(): Promise<void> {
    let offset = 0;
    for (const entry of this.entries) {
      await this.expect(offset, localHeader(entry), `${entry.name}: its header in the ZIP`);
      offset += localHeader(entry).length;
      await this.checkContent(entry, offset);
      offset += entry.size;
    }
    const { at, bytes } = this.directory;
    if (offset !== at)
      throw new EvidenceError(
        `${ZIP}, byte ${Math.min(offset, at)}`,
        `expected the directory at byte ${offset}, found it at ${at}: bytes were added or are missing`,
      );
    let entryAt = 0;
    for (const entry of this.entries) {
      const expected = directoryEntry(entry);
      compare(bytes.subarray(entryAt, entryAt + expected.length), expected, {
        part: `${entry.name}: its entry in the directory`,
        at: at + entryAt,
      });
      entryAt += expected.length;
    }
    await this.expect(
      this.size - END_BYTES,
      endRecord(this.entries.length, at, bytes.length),
      `${ZIP}'s end`,
    );
  }

  /** Pieces of a file. @throws EvidenceError where it is not there, or is cut. */
  async *content(name: string): AsyncGenerator<Buffer> {
    const entry = this.byName.get(name);
    if (entry === undefined) throw new EvidenceError(name, "is missing");
    const start = entry.offset + localHeader(entry).length;
    for (let done = 0; done < entry.size; ) {
      const piece = await this.read(start + done, Math.min(PIECE_BYTES, entry.size - done), name);
      done += piece.length;
      yield piece;
    }
  }

  sizeOf(name: string): number {
    const entry = this.byName.get(name);
    if (entry === undefined) throw new EvidenceError(name, "is missing");
    return entry.size;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async checkContent(
    { name, offset, size, crc32: expected }: ZipEntry,
    start: number,
  ): Promise<void> {
    if (offset !== start - localHeader({ name, size, crc32: expected }).length)
      throw new EvidenceError(
        name,
        `the directory says byte ${offset}; it does not follow the file before it`,
      );
    let sum = 0;
    for await (const piece of this.content(name)) sum = crc32(piece, sum);
    if (sum !== expected)
      throw new EvidenceError(
        `${name}, bytes ${start} to ${start + size - 1} of the ZIP`,
        "the content is not the one that was written: its CRC-32 differs",
      );
  }

  private async expect(at: number, expected: Buffer, part: string): Promise<void> {
    compare(await this.read(at, expected.length, part), expected, { part, at });
  }

  private async read(at: number, length: number, part: string): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } =
      at + length > this.size ? { bytesRead: 0 } : await this.file.read(bytes, 0, length, at);
    if (bytesRead === length) return bytes;
    throw new EvidenceError(
      part,
      `expected ${length} bytes at byte ${at}; the file has ${this.size}: it was cut`,
    );
  }
}

async function readDirectory(file: FileHandle, size: number): Promise<{ at: number; bytes: Buffer }> {
  const end = Buffer.alloc(END_BYTES);
  if (size >= END_BYTES) await file.read(end, 0, END_BYTES, size - END_BYTES);
  if (!isEndRecord(end))
    throw new EvidenceError(
      `${ZIP}'s end`,
      "expected the end of a ZIP without a comment: bytes were cut or added",
    );
  const [length, at] = [end.readUInt32LE(12), end.readUInt32LE(16)];
  if (at + length !== size - END_BYTES || length > DIRECTORY_BYTES_MAX)
    throw new EvidenceError(
      `${ZIP}'s end`,
      `says that the directory has ${length} bytes at byte ${at}; the file has ${size}`,
    );
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, at);
  return { at, bytes };
}

function entriesOf({ at, bytes }: { readonly at: number; readonly bytes: Buffer }): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  /** Where upper and lower case are one, the second file would lie in the first one's place. */
  const folded = new Set<string>();
  for (let entryAt = 0; entryAt < bytes.length; ) {
    const entry = readDirectoryEntry(bytes, entryAt);
    if (entry === null || entries.length === ENTRIES_MAX)
      throw new EvidenceError(`${ZIP}'s directory, byte ${at + entryAt}`, "expected the entry of a file");
    checkName(entry.name, entries.at(-1)?.name ?? null);
    if (folded.has(entry.name.toLowerCase()))
      throw new EvidenceError(entry.name, "is another file's name in other letters");
    folded.add(entry.name.toLowerCase());
    entries.push(entry);
    entryAt += directoryEntry(entry).length;
  }
  return entries;
}

/** In the order of their bytes, so none is there twice. */
function checkName(name: string, before: string | null): void {
  const problem = nameProblem(name);
  if (problem !== null) throw new EvidenceError(JSON.stringify(name), problem);
  if (before === null) return;
  const order = byNameBytes(before, name);
  if (order === 0) throw new EvidenceError(name, "is in the ZIP twice");
  if (order > 0)
    throw new EvidenceError(name, `does not follow ${before}: files stand in the order of their names`);
}

function compare(
  found: Buffer,
  expected: Buffer,
  { part, at }: { readonly part: string; readonly at: number },
): void {
  if (found.equals(expected)) return;
  let differs = 0;
  while (found[differs] === expected[differs]) differs++;
  throw new EvidenceError(`${part}, byte ${at + differs}`, "is not as it was written");
}
