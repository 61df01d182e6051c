/** One partition of one topic into its table, started again after every error. */

import type { Clock } from "../../platform/clock/clock.js";
import { backoffMs } from "../../platform/clock/retry.js";
import { consumeOnce } from "../../platform/event-log/consume-once.js";
import type { EventLog, ReadLimits } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import { isAbove } from "../../schemas/topics.js";
import type { AnalyticsMetrics } from "./analytics-metrics.js";
import type { LogTable } from "./log-tables.js";
import type { LogWriter } from "./log-writer.js";

export interface ConsumerStatus {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record that is not in the table. */
  readonly nextOffset: number;
  /** Records before it are in the table, outcomes before it in lists and figures as well. */
  readonly doneTo: number;
  /** Records of the log from there on; null where the log could not be asked. */
  readonly lag: number | null;
  /** Errors since rows were last written; 0 while all is well. */
  readonly failures: number;
}

export interface ConsumerOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AnalyticsMetrics;
  readonly table: LogTable;
  readonly writer: LogWriter;
  readonly partition: number;
  readonly readLimits: ReadLimits;
  readonly signal: AbortSignal;
}

export class LogConsumer {
  private failures = 0;

  constructor(private readonly options: ConsumerOptions) {}

  /** Ends with the signal. */
  async run(): Promise<void> {
    const { signal, clock } = this.options;
    while (!signal.aborted) {
      try {
        await this.consume();
      } catch (error) {
        if (signal.aborted) return;
        this.noteFailure(error);
        await clock.sleep(backoffMs(this.failures), signal);
      }
    }
  }

  async status(): Promise<ConsumerStatus> {
    const { table, partition, writer, log } = this.options;
    const nextOffset = (await writer.progress(partition))?.nextOffset ?? 0;
    const lag = await log.bounds(table.topic, partition).then(
      ({ end }) => Math.max(0, end - nextOffset),
      () => null,
    );
    return { topic: table.topic, partition, nextOffset, doneTo: nextOffset, lag, failures: this.failures };
  }

  private async consume(): Promise<void> {
    const { log, table, partition, writer, signal, metrics, readLimits } = this.options;
    await consumeOnce({
      log,
      topic: table.topic,
      partition,
      limits: readLimits,
      markOf: table.markOf,
      isAbove,
      sink: writer,
      signal,
      onBatch: (_, dropped, { nextOffset }) => {
        this.failures = 0;
        if (dropped > 0) metrics.repeatsDropped(table.topic, dropped);
        void this.measureLag(nextOffset);
      },
    });
  }

  private async measureLag(nextOffset: number): Promise<void> {
    const { log, table, partition, metrics } = this.options;
    const end = await log.bounds(table.topic, partition).then(
      (bounds) => bounds.end,
      () => null,
    );
    if (end !== null) metrics.lag(table.topic, partition, Math.max(0, end - nextOffset));
  }

  private noteFailure(error: unknown): void {
    const { logger, metrics, table, partition } = this.options;
    this.failures++;
    metrics.restarted(table.topic);
    logger.error("analytics.consumer-failed", {
      topic: table.topic,
      partition,
      attempt: this.failures,
      error,
    });
  }
}
