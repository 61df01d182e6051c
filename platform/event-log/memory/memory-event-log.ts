/**
 * The event log of one process on a world in memory (platform/event-log/event-log.ts has the contract).
 *
 * Owns: this process's producers and readers, closing them.
 * Does not own: the records (`MemoryLogWorld`), when a call goes on (`LogPace`).
 *
 * A process that has ended is one whose pace settles no more; what it had under way lands or not as the pace says.
 */

import type { Clock } from "../../clock/clock.js";
import { systemClock } from "../../clock/system-clock.js";
import {
  type EventLog,
  EventLogError,
  type LoggedRecord,
  type LogProducer,
  type LogReader,
  type TopicBounds,
} from "../event-log.js";
import { immediateLog, type LogPace } from "./log-pace.js";
import { MemoryLogProducer } from "./memory-log-producer.js";
import { MemoryLogReader } from "./memory-log-reader.js";
import type { MemoryLogWorld } from "./memory-log-world.js";

export interface MemoryEventLogOptions {
  /** Measures how long a reader waits. */
  readonly clock?: Clock;
  readonly pace?: LogPace;
}

export class MemoryEventLog implements EventLog {
  private readonly clock: Clock;
  private readonly pace: LogPace;
  private readonly opened = new Set<LogProducer | LogReader>();
  private closing: Promise<void> | null = null;

  constructor(
    private readonly world: MemoryLogWorld,
    options: MemoryEventLogOptions = {},
  ) {
    this.clock = options.clock ?? systemClock;
    this.pace = options.pace ?? immediateLog;
  }

  async partitionCount(topic: string): Promise<number> {
    await this.step("log.open");
    return this.world.partitionCount(topic);
  }

  async producer(topic: string): Promise<LogProducer> {
    await this.step("log.open");
    this.world.partitionCount(topic);
    return this.keep(new MemoryLogProducer(this.world, this.pace, topic));
  }

  async reader(topic: string, partition: number, fromOffset: number): Promise<LogReader> {
    await this.step("log.open");
    this.world.bounds(topic, partition);
    const { world, pace, clock } = this;
    return this.keep(new MemoryLogReader({ world, pace, clock, topic, partition }, fromOffset));
  }

  async bounds(topic: string, partition: number): Promise<TopicBounds> {
    await this.step("log.bounds");
    return this.world.bounds(topic, partition);
  }

  async tail(topic: string, partition: number): Promise<LoggedRecord | null> {
    await this.step("log.tail");
    return this.world.tail(topic, partition);
  }

  async trim(topic: string, partition: number, start: number): Promise<void> {
    await this.step("log.bounds");
    if (start > this.world.bounds(topic, partition).start) this.world.trim(topic, partition, start);
  }

  async close(): Promise<void> {
    this.closing ??= Promise.all([...this.opened].map((each) => each.close())).then(() => {});
    await this.closing;
  }

  private async step(step: "log.open" | "log.bounds" | "log.tail"): Promise<void> {
    this.checkOpen();
    await this.pace.point(step);
    this.checkOpen();
  }

  private checkOpen(): void {
    if (this.closing !== null) throw new EventLogError("CLOSED", "the event log is closed");
  }

  private keep<Opened extends LogProducer | LogReader>(opened: Opened): Opened {
    this.opened.add(opened);
    return opened;
  }
}
