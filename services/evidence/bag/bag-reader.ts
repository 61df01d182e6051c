/** A package's files by name, out of its ZIP. */

import { createHash } from "node:crypto";
import { EvidenceError } from "../verify/check.js";
import { BYTES_MAX, type PackageReader } from "../verify/package-reader.js";
import { ZipReader } from "./zip-reader.js";

/** A line is a record: a settlement of 500 items is 200 kB. */
const LINE_BYTES_MAX = 16 << 20;
const LINE_FEED = 0x0a;

export class BagReader implements PackageReader {
  private constructor(
    readonly zip: ZipReader,
    /** The one folder in which everything lies, with its '/'. */
    private readonly root: string,
  ) {}

  /** Reads the directory only. @throws EvidenceError; Error of the file system. */
  static async open(path: string): Promise<BagReader> {
    const zip = await ZipReader.open(path);
    try {
      return new BagReader(zip, rootOf(zip.names));
    } catch (error) {
      await zip.close();
      throw error;
    }
  }

  get folder(): string {
    return this.root.slice(0, -1);
  }

  get names(): readonly string[] {
    return this.zip.names.map((name) => name.slice(this.root.length));
  }

  async sha256(name: string): Promise<string> {
    return this.digest(name, "sha256");
  }

  async digest(name: string, algorithm: "sha256" | "sm3"): Promise<string> {
    const digest = createHash(algorithm);
    for await (const piece of this.content(name)) digest.update(piece);
    return digest.digest("hex");
  }

  async bytes(name: string): Promise<Uint8Array> {
    if (this.sizeOf(name) > BYTES_MAX) throw new EvidenceError(name, `has more than ${BYTES_MAX} bytes`);
    const pieces: Buffer[] = [];
    for await (const piece of this.content(name)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *lines(name: string): AsyncGenerator<string> {
    let rest: Buffer = Buffer.alloc(0);
    for await (const piece of this.content(name)) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        yield textOf(bytes.subarray(start, end), name);
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > LINE_BYTES_MAX)
        throw new EvidenceError(name, `has a line of more than ${LINE_BYTES_MAX} bytes`);
    }
    if (rest.length > 0) throw new EvidenceError(name, "its last line has no end");
  }

  sizeOf(name: string): number {
    return told(name, () => this.zip.sizeOf(this.root + name));
  }

  close(): Promise<void> {
    return this.zip.close();
  }

  private async *content(name: string): AsyncGenerator<Buffer> {
    this.sizeOf(name);
    yield* this.zip.content(this.root + name);
  }
}

function rootOf(names: readonly string[]): string {
  const first = names[0] ?? "";
  const root = first.slice(0, first.indexOf("/") + 1);
  if (root === "") throw new EvidenceError("the ZIP", "expected one folder in which everything lies");
  const stray = names.find((name) => !name.startsWith(root));
  if (stray !== undefined) throw new EvidenceError(stray, `is not in the folder ${root}`);
  return root;
}

/** By the name within the bag. */
function told<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof EvidenceError) throw new EvidenceError(name, error.expected);
    throw error;
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(bytes: Buffer, name: string): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new EvidenceError(name, "has a line that is not UTF-8");
  }
}
