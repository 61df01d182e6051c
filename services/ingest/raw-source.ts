/**
 * Ingest from Kafka: raw records of the networks' topics into the journal, several processes sharing the partitions.
 *
 * Owns: its topics' groups and partitions, how far behind they are, the orderly end.
 * Does not own: log, intake, journal writer and dead letters, which close after it.
 *
 * 1. No record is lost: a partition's position is committed once every record before it is durable, in the journal or
 *    as a dead letter. Where a process ends in between the records are read and appended again; the judge knows repeats.
 * 2. A bad record is parked and holds up nothing.
 * 3. The gateway's waiting calls come first: part of the journal's queue is never filled from here.
 * 4. An error that does not pass ends the whole source, once, by `onFailure`.
 */

import { type RawSourceMetrics, rawSourceMetrics } from "./raw-source-metrics.js";
import {
  RAW_SOURCE_LIMITS,
  RawSourceError,
  type RawSourceLimits,
  type RawSourceOptions,
} from "./raw-source-options.js";
import { RawSourceTopic, type RawTopicStatus } from "./raw-source-topic.js";
import { RAW_TOPICS } from "./raw-topics.js";

export interface RawSourceStatus {
  readonly topics: readonly RawTopicStatus[];
  /** What ended the source, null while it works. */
  readonly failure: unknown;
}

export class RawSource {
  private readonly limits: RawSourceLimits;
  private readonly counters: RawSourceMetrics;
  private readonly topics: readonly RawSourceTopic[];
  private readonly closing = new AbortController();
  private failure: unknown = null;
  private isOpen = false;
  private closed: Promise<void> | null = null;

  private constructor(private readonly options: RawSourceOptions) {
    this.limits = { ...RAW_SOURCE_LIMITS, ...options.limits };
    this.checkRoom();
    this.counters = rawSourceMetrics(options.metrics);
    this.topics = (options.topics ?? RAW_TOPICS).map(
      (topic) =>
        new RawSourceTopic({
          ...options,
          topic,
          groupPrefix: options.groupPrefix,
          limits: this.limits,
          counters: this.counters,
          onFailure: (error) => this.fail(error),
        }),
    );
  }

  /** Joins the groups; partitions are read as they are assigned. @throws EventLogError, RawSourceError. */
  static async open(options: RawSourceOptions): Promise<RawSource> {
    const source = new RawSource(options);
    try {
      await Promise.all(source.topics.map(({ joined }) => joined));
      if (source.failure !== null) throw source.failure;
    } catch (error) {
      await source.close();
      throw error;
    }
    source.isOpen = true;
    void source.measure();
    return source;
  }

  status(): RawSourceStatus {
    return { topics: this.topics.map(({ status }) => status), failure: this.failure };
  }

  /**
   * Reads nothing more, finishes and commits what was read, gives the partitions to others. What is not done within
   * `closeTimeoutMs` is left to whoever reads it next. Idempotent.
   */
  async close(): Promise<void> {
    this.closed ??= this.end();
    await this.closed;
  }

  private async end(): Promise<void> {
    const { clock, logger } = this.options;
    this.closing.abort();
    if (this.failure !== null || !this.isOpen) this.abandon();
    const inTime = new AbortController();
    const finished = Promise.all(this.topics.map((topic) => topic.finish())).then(() => inTime.abort());
    await Promise.race([finished, clock.sleep(this.limits.closeTimeoutMs, inTime.signal)]);
    this.abandon();
    await Promise.all(this.topics.map((topic) => topic.leave())).catch(
      // Others get the partitions once the session has run out.
      (error: unknown) => logger.warn("ingest.raw-not-left", { error }),
    );
  }

  private abandon(): void {
    for (const topic of this.topics) topic.abandon();
  }

  private fail(error: unknown): void {
    if (this.failure !== null || this.closing.signal.aborted) return;
    this.failure = error;
    this.abandon();
    // Whoever opens hears of it from `open`.
    if (this.isOpen) this.options.onFailure(error);
  }

  private async measure(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.closing;
    while (!signal.aborted) {
      await Promise.all(this.topics.map((topic) => topic.measure()));
      await clock.sleep(this.limits.lagEveryMs, signal);
    }
  }

  /** Otherwise it would wait for room for ever. */
  private checkRoom(): void {
    const { writer } = this.options;
    const { batchRecordsMax, roomKeptRecords } = this.limits;
    const needed = batchRecordsMax + roomKeptRecords;
    if (needed <= writer.queueRecordsMax) return;
    throw new RawSourceError(
      "QUEUE_TOO_SMALL",
      `the journal's queue takes ${writer.queueRecordsMax} records; a raw source needs ${needed} (a batch of ` +
        `${batchRecordsMax}, ${roomKeptRecords} kept for the gateway): make the queue longer or these fewer`,
    );
  }
}
