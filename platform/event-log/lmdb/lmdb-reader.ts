/**
 * Reads one partition in order.
 *
 * 1. A reader that waits is woken by a commit, by its time or by `close`, whichever comes first.
 * 2. The position moves only with the records handed out.
 * 3. A read that finds records at once still gives the event loop a turn: catching up never starves the process.
 */

import { setImmediate as turn } from "node:timers/promises";
import { EventLogError, type LoggedRecord, type LogReader, type ReadLimits } from "../event-log.js";
import type { LmdbTopic } from "./lmdb-topic.js";

const NO_RECORDS: readonly LoggedRecord[] = [];

export class LmdbReader implements LogReader {
  private readonly closing = new AbortController();
  private isReading = false;

  constructor(
    private readonly topic: LmdbTopic,
    private readonly partition: number,
    private nextOffset: number,
    private readonly onClose: () => void,
  ) {}

  get position(): number {
    return this.nextOffset;
  }

  async read(limits: ReadLimits): Promise<readonly LoggedRecord[]> {
    const where = `${this.topic.name}/${this.partition}`;
    if (this.closing.signal.aborted) throw new EventLogError("CLOSED", `the reader of ${where} is closed`);
    if (this.isReading)
      throw new EventLogError("FAILED", `${where}: a read is under way; wait for it before the next`);
    this.isReading = true;
    try {
      return await this.readOrWait(limits);
    } finally {
      this.isReading = false;
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.onClose();
  }

  private async readOrWait(limits: ReadLimits): Promise<readonly LoggedRecord[]> {
    const records = this.take(limits);
    if (records.length > 0 || limits.waitMs <= 0) {
      await turn();
      return records;
    }
    await this.topic.waitBeyond(this.partition, this.nextOffset, limits.waitMs, this.closing.signal);
    return this.closing.signal.aborted ? NO_RECORDS : this.take(limits);
  }

  private take(limits: ReadLimits): readonly LoggedRecord[] {
    const records = this.topic.read(this.partition, this.nextOffset, limits);
    this.nextOffset += records.length;
    return records;
  }
}
