/**
 * The bureau's channel where there is no system to report to: every report becomes a line of a file, which people of the
 * bureau carry on.
 *
 * Owns: which requests the file holds.
 * Does not own: the file's bytes (outbox-file.ts).
 *
 * 1. The file is the memory: what is in it after a restart is not written again.
 * 2. One process per file (the turn of whoever sends sees to that).
 */

import { OutboxFile } from "../../outbox-file/outbox-file.js";
import {
  type BureauAnswer,
  type BureauChannel,
  BureauChannelError,
  type LossNotice,
} from "../bureau-channel.js";

/** @param path the file; made where it is missing. @throws BureauChannelError CORRUPT. */
export async function openBureauOutbox({ path }: { readonly path: string }): Promise<BureauChannel> {
  const known = new Set<string>();
  const file = await OutboxFile.open(path, (line, number) => known.add(requestIdOf(line, path, number)));
  return new BureauOutbox(file, known);
}

class BureauOutbox implements BureauChannel {
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly file: OutboxFile,
    private readonly known: Set<string>,
  ) {}

  report(notice: LossNotice): Promise<BureauAnswer> {
    if (this.isClosed)
      return Promise.reject(new BureauChannelError("CLOSED", "the bureau's outbox was closed"));
    const written = this.last.then(() => this.write(notice));
    this.last = written.catch(() => {}); // who reported it is told
    return written;
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.closing ??= this.last.then(() => this.file.close());
    return this.closing;
  }

  private async write(notice: LossNotice): Promise<BureauAnswer> {
    if (this.known.has(notice.requestId)) return { kind: "kept" };
    try {
      await this.file.append([JSON.stringify(notice)]);
    } catch (cause) {
      throw new BureauChannelError(
        "UNAVAILABLE",
        "the bureau's outbox cannot be written: is the disk full?",
        {
          cause,
        },
      );
    }
    this.known.add(notice.requestId);
    return { kind: "kept" };
  }
}

function requestIdOf(line: string, path: string, number: number): string {
  try {
    const { requestId } = JSON.parse(line) as { requestId?: unknown };
    if (typeof requestId === "string") return requestId;
  } catch {
    // said below, with the place
  }
  throw new BureauChannelError(
    "CORRUPT",
    `${path} line ${number}: not a line of the bureau's outbox; correct or remove it, lest a loss is reported twice`,
  );
}
