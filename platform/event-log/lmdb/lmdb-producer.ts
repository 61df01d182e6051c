/**
 * Appends of this process to one topic.
 *
 * 1. One append in flight for each partition: only so the order of the caller is the order of the log after a failure.
 * 2. Entries are checked and copied before anything waits; the caller may reuse its buffers.
 */

import type { Clock } from "../../clock/clock.js";
import { type AppendResult, EventLogError, type LogEntry, type LogProducer } from "../event-log.js";
import type { LmdbTopic } from "./lmdb-topic.js";
import { checkEntries, encodeEnvelopes } from "./record-envelope.js";

export class LmdbProducer implements LogProducer {
  private readonly inFlight = new Map<number, Promise<AppendResult>>();
  private isClosed = false;

  constructor(
    private readonly topic: LmdbTopic,
    private readonly clock: Clock,
    private readonly onClose: () => void,
  ) {}

  async append(partition: number, entries: readonly LogEntry[]): Promise<AppendResult> {
    this.checkOpen();
    const where = `${this.topic.name}/${partition}`;
    this.topic.checkPartition(partition);
    checkEntries(where, entries);
    if (this.inFlight.has(partition))
      throw new EventLogError(
        "APPEND_IN_FLIGHT",
        `${where}: the append before is not settled; wait for it before the next`,
      );
    const appendedAtMs = this.clock.now();
    const append = this.topic.append(partition, encodeEnvelopes(entries, appendedAtMs), appendedAtMs);
    this.inFlight.set(partition, append);
    try {
      return await append;
    } finally {
      this.inFlight.delete(partition);
    }
  }

  async flush(): Promise<void> {
    this.checkOpen();
    await this.topic.flush();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.inFlight.values());
    this.onClose();
  }

  private checkOpen(): void {
    if (this.isClosed) throw new EventLogError("CLOSED", `the producer of ${this.topic.name} is closed`);
  }
}
