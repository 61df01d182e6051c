/**
 * Many callers, one append in flight per partition; what arrives meanwhile goes together with the next.
 *
 * Owns: the queue of each partition and its limits.
 * Does not own: the producer (whoever made it closes it), sending again (the caller's: it knows what was not answered).
 *
 * 1. Entries of one partition are appended in the order of the calls.
 * 2. A promise resolves after its entry is durable, with the entry's place.
 * 3. A failed append fails its own entries and no others, and is never repeated here: a repeat would come behind later
 *    entries. After a failure an entry may still be in the log.
 * 4. Nothing waits without limit: what does not fit the queue is refused at once (LogBusyError).
 */

import type { LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import { VALUE_BYTES_MAX } from "../../platform/event-log/event-log.js";

/** Beyond some hundred records an fsync or a Kafka request no longer gets cheaper per record. */
export const BATCH_RECORDS_MAX = 1000;
/** What a Kafka broker takes as one batch by default is 1 MiB; a single record may be as long. */
export const BATCH_BYTES_MAX = VALUE_BYTES_MAX;
/** Two seconds at 5,000 records/s: who waits longer has been given an answer by the stand-in already. */
export const QUEUE_RECORDS_MAX = 10_000;
/** 10,000 records of ordinary size are 8 MB; the rest is room for a few long settlements. */
export const QUEUE_BYTES_MAX = 64 << 20;

/** Nothing was written; the same call may succeed soon. */
export class LogBusyError extends Error {
  override readonly name = "LogBusyError";
  readonly code = "LOG_BUSY";
  readonly retryable = true;
}

/** Called after `close()`; nothing was written. */
export class LogClosedError extends Error {
  override readonly name = "LogClosedError";
  readonly code = "LOG_CLOSED";
  readonly retryable = true;
}

/** The entry is longer than a log takes; nothing was written. */
export class EntryTooLongError extends Error {
  override readonly name = "EntryTooLongError";
  readonly code = "ENTRY_TOO_LONG";
  readonly retryable = false;
}

export interface LogPosition {
  readonly partition: number;
  readonly offset: number;
}

export interface GroupCommitOptions {
  readonly producer: LogProducer;
  readonly partitionCount: number;
  readonly batchRecordsMax?: number;
  readonly batchBytesMax?: number;
  readonly queueRecordsMax?: number;
  readonly queueBytesMax?: number;
}

/** By the time it was this entry's turn its caller had lost the right to append it; nothing was written. */
export class LogEntryStaleError extends Error {
  override readonly name = "LogEntryStaleError";
  /** As the partition group says it: who has the source's partition now appends the record. */
  readonly code = "NOT_ASSIGNED";
  readonly retryable = false;
}

interface Waiting {
  readonly entry: LogEntry;
  readonly isWanted: () => boolean;
  readonly resolve: (position: LogPosition) => void;
  readonly reject: (error: unknown) => void;
}

/** What waits for one partition. */
interface Lane {
  readonly partition: number;
  readonly waiting: Waiting[];
  /** Resolves when nothing waits and nothing is under way; null while that is so. */
  running: Promise<void> | null;
}

const ALWAYS = () => true;

export class GroupCommit {
  readonly partitionCount: number;
  private readonly producer: LogProducer;
  private readonly limits: Required<Omit<GroupCommitOptions, "producer" | "partitionCount">>;
  private readonly lanes: readonly Lane[];
  private queuedRecords = 0;
  private queuedBytes = 0;
  private isClosed = false;

  constructor(options: GroupCommitOptions) {
    const { producer, partitionCount } = options;
    this.producer = producer;
    this.partitionCount = partitionCount;
    this.limits = {
      batchRecordsMax: options.batchRecordsMax ?? BATCH_RECORDS_MAX,
      batchBytesMax: options.batchBytesMax ?? BATCH_BYTES_MAX,
      queueRecordsMax: options.queueRecordsMax ?? QUEUE_RECORDS_MAX,
      queueBytesMax: options.queueBytesMax ?? QUEUE_BYTES_MAX,
    };
    this.lanes = Array.from({ length: partitionCount }, (_, partition) => ({
      partition,
      waiting: [],
      running: null,
    }));
  }

  /** Entries accepted and not yet settled. */
  get depth(): number {
    return this.queuedRecords;
  }

  get queueRecordsMax(): number {
    return this.limits.queueRecordsMax;
  }

  /** Could so many more records wait? An answer for this moment only. */
  hasRoomFor(records: number): boolean {
    return this.queuedRecords + records <= this.limits.queueRecordsMax;
  }

  /** Takes nothing new, waits until everything accepted has settled. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.lanes.map((lane) => lane.running));
  }

  /**
   * @param isWanted asked right before the entry goes to the producer, which may be seconds later.
   * @throws LogBusyError, LogClosedError, EntryTooLongError, LogEntryStaleError (nothing was written) or what the producer
   *   throws (it may have been written).
   */
  append(partition: number, entry: LogEntry, isWanted = ALWAYS): Promise<LogPosition> {
    const refused = this.refusalOf(entry);
    if (refused !== null) return Promise.reject(refused);
    this.queuedRecords += 1;
    this.queuedBytes += entry.value.length;
    return new Promise((resolve, reject) => {
      const lane = this.lanes[partition]!;
      lane.waiting.push({ entry, isWanted, resolve, reject });
      lane.running ??= this.run(lane);
    });
  }

  private refusalOf({ value }: LogEntry): Error | null {
    if (this.isClosed) return new LogClosedError("the log takes nothing more: this process is stopping");
    if (value.length > VALUE_BYTES_MAX)
      return new EntryTooLongError(
        `a log entry of ${value.length} bytes, expected at most ${VALUE_BYTES_MAX}: send less in one message`,
      );
    const { queueRecordsMax, queueBytesMax } = this.limits;
    if (this.queuedRecords >= queueRecordsMax || this.queuedBytes + value.length > queueBytesMax)
      return new LogBusyError(
        `${this.queuedRecords} entries of ${this.queuedBytes} bytes wait for the log already: send again later`,
      );
    return null;
  }

  private async run(lane: Lane): Promise<void> {
    // What is called in the same turn (the lines of one message) goes together.
    await Promise.resolve();
    while (lane.waiting.length > 0) await this.appendBatch(lane.partition, this.nextBatch(lane));
    lane.running = null;
  }

  /** Never empty; a record above the byte limit goes alone. */
  private nextBatch({ waiting }: Lane): readonly Waiting[] {
    const { batchRecordsMax, batchBytesMax } = this.limits;
    let count = 1;
    let bytes = waiting[0]!.entry.value.length;
    while (count < waiting.length && count < batchRecordsMax) {
      bytes += waiting[count]!.entry.value.length;
      if (bytes > batchBytesMax) break;
      count += 1;
    }
    return waiting.splice(0, count);
  }

  private async appendBatch(partition: number, batch: readonly Waiting[]): Promise<void> {
    const wanted = batch.filter(({ isWanted }) => isWanted());
    try {
      if (wanted.length < batch.length) refuseStale(batch.filter((each) => !wanted.includes(each)));
      if (wanted.length > 0) await this.appendWanted(partition, wanted);
    } finally {
      for (const { entry } of batch) {
        this.queuedRecords -= 1;
        this.queuedBytes -= entry.value.length;
      }
    }
  }

  private async appendWanted(partition: number, batch: readonly Waiting[]): Promise<void> {
    try {
      const entries = batch.map(({ entry }) => entry);
      const { firstOffset } = await this.producer.append(partition, entries);
      for (const [index, { resolve }] of batch.entries()) resolve({ partition, offset: firstOffset + index });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

function refuseStale(batch: readonly Waiting[]): void {
  for (const { reject } of batch)
    reject(new LogEntryStaleError("the partition that the record came from may be another process's by now"));
}
