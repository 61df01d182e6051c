/** A file of lines that is written once, in order, and hashed on the way. */

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

export class LineFile {
  lines = 0;
  private readonly stream: WriteStream;
  private readonly sha256 = createHash("sha256");

  constructor(path: string) {
    // Others have nothing to do with a person's history.
    this.stream = createWriteStream(path, { mode: 0o600 });
  }

  async add(line: string): Promise<void> {
    const bytes = Buffer.from(`${line}\n`, "utf8");
    this.sha256.update(bytes);
    this.lines++;
    if (!this.stream.write(bytes)) await once(this.stream, "drain");
  }

  /** @returns its SHA-256. */
  async end(): Promise<string> {
    this.stream.end();
    await finished(this.stream);
    return this.sha256.digest("hex");
  }
}
