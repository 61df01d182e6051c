/**
 * `manifest.ndjson`: every file of an archive, a line each, in the order they were written.
 *
 * Owns: the chain of its lines.
 * Does not own: the files that it names.
 *
 * 1. A line names the SHA-256 of the line before it.
 * 2. What a line names counts; a line without its line feed is what a killed run left, and counts not.
 */

import { createHash } from "node:crypto";
import { open, readFile, truncate } from "node:fs/promises";
import { flushFolder } from "../../platform/lifecycle/flush-folder.js";
import { type ManifestEntry, type ManifestLine, manifestLine, NO_SHA256 } from "../../schemas/archive.js";
import { ArchiveError, damaged } from "./archive-error.js";

const LINE_FEED = 0x0a;

export class Manifest {
  private readonly heads = new Set<string>();

  private constructor(
    private readonly path: string,
    readonly entries: ManifestEntry[],
    /** SHA-256 of the last line: who notes it elsewhere can tell later that no line was taken off the end. */
    public head: string,
  ) {}

  /** Was this the SHA-256 of its last line once? */
  hasHead(sha256: string): boolean {
    return this.heads.has(sha256);
  }

  /** For reading. @throws ArchiveError DAMAGED, CHAIN_BROKEN; DAMAGED for an unfinished line too. */
  static async read(path: string): Promise<Manifest> {
    const bytes = await bytesOf(path);
    const whole = wholeLines(bytes);
    if (whole < bytes.length)
      throw damaged(
        `${path}: byte ${whole}`,
        "an unfinished line: a run of 'kadun archive' was ended in it (run it again, it goes on), or it is damaged",
      );
    return Manifest.of(path, bytes);
  }

  /** For going on: what a killed run left of a line is taken off. @throws ArchiveError. */
  static async openToAppend(path: string): Promise<Manifest> {
    const bytes = await bytesOf(path);
    const whole = wholeLines(bytes);
    const manifest = Manifest.of(path, bytes.subarray(0, whole));
    if (whole < bytes.length) await truncate(path, whole);
    return manifest;
  }

  private static of(path: string, bytes: Buffer): Manifest {
    const manifest = new Manifest(path, [], NO_SHA256);
    let at = 0;
    for (let line = 1; at < bytes.length; line++) {
      const end = bytes.indexOf(LINE_FEED, at);
      const text = bytes.subarray(at, end);
      manifest.entries.push(entryOf(text, { path, line, at, head: manifest.head }));
      manifest.head = sha256Of(text);
      manifest.heads.add(manifest.head);
      at = end + 1;
    }
    return manifest;
  }

  /** On the disk when it resolves. */
  async append(entry: ManifestEntry): Promise<void> {
    const line: ManifestLine = { line: this.entries.length + 1, previousSha256: this.head, entry };
    const text = JSON.stringify(line);
    const file = await open(this.path, "a", 0o600);
    try {
      await file.appendFile(`${text}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    if (this.entries.length === 0) await flushFolder(this.path);
    this.entries.push(entry);
    this.head = sha256Of(Buffer.from(text));
    this.heads.add(this.head);
  }
}

interface LinePlace {
  readonly path: string;
  readonly line: number;
  readonly at: number;
  /** SHA-256 of the line before. */
  readonly head: string;
}

function entryOf(text: Buffer, { path, line, at, head }: LinePlace): ManifestEntry {
  const where = `${path}: line ${line}, byte ${at}`;
  const parsed = manifestLine.safeParse(jsonOf(text));
  // Written by this program, so the same text comes of it: a flipped digit, or a space, does not pass.
  if (!parsed.success || JSON.stringify(parsed.data) !== text.toString("utf8"))
    throw damaged(where, "is no line of a manifest");
  if (parsed.data.line !== line || parsed.data.previousSha256 !== head)
    throw new ArchiveError(
      "CHAIN_BROKEN",
      `${where}: does not follow the line before it: a line was changed, taken out, added or moved; restore the manifest from a copy of the archive`,
    );
  return parsed.data.entry;
}

function wholeLines(bytes: Buffer): number {
  return bytes.lastIndexOf(LINE_FEED) + 1;
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw new ArchiveError("MISSING", `${path}: cannot be read (${(cause as NodeJS.ErrnoException).code})`, {
      cause,
    });
  }
}

function sha256Of(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function jsonOf(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    return undefined;
  }
}
