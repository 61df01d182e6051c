/**
 * Reads one partition in memory, in order.
 *
 * 1. A reader that waits is woken by an append, by its time or by `close`, whichever comes first.
 * 2. The position moves only with the records handed out.
 */

import type { Clock } from "../../clock/clock.js";
import { EventLogError, type LoggedRecord, type LogReader, type ReadLimits } from "../event-log.js";
import type { LogPace } from "./log-pace.js";
import type { MemoryLogWorld } from "./memory-log-world.js";

export interface MemoryLogReaderParts {
  readonly world: MemoryLogWorld;
  readonly pace: LogPace;
  readonly clock: Clock;
  readonly topic: string;
  readonly partition: number;
}

/** A reason at hand: making one for each wake-up is most of its cost. */
const WOKEN = "woken";
const NO_RECORDS: readonly LoggedRecord[] = [];

export class MemoryLogReader implements LogReader {
  private waiting: AbortController | null = null;
  private isClosed = false;

  constructor(
    private readonly parts: MemoryLogReaderParts,
    private nextOffset: number,
  ) {}

  get position(): number {
    return this.nextOffset;
  }

  async read(limits: ReadLimits): Promise<readonly LoggedRecord[]> {
    const { world, pace, topic, partition } = this.parts;
    if (this.isClosed) throw new EventLogError("CLOSED", `the reader of ${topic}/${partition} is closed`);
    if (limits.waitMs > 0 && this.nextOffset === world.bounds(topic, partition).end)
      await this.waitForAppend(limits.waitMs);
    await pace.point("log.read");
    if (this.isClosed) return NO_RECORDS;
    const records = world.read(topic, partition, this.nextOffset, limits);
    this.nextOffset += records.length;
    return records;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.waiting?.abort(WOKEN);
  }

  private async waitForAppend(waitMs: number): Promise<void> {
    const { world, clock, topic, partition } = this.parts;
    const waiting = new AbortController();
    this.waiting = waiting;
    const deafen = world.listen(topic, partition, () => waiting.abort(WOKEN));
    try {
      await clock.sleep(waitMs, waiting.signal);
    } finally {
      deafen();
      this.waiting = null;
    }
  }
}
