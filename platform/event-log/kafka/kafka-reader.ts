/**
 * Reads one partition in order.
 *
 * 1. The position moves only with the records handed out, and over offsets that hold none (markers, compaction).
 * 2. A read that may not wait asks the server all the same: nothing means that there was nothing. Where no answer comes
 *    it is refused (UNREACHABLE, retryable), for whoever reads to the end would take an outage for the end.
 * 3. A read that may wait rides over an outage: it returns nothing when its time has passed.
 * 4. A read that finds records at once still gives the event loop a turn: catching up never starves the process. One that
 *    has waited had its turn.
 */

import { setImmediate as turn } from "node:timers/promises";
import { EventLogError, type LoggedRecord, type LogReader, type ReadLimits } from "../event-log.js";
import { loadCompression } from "./compression.js";
import type { PartitionFeed } from "./partition-feed.js";

/** An answer takes milliseconds, a change of leader some seconds. */
const ASK_TIMEOUT_MS = 10_000;
const NO_RECORDS: readonly LoggedRecord[] = [];

export class KafkaReader implements LogReader {
  private isReading = false;
  private isClosed = false;

  constructor(
    private readonly feed: PartitionFeed,
    private nextOffset: number,
    private readonly onClose: () => void,
  ) {}

  get position(): number {
    return this.nextOffset;
  }

  /** Not an async function: `readOrWait` is one, and two cost a live reader twice. */
  read(limits: ReadLimits): Promise<readonly LoggedRecord[]> {
    try {
      this.checkMayRead();
    } catch (error) {
      return Promise.reject(error);
    }
    return this.readOrWait(limits);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.feed.close();
    this.onClose();
  }

  private checkMayRead(): void {
    const where = `${this.feed.topic}/${this.feed.partition}`;
    if (this.isClosed) throw new EventLogError("CLOSED", `the reader of ${where} is closed`);
    if (this.isReading)
      throw new EventLogError("FAILED", `${where}: a read is under way; wait for it before the next`);
  }

  private async readOrWait(limits: ReadLimits): Promise<readonly LoggedRecord[]> {
    this.isReading = true;
    try {
      this.feed.forgetOldRefusal(true);
      const deadlineMs = performance.now() + limits.waitMs;
      const { queue } = this.feed;
      for (let hasWaited = false; ; hasWaited = true) {
        const records = this.take(limits);
        if (records.length > 0 && !hasWaited) await turn();
        if (records.length > 0 || this.isClosed) return records;
        if (queue.missingCodec !== null) {
          await loadCompression(queue.missingCodec);
          continue;
        }
        const leftMs = deadlineMs - performance.now();
        if (limits.waitMs > 0 && leftMs <= 0) return NO_RECORDS;
        if (limits.waitMs > 0) await this.feed.waitForRecords(leftMs);
        else if (!(await this.isThereAnything())) return NO_RECORDS;
      }
    } finally {
      this.isReading = false;
    }
  }

  private async isThereAnything(): Promise<boolean> {
    const outcome = await this.feed.ask(ASK_TIMEOUT_MS);
    if (outcome === "no answer") throw this.feed.unreachable();
    return outcome === "something";
  }

  private take(limits: ReadLimits): readonly LoggedRecord[] {
    if (this.isClosed) return NO_RECORDS;
    const records = this.takeBuffered(limits);
    this.nextOffset = this.feed.queue.position;
    if (records.length === 0 && this.feed.queue.missingCodec === null) this.throwFailure();
    this.feed.drained();
    return records;
  }

  private takeBuffered(limits: ReadLimits): readonly LoggedRecord[] {
    try {
      return this.feed.queue.take(limits);
    } catch (error) {
      // Fetched again by the next read: the damage may have been on the way.
      this.feed.queue.restart(this.nextOffset);
      throw error;
    }
  }

  private throwFailure(): void {
    this.feed.forgetOldRefusal(false);
    const failure = this.feed.takeFailure();
    if (failure === null) return;
    this.feed.queue.restart(this.nextOffset);
    throw failure;
  }
}
