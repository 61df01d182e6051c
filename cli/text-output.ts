/** Text lines to a file or to standard output, in pieces of 64 KiB, waiting where the reader is slower. */

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { OperatingError } from "./exit-status.js";

const PIECE_CHARACTERS = 65_536;

export class TextOutput {
  private held = "";
  private failure: Error | null = null;
  private readonly isFile: boolean;

  private constructor(
    private readonly stream: Writable,
    private readonly name: string,
  ) {
    this.isFile = name !== "standard output";
    stream.on("error", (error: Error) => {
      this.failure = error;
    });
  }

  /** Standard output where `path` is absent. @throws OperatingError where the file cannot be written. */
  static async open(path: string | undefined): Promise<TextOutput> {
    if (path === undefined) return new TextOutput(process.stdout, "standard output");
    const stream = createWriteStream(path);
    const output = new TextOutput(stream, path);
    try {
      await once(stream, "open");
    } catch (error) {
      throw new OperatingError(`${path}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
    return output;
  }

  write(text: string): void {
    this.held += text;
  }

  /** Hands on what is held if it is worth it; resolves when there is room for more. */
  async drain(isLast = false): Promise<void> {
    if (this.failure !== null)
      throw new OperatingError(`${this.name}: cannot be written (${this.failure.message})`);
    if (this.held.length < PIECE_CHARACTERS && !isLast) return;
    const text = this.held;
    this.held = "";
    if (text !== "" && !this.stream.write(text)) await this.roomOrEnd();
  }

  /** Both listeners go with the first event: a long run must not pile them up. */
  private roomOrEnd(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.stream.off("drain", done);
        this.stream.off("close", done);
        resolve();
      };
      this.stream.on("drain", done);
      this.stream.on("close", done);
    });
  }

  async close(): Promise<void> {
    await this.drain(true);
    if (this.isFile) await this.end();
    if (this.failure !== null)
      throw new OperatingError(`${this.name}: cannot be written (${this.failure.message})`);
  }

  /** A full disk may show only when the last bytes are flushed. */
  private async end(): Promise<void> {
    this.stream.end();
    try {
      await finished(this.stream);
    } catch (error) {
      this.failure ??= error as Error;
    }
  }
}
