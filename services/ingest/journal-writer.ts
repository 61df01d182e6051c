/**
 * The one way into the journal: bodies sealed, keyed by person, through a group commit per partition.
 *
 * Owns: which partition a record belongs to. Queue, order and limits: group-commit.ts.
 * Does not own: the producer, sending again (the caller's; the judge knows repeats).
 *
 * 1. Records of one person are appended in the order of the calls.
 * 2. A promise resolves after its record is durable, with the record's place.
 * 3. A failed append fails its own records and is never repeated here: a repeat would come behind later records of the
 *    same person.
 */

import { crc32c } from "../../platform/checksum/crc32c.js";
import type { LogEntry } from "../../platform/event-log/event-log.js";
import type { PartitionRecordEvent, PersonMoveEvent, PersonRecordEvent } from "../../schemas/journal.js";
import { encodeBody } from "../../schemas/log-body.js";
import { partitionOf } from "../../schemas/topics.js";
import { GroupCommit, type GroupCommitOptions, type LogPosition } from "./group-commit.js";

export interface JournalWriterOptions extends GroupCommitOptions {
  /** The record under the key it belongs to, where its person has moved (moved-persons.ts); as it is unless given. */
  readonly placed?: <Record extends PersonRecordEvent | PersonMoveEvent>(record: Record) => Record;
}
export type JournalPosition = LogPosition;

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

const NO_HEADER = new Uint8Array(0);
/** Key of a record about the whole partition. */
const NO_PERSON = "";

export class JournalWriter {
  readonly partitionCount: number;
  private readonly commit: GroupCommit;
  private readonly placed: NonNullable<JournalWriterOptions["placed"]>;

  constructor(options: JournalWriterOptions) {
    this.partitionCount = options.partitionCount;
    this.commit = new GroupCommit(options);
    this.placed = options.placed ?? ((record) => record);
  }

  /** Records accepted and not yet settled. */
  get depth(): number {
    return this.commit.depth;
  }

  /** So many records can wait at most. */
  get queueRecordsMax(): number {
    return this.commit.queueRecordsMax;
  }

  /** Could so many more records wait? An answer for this moment only. */
  hasRoomFor(records: number): boolean {
    return this.commit.hasRoomFor(records);
  }

  /**
   * @param header empty, or where the answer goes.
   * @param isWanted asked right before the record goes to the producer; always, unless given.
   * @throws LogBusyError, LogClosedError, EntryTooLongError, LogEntryStaleError (nothing was written) or what the producer
   *   throws (it may have been written).
   */
  append(
    record: PersonRecordEvent | PersonMoveEvent,
    header: Uint8Array = NO_HEADER,
    isWanted?: () => boolean,
  ): Promise<JournalPosition> {
    const placed = this.placed(record);
    const { personKey } = placed;
    const entry: LogEntry = { key: personKey, value: encodeBody(placed, crc32c), header };
    return this.commit.append(partitionOf(personKey, this.partitionCount), entry, isWanted);
  }

  /** Appends a record about whole partitions to each. @throws JournalIncompleteError, naming where it is missing. */
  appendToAll(record: PartitionRecordEvent): Promise<readonly JournalPosition[]> {
    return this.appendToEach(
      record,
      Array.from({ length: this.partitionCount }, (_, partition) => partition),
    );
  }

  /** The same to some partitions: those where it is missing. @throws JournalIncompleteError. */
  async appendToEach(
    record: PartitionRecordEvent,
    partitions: readonly number[],
  ): Promise<readonly JournalPosition[]> {
    const entry: LogEntry = { key: NO_PERSON, value: encodeBody(record, crc32c), header: NO_HEADER };
    const appends = partitions.map((partition) => this.commit.append(partition, entry));
    const positions: JournalPosition[] = [];
    const failed: number[] = [];
    let cause: unknown;
    for (const [index, result] of (await Promise.allSettled(appends)).entries()) {
      if (result.status === "fulfilled") {
        positions.push(result.value);
        continue;
      }
      failed.push(partitions[index]!);
      cause ??= result.reason;
    }
    if (failed.length > 0) throw new JournalIncompleteError(failed, partitions.length, cause);
    return positions;
  }

  /** Takes nothing new, waits until everything accepted has settled. */
  close(): Promise<void> {
    return this.commit.close();
  }
}
