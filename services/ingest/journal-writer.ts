/**
 * The one way into the journal: many callers, one append in flight per partition, what arrives meanwhile goes
 * together with the next (group commit).
 *
 * Owns: the queue of each partition and its limits.
 * Does not own: the producer (whoever made it closes it), sending again (the caller's: it knows what was not answered).
 *
 * 1. Records of one person are appended in the order of the calls.
 * 2. A promise resolves after its record is durable, with the record's place.
 * 3. A failed append fails its own records and no others, and is never repeated here: a repeat would come behind later
 *    records of the same person. After a failure the record may still be in the log; the judge knows repeats.
 * 4. Nothing waits without limit: what does not fit the queue is refused at once (JournalBusyError).
 */

import type { LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import { VALUE_BYTES_MAX } from "../../platform/event-log/event-log.js";
import type { JournalRecord, PartitionRecordEvent, PersonRecordEvent } from "../../schemas/journal.js";
import { encodeBody } from "../../schemas/log-body.js";
import { partitionOf } from "../../schemas/topics.js";

/** Beyond some hundred records an fsync or a Kafka request no longer gets cheaper per record. */
export const BATCH_RECORDS_MAX = 1000;
/** What a Kafka broker takes as one batch by default is 1 MiB; a single record may be as long. */
export const BATCH_BYTES_MAX = VALUE_BYTES_MAX;
/** Two seconds at 5,000 records/s: who waits longer has been given an answer by the stand-in already. */
export const QUEUE_RECORDS_MAX = 10_000;
/** 10,000 records of ordinary size are 8 MB; the rest is room for a few long settlements. */
export const QUEUE_BYTES_MAX = 64 << 20;

/** Callers get this where nothing was written and the same call may succeed soon. */
export class JournalBusyError extends Error {
  override readonly name = "JournalBusyError";
  readonly code = "JOURNAL_BUSY";
  readonly retryable = true;
}

/** Callers get this after `close()`; nothing was written. */
export class JournalClosedError extends Error {
  override readonly name = "JournalClosedError";
  readonly code = "JOURNAL_CLOSED";
  readonly retryable = true;
}

/** The record as written is longer than a log takes; nothing was written. */
export class JournalRecordTooLongError extends Error {
  override readonly name = "JournalRecordTooLongError";
  readonly code = "RECORD_TOO_LONG";
  readonly retryable = false;
}

/** Some partitions have a record that belongs into each, others have not. Appending it again is harmless. */
export class JournalIncompleteError extends Error {
  override readonly name = "JournalIncompleteError";
  readonly code = "JOURNAL_INCOMPLETE";
  readonly retryable = true;

  constructor(
    readonly failedPartitions: readonly number[],
    partitionCount: number,
    cause: unknown,
  ) {
    super(
      `a record for all partitions is missing in ${failedPartitions.length} of ${partitionCount}; append it again`,
      { cause },
    );
  }
}

export interface JournalPosition {
  readonly partition: number;
  readonly offset: number;
}

export interface JournalWriterOptions {
  readonly producer: LogProducer;
  readonly partitionCount: number;
  readonly batchRecordsMax?: number;
  readonly batchBytesMax?: number;
  readonly queueRecordsMax?: number;
  readonly queueBytesMax?: number;
}

const NO_HEADER = new Uint8Array(0);
/** Key of a record about the whole partition. */
const NO_PERSON = "";

interface Waiting {
  readonly entry: LogEntry;
  readonly resolve: (position: JournalPosition) => void;
  readonly reject: (error: unknown) => void;
}

/** What waits for one partition. */
interface Lane {
  readonly partition: number;
  readonly waiting: Waiting[];
  /** Resolves when nothing waits and nothing is under way; null while that is so. */
  running: Promise<void> | null;
}

export class JournalWriter {
  readonly partitionCount: number;
  private readonly producer: LogProducer;
  private readonly limits: Required<Omit<JournalWriterOptions, "producer" | "partitionCount">>;
  private readonly lanes: readonly Lane[];
  private queuedRecords = 0;
  private queuedBytes = 0;
  private isClosed = false;

  constructor(options: JournalWriterOptions) {
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

  /** Records accepted and not yet settled. */
  get depth(): number {
    return this.queuedRecords;
  }

  /** Could so many more records wait? An answer for this moment only. */
  hasRoomFor(records: number): boolean {
    return this.queuedRecords + records <= this.limits.queueRecordsMax;
  }

  /**
   * @param header empty, or where the answer goes.
   * @throws JournalBusyError, JournalClosedError, JournalRecordTooLongError (nothing was written) or what the
   *   producer throws (it may have been written).
   */
  append(record: PersonRecordEvent, header: Uint8Array = NO_HEADER): Promise<JournalPosition> {
    return this.enqueue(partitionOf(record.personKey, this.partitionCount), {
      key: record.personKey,
      value: encodeBody(record),
      header,
    });
  }

  /** Appends a record about whole partitions to each. @throws JournalIncompleteError, naming where it is missing. */
  async appendToAll(record: PartitionRecordEvent): Promise<readonly JournalPosition[]> {
    const entry: LogEntry = {
      key: NO_PERSON,
      value: encodeBody(record satisfies JournalRecord),
      header: NO_HEADER,
    };
    const settled = await Promise.allSettled(
      this.lanes.map(({ partition }) => this.enqueue(partition, entry)),
    );
    const positions: JournalPosition[] = [];
    const failed: number[] = [];
    let cause: unknown;
    for (const [partition, result] of settled.entries()) {
      if (result.status === "fulfilled") positions.push(result.value);
      else {
        failed.push(partition);
        cause ??= result.reason;
      }
    }
    if (failed.length > 0) throw new JournalIncompleteError(failed, this.partitionCount, cause);
    return positions;
  }

  /** Takes nothing new, waits until everything accepted has settled. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.lanes.map((lane) => lane.running));
  }

  private enqueue(partition: number, entry: LogEntry): Promise<JournalPosition> {
    const refused = this.refusalOf(entry);
    if (refused !== null) return Promise.reject(refused);
    this.queuedRecords += 1;
    this.queuedBytes += entry.value.length;
    return new Promise((resolve, reject) => {
      const lane = this.lanes[partition]!;
      lane.waiting.push({ entry, resolve, reject });
      lane.running ??= this.run(lane);
    });
  }

  private refusalOf({ value }: LogEntry): Error | null {
    if (this.isClosed)
      return new JournalClosedError("the journal takes no more records: this process is stopping");
    if (value.length > VALUE_BYTES_MAX)
      return new JournalRecordTooLongError(
        `a journal record of ${value.length} bytes, expected at most ${VALUE_BYTES_MAX}: send fewer items or trace codes in one message`,
      );
    const { queueRecordsMax, queueBytesMax } = this.limits;
    if (this.queuedRecords >= queueRecordsMax || this.queuedBytes + value.length > queueBytesMax)
      return new JournalBusyError(
        `${this.queuedRecords} records of ${this.queuedBytes} bytes wait for the journal already: send again later`,
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
    try {
      const entries = batch.map(({ entry }) => entry);
      const { firstOffset } = await this.producer.append(partition, entries);
      for (const [index, { resolve }] of batch.entries()) resolve({ partition, offset: firstOffset + index });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      for (const { entry } of batch) {
        this.queuedRecords -= 1;
        this.queuedBytes -= entry.value.length;
      }
    }
  }
}
