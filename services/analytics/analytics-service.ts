/**
 * The analytics writer: journal and decisions of every partition into the tables of the analytics database.
 *
 * Owns: its consumers, starting each again after an error, their state for whoever asks.
 * Does not own: log and database (the caller closes them, after `close`).
 *
 * 1. Nothing is skipped: a consumer that fails begins again where the rows end.
 * 2. `close` lets blocks under way finish; what was not written is read again by the next run.
 */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { Clock } from "../../platform/clock/clock.js";
import { consumeOnce } from "../../platform/event-log/consume-once.js";
import type { EventLog, ReadLimits } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Metrics } from "../../platform/metrics/metrics.js";
import { isAbove } from "../../schemas/topics.js";
import { type AnalyticsMetrics, analyticsMetrics } from "./analytics-metrics.js";
import { BLOCK_LIMITS, BlockCommitter, type BlockLimits } from "./block-committer.js";
import { LOG_TABLES, type LogTable } from "./log-tables.js";
import { LogWriter } from "./log-writer.js";
import { migrate, readMigrations } from "./migrations.js";

export interface AnalyticsServiceOptions {
  readonly log: EventLog;
  readonly database: AnalyticsDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The folder of the numbered SQL files. */
  readonly migrationsDirectory: string;
  readonly blockLimits?: BlockLimits;
  readonly readLimits?: ReadLimits;
}

/** 2 MiB and 2,000 records make a block of at most 7 MiB; the wait bounds how long `close` takes. */
export const READ_LIMITS: ReadLimits = { recordsMax: 2000, bytesMax: 2 << 20, waitMs: 250 };
const BACKOFF_MS_FIRST = 250;
const BACKOFF_MS_MAX = 30_000;

export interface ConsumerStatus {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record that is not in the table. */
  readonly nextOffset: number;
  /** Records of the log behind it; null where the log could not be asked. */
  readonly lag: number | null;
  /** Errors since rows were last written; 0 while all is well. */
  readonly failures: number;
}

export interface AnalyticsService {
  status(): Promise<readonly ConsumerStatus[]>;
  /** Stops the consumers and waits for them. Idempotent. */
  close(): Promise<void>;
}

/** Brings the tables up to date and starts. @throws MigrationError, AnalyticsError, EventLogError. */
export async function startAnalyticsService(options: AnalyticsServiceOptions): Promise<AnalyticsService> {
  const { database, clock, logger, log, migrationsDirectory } = options;
  const applied = await migrate(database, await readMigrations(migrationsDirectory), () => clock.now());
  if (applied.length > 0) logger.info("analytics.migrated", { count: applied.length });
  const stopping = new AbortController();
  const metrics = analyticsMetrics(options.metrics);
  const consumers: Consumer[] = [];
  for (const table of LOG_TABLES) {
    const committer = new BlockCommitter({
      ...options,
      table,
      metrics,
      limits: options.blockLimits ?? BLOCK_LIMITS,
      run: clock.now().toString(36),
      signal: stopping.signal,
    });
    const writer = await LogWriter.open(database, table, committer);
    for (let partition = 0; partition < (await log.partitionCount(table.topic)); partition++)
      consumers.push(
        new Consumer({ ...options, metrics, table, writer, partition, signal: stopping.signal }),
      );
  }
  const ended = Promise.all(consumers.map((consumer) => consumer.run()));
  return {
    status: () => Promise.all(consumers.map((consumer) => consumer.status())),
    close: async () => {
      stopping.abort();
      await ended;
    },
  };
}

type ConsumerOptions = Omit<AnalyticsServiceOptions, "metrics"> & {
  readonly metrics: AnalyticsMetrics;
  readonly table: LogTable;
  readonly writer: LogWriter;
  readonly partition: number;
  readonly signal: AbortSignal;
};

class Consumer {
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
        await clock.sleep(Math.min(BACKOFF_MS_MAX, BACKOFF_MS_FIRST * 2 ** (this.failures - 1)), signal);
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
    return { topic: table.topic, partition, nextOffset, lag, failures: this.failures };
  }

  private async consume(): Promise<void> {
    const { log, table, partition, writer, signal, metrics, readLimits } = this.options;
    await consumeOnce({
      log,
      topic: table.topic,
      partition,
      limits: readLimits ?? READ_LIMITS,
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
