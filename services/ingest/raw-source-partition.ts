/**
 * One partition of a raw topic: read, stored, committed, from when it comes to this process until it goes.
 *
 * Owns: reader and position while it runs; when the position is committed.
 * Does not own: who decides about the partition (a group of processes), what becomes of a record (raw-source-batch.ts).
 *
 * 1. The position moves past a record once it is durable in the journal or the dead letters, never sooner. What was
 *    stored and not committed is read again; the judge knows repeats.
 * 2. It begins at the position committed last, at the topic's start where none was. A position that the topic does not
 *    hold is an error: nothing is skipped.
 * 3. Of a partition that was taken away nothing is committed any more. One that comes back begins anew, after what was
 *    under way has ended.
 * 4. Errors that may pass are waited out without end, in the open (`trouble`); any other ends the source.
 */

import { EventLogError, type LogReader } from "../../platform/event-log/event-log.js";
import type { PartitionGroup } from "../../platform/event-log/partition-group.js";
import { PassingTrouble } from "./passing-trouble.js";
import { RawBatch } from "./raw-source-batch.js";
import type { RawHeartbeats } from "./raw-source-heartbeats.js";
import type { RawSourceMetrics } from "./raw-source-metrics.js";
import { RawSourceError, type RawSourceLimits, type RawSourceOptions } from "./raw-source-options.js";
import type { RawTopic } from "./raw-topics.js";

export interface RawPartitionOptions extends Omit<RawSourceOptions, "limits" | "topics" | "groupPrefix"> {
  readonly topic: RawTopic;
  readonly group: Promise<PartitionGroup>;
  readonly limits: RawSourceLimits;
  readonly counters: RawSourceMetrics;
  readonly heartbeats: Pick<RawHeartbeats, "offer">;
}

export class RawPartition {
  /** Ends once the partition was taken away and nothing of it is under way. */
  ended: Promise<void> = Promise.resolve();
  /** Records not in the journal yet; null until it was measured. */
  lag: number | null = null;
  readonly trouble: PassingTrouble;
  private isWanted = false;
  private isRunning = false;
  private isFinishing = false;
  private stopping = new AbortController();
  private reader: LogReader | null = null;
  /** Of the next record to store; null before it is known. */
  private position: number | null = null;
  private committed: number | null = null;
  private committedAtMs = 0;

  constructor(
    private readonly options: RawPartitionOptions,
    readonly partition: number,
  ) {
    const { clock, logger, limits, counters, topic } = options;
    this.trouble = new PassingTrouble({
      clock,
      firstMs: limits.backoffFirstMs,
      maxMs: limits.backoffMaxMs,
      onWait: (error, attempt) => {
        counters.retries.add(1, { topic: topic.topic });
        logger.warn("ingest.raw-retries", { topic: topic.topic, partition, attempt, error });
      },
    });
  }

  /** Everything before it is in the journal or parked; null while this process does not read the partition. */
  get reached(): number | null {
    return this.position;
  }

  get wanted(): boolean {
    return this.isWanted;
  }

  want(): void {
    if (this.isWanted || this.isFinishing) return;
    this.isWanted = true;
    if (!this.isRunning) this.ended = this.run();
  }

  /** The partition was taken away. */
  lose(): void {
    this.isWanted = false;
    this.stopping.abort();
    void this.reader?.close();
  }

  /** Stores what was read, commits, reads no more. */
  finish(): void {
    this.isFinishing = true;
    void this.reader?.close();
  }

  async measureLag(): Promise<void> {
    const { log, topic } = this.options;
    if (this.position === null) return;
    const { end } = await log.bounds(topic.topic, this.partition);
    // The position can have moved on, or gone with the partition.
    this.lag = this.position === null ? null : Math.max(0, end - this.position);
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      while (this.isWanted && !this.isFinishing) {
        this.stopping = new AbortController();
        await this.runAssigned(this.stopping.signal);
      }
    } finally {
      this.isRunning = false;
    }
  }

  /** Until it is taken away; never rejects. */
  private async runAssigned(signal: AbortSignal): Promise<void> {
    const { logger, topic } = this.options;
    const { partition } = this;
    try {
      const group = await this.options.group;
      await this.trying(signal, () => this.begin(group));
      logger.debug("ingest.raw-began", { topic: topic.topic, partition, offset: this.position ?? 0 });
      while (!signal.aborted && !this.isFinishing)
        await this.trying(signal, () => this.readOn(group, signal));
      if (!signal.aborted) await this.commit(group);
    } catch (error) {
      this.end(error, signal);
    } finally {
      this.position = null;
      this.lag = null;
      this.trouble.over();
    }
  }

  private end(error: unknown, signal: AbortSignal): void {
    const { logger, onFailure, topic } = this.options;
    const { partition } = this;
    // Taken away in the middle of something, or a last commit that failed: costs repeats, nothing else.
    if (signal.aborted || this.isFinishing) {
      logger.debug("ingest.raw-abandoned", { topic: topic.topic, partition, error });
      return;
    }
    this.isWanted = false;
    onFailure(error);
  }

  private async trying(signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await attempt();
        this.trouble.over();
        return;
      } catch (error) {
        if (this.isFinishing) throw error;
        await this.trouble.pass(error, signal);
      }
    }
  }

  private async begin(group: PartitionGroup): Promise<void> {
    const { log, topic, clock } = this.options;
    const committed = await group.committed(this.partition);
    const bounds = await log.bounds(topic.topic, this.partition);
    this.committed = committed;
    this.committedAtMs = clock.now();
    this.position = committed ?? bounds.start;
    this.lag = Math.max(0, bounds.end - this.position);
  }

  /** Reads with one reader until something fails or the partition goes. */
  private async readOn(group: PartitionGroup, signal: AbortSignal): Promise<void> {
    const { log, topic } = this.options;
    const reader = await log.reader(topic.topic, this.partition, this.position!);
    this.reader = reader;
    try {
      while (!signal.aborted && !this.isFinishing) await this.step(reader, group, signal);
    } catch (error) {
      if (!this.wasClosed(error, signal)) throw await this.explained(error);
    } finally {
      this.reader = null;
      await reader.close();
    }
  }

  private async step(reader: LogReader, group: PartitionGroup, signal: AbortSignal): Promise<void> {
    const { limits } = this.options;
    const { batchRecordsMax, batchBytesMax, readWaitMs } = limits;
    const records = await reader.read({
      recordsMax: batchRecordsMax,
      bytesMax: batchBytesMax,
      waitMs: readWaitMs,
    });
    if (records.length > 0 && (await this.hasRoom(records.length, signal))) {
      const { partition, trouble } = this;
      const isHeld = () => group.isHeld(partition);
      const batch = new RawBatch({ ...this.options, partition, trouble, isHeld, signal });
      await batch.store(records);
      this.position = records.at(-1)!.offset + 1;
    }
    if (signal.aborted) return;
    if (this.isCommitDue()) await this.commit(group);
    this.trouble.over();
  }

  /** Waits until the journal's queue has room beside the gateway's. @returns false where the partition went. */
  private async hasRoom(records: number, signal: AbortSignal): Promise<boolean> {
    const { writer, clock, limits } = this.options;
    while (!signal.aborted && !writer.hasRoomFor(records + limits.roomKeptRecords))
      await clock.sleep(limits.roomWaitMs, signal);
    return !signal.aborted;
  }

  private isCommitDue(): boolean {
    const { clock, limits } = this.options;
    // A clock that was set back must not put it off.
    return Math.abs(clock.now() - this.committedAtMs) >= limits.commitEveryMs;
  }

  private async commit(group: PartitionGroup): Promise<void> {
    const { position } = this;
    if (position === null || position === this.committed) return;
    await group.commit(new Map([[this.partition, position]]));
    this.committed = position;
    this.committedAtMs = this.options.clock.now();
  }

  /** By `lose` or `finish`, which end a read that waits. */
  private wasClosed(error: unknown, signal: AbortSignal): boolean {
    return (signal.aborted || this.isFinishing) && error instanceof EventLogError && error.code === "CLOSED";
  }

  private async explained(error: unknown): Promise<unknown> {
    if (!(error instanceof EventLogError) || error.code !== "OFFSET_OUT_OF_RANGE") return error;
    const { log, topic } = this.options;
    const { start, end } = await log.bounds(topic.topic, this.partition);
    return new RawSourceError(
      "OFFSET_OUT_OF_RANGE",
      `${topic.topic}/${this.partition}: the group stands at offset ${this.position}, the topic holds ${start} to ` +
        `${end}: records were deleted before they were ingested, or the topic was made anew. Nothing is skipped: ` +
        `send what is missing again, stop ingest, set the group's position with Kafka's ` +
        `kafka-consumer-groups --reset-offsets --to-earliest, start again`,
      { cause: error },
    );
  }
}
