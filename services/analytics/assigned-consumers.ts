/**
 * The consumers of the partitions that this process has.
 *
 * Owns: starting and stopping them as partitions come and go.
 * Does not own: who gets which partition.
 *
 * 1. One change after the other; a newer one replaces those that have not begun.
 * 2. What is lost ends before what is gained begins; its last block is written then.
 * 3. Of what is gained the rows are asked where they end, `handoverMs` after it was given: the block that its last
 *    owner had under way is there by then.
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog, ReadLimits } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { AnalyticsMetrics } from "./analytics-metrics.js";
import { type ConsumerStatus, LogConsumer } from "./log-consumer.js";
import type { LogTable } from "./log-tables.js";
import type { LogWriter } from "./log-writer.js";

/** A database that is away; partitions taken meanwhile have nobody else. */
const REREAD_BACKOFF_MS = 1000;

export interface TopicWriter {
  readonly table: LogTable;
  readonly writer: LogWriter;
}

export interface AssignedConsumersOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AnalyticsMetrics;
  readonly topics: readonly TopicWriter[];
  readonly readLimits: ReadLimits;
  readonly handoverMs: number;
}

interface Running {
  readonly consumers: readonly LogConsumer[];
  readonly stopping: AbortController;
  readonly ended: Promise<unknown>;
}

export class AssignedConsumers {
  private readonly running = new Map<number, Running>();
  private readonly closing = new AbortController();
  private wanted: readonly number[] = [];
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly options: AssignedConsumersOptions) {}

  /** The first partitions, whose ends the writers have just read. */
  begin(partitions: readonly number[]): void {
    for (const partition of partitions) this.startPartition(partition);
  }

  assign(partitions: readonly number[]): Promise<void> {
    this.wanted = partitions;
    this.last = this.last.then(() => this.change(partitions));
    return this.last;
  }

  /** Those that are worked on now. */
  get partitions(): readonly number[] {
    return [...this.running.keys()];
  }

  async status(): Promise<readonly ConsumerStatus[]> {
    const all = [...this.running.values()].flatMap(({ consumers }) => consumers);
    return Promise.all(all.map((consumer) => consumer.status()));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.last;
    await this.stop([...this.running.keys()]);
  }

  private async change(partitions: readonly number[]): Promise<void> {
    if (this.isOutdated(partitions)) return;
    await this.stop([...this.running.keys()].filter((partition) => !partitions.includes(partition)));
    const gained = partitions.filter((partition) => !this.running.has(partition));
    if (gained.length === 0) return;
    await this.options.clock.sleep(this.options.handoverMs, this.closing.signal);
    while (!this.isOutdated(partitions) && !(await this.reread(gained))) await this.backOff();
    if (this.isOutdated(partitions)) return;
    for (const partition of gained) this.startPartition(partition);
  }

  private isOutdated(partitions: readonly number[]): boolean {
    return this.closing.signal.aborted || partitions !== this.wanted;
  }

  /** False where the database could not be asked. */
  private async reread(gained: readonly number[]): Promise<boolean> {
    const { topics, logger } = this.options;
    try {
      for (const { writer } of topics) await writer.reread(gained);
      return true;
    } catch (error) {
      logger.warn("analytics.assignment-waits", { count: gained.length, error });
      return false;
    }
  }

  private backOff(): Promise<void> {
    return this.options.clock.sleep(REREAD_BACKOFF_MS, this.closing.signal);
  }

  private async stop(partitions: readonly number[]): Promise<void> {
    const ending = partitions.map((partition) => this.running.get(partition)!);
    for (const { stopping } of ending) stopping.abort();
    await Promise.all(ending.map(({ ended }) => ended));
    for (const partition of partitions) this.running.delete(partition);
  }

  private startPartition(partition: number): void {
    const { topics, ...options } = this.options;
    const stopping = new AbortController();
    const { signal } = stopping;
    const consumers = topics.map((topic) => new LogConsumer({ ...options, ...topic, partition, signal }));
    const ended = Promise.all(consumers.map((consumer) => consumer.run()));
    this.running.set(partition, { consumers, stopping, ended });
  }
}
