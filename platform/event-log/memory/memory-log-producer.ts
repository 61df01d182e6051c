/**
 * Appends of one process to one topic in memory.
 *
 * 1. One append in flight for each partition; a second call is refused before anything waits.
 * 2. Bytes are copied before the first wait: the caller may use its buffers again.
 * 3. An append that the pace cuts short fails after the entries that landed: the caller sends all of them again.
 */

import {
  type AppendResult,
  EventLogError,
  HEADER_BYTES_MAX,
  type LogEntry,
  type LogProducer,
  VALUE_BYTES_MAX,
} from "../event-log.js";
import type { LogPace } from "./log-pace.js";
import type { MemoryLogWorld } from "./memory-log-world.js";

export class MemoryLogProducer implements LogProducer {
  private readonly inFlight = new Map<number, Promise<unknown>>();
  private isClosed = false;

  constructor(
    private readonly world: MemoryLogWorld,
    private readonly pace: LogPace,
    private readonly topic: string,
  ) {}

  async append(partition: number, entries: readonly LogEntry[]): Promise<AppendResult> {
    this.checkOpen();
    this.checkEntries(partition, entries);
    if (this.inFlight.has(partition))
      throw new EventLogError(
        "APPEND_IN_FLIGHT",
        `${this.topic}/${partition}: the append before is not settled; wait for it before the next`,
      );
    const landing = this.land(partition, entries.map(copied));
    this.inFlight.set(partition, landing);
    try {
      return await landing;
    } finally {
      this.inFlight.delete(partition);
    }
  }

  async flush(): Promise<void> {
    this.checkOpen();
    await this.pace.point("log.flush");
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.inFlight.values());
  }

  private async land(partition: number, entries: readonly LogEntry[]): Promise<AppendResult> {
    await this.pace.point("log.append");
    const count = this.pace.landing(entries.length);
    const result = this.world.append(this.topic, partition, entries.slice(0, count));
    await this.pace.point("log.acknowledge");
    if (count === entries.length) return result;
    throw new EventLogError(
      "FAILED",
      `${this.topic}/${partition}: ${count} of ${entries.length} entries were appended; send all of them again`,
      { retryable: true },
    );
  }

  private checkOpen(): void {
    if (this.isClosed) throw new EventLogError("CLOSED", `the producer of ${this.topic} is closed`);
  }

  private checkEntries(partition: number, entries: readonly LogEntry[]): void {
    for (const [index, { value, header }] of entries.entries()) {
      if (value.length <= VALUE_BYTES_MAX && header.length <= HEADER_BYTES_MAX) continue;
      throw new EventLogError(
        "VALUE_TOO_LARGE",
        `${this.topic}/${partition}, entry ${index}: value of ${value.length} and header of ${header.length} bytes; at most ${VALUE_BYTES_MAX} and ${HEADER_BYTES_MAX} are taken`,
      );
    }
  }
}

/** `slice` of a Buffer would share its bytes. */
function copied({ key, value, header }: LogEntry): LogEntry {
  return { key, value: new Uint8Array(value), header: new Uint8Array(header) };
}
