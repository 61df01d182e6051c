/**
 * Port: ordered, durable, partitioned logs (Kafka, LMDB, memory).
 *
 * What an adapter promises
 * - **Order**: within one partition records have offsets 0, 1, 2 … without gaps, in the order of the appends; a reader
 *   sees them in that order. Nothing is promised between partitions.
 * - **Durability**: when `append` resolves, every entry of the call survives a crash of process and machine (topics
 *   opened as `derived`: of the process at once, of the machine after `flush`). Until it settles, all, the first few or
 *   none of the entries may be there.
 * - **One append in flight** per producer and partition: a second call before the first settled is a programming error
 *   (`APPEND_IN_FLIGHT`, thrown at once, nothing written). What was not acknowledged is the caller's to send again, in
 *   the same order, behind nothing else: only so a partition never has a gap.
 * - **Delivery**: at least once. A reader that begins at an offset it has read before gets the same bytes again. Where
 *   a reader stands is the caller's to keep; the log moves no offset by itself.
 * - **Forgetting**: nothing is forgotten unless `trim` is told to. Offsets stay as they were; a reader below the new start is
 *   refused. Killed in between, the first of the records are gone, in order, and the rest is there.
 * - **Time**: `appendedAtMs` is the log's clock; it can repeat and step back, whoever needs order takes the running
 *   maximum. Adapters never let it decide the order.
 * - **Limits**: an entry's value is at most `VALUE_BYTES_MAX`; longer ones are refused before anything is written.
 * - **close()** waits for an append in flight, ends waiting readers with an empty batch, and is idempotent. Every call
 *   after it fails with `CLOSED`.
 */

import type { ByteSource, PackedEntries } from "./packed-entries.js";

/** A settlement of 500 items is 200 kB of JSON; Kafka's default limit of a message is 1 MiB. */
export const VALUE_BYTES_MAX = 1_000_000;
/** Headers are a few numbers. */
export const HEADER_BYTES_MAX = 256;

export interface LogEntry {
  /** What the partition was chosen by; kept beside the value, not interpreted. */
  readonly key: string;
  readonly value: Uint8Array;
  /** Opaque to the log; empty for none. */
  readonly header: Uint8Array;
}

export interface LoggedRecord extends LogEntry {
  readonly offset: number;
  readonly appendedAtMs: number;
}

/**
 * A record that lies in the bytes it came in. Who takes in a hundred thousand a second reads it there: key, value and
 * header are made as they are asked for.
 */
export interface PlacedRecord extends LoggedRecord {
  readonly source: ByteSource;
  readonly keyAt: number;
  readonly keyBytes: number;
  readonly valueAt: number;
  readonly valueBytes: number;
}

export interface TopicBounds {
  /** Offset of the first record still kept. */
  readonly start: number;
  /** Offset the next record will get: start = end means empty. */
  readonly end: number;
}

export interface AppendResult {
  /** Offset of the first entry; the others follow without a gap. */
  readonly firstOffset: number;
  readonly appendedAtMs: number;
}

export interface LogProducer {
  /** @throws EventLogError APPEND_IN_FLIGHT, VALUE_TOO_LARGE, DISK_FULL, FAILED, CLOSED. */
  append(partition: number, entries: readonly LogEntry[]): Promise<AppendResult>;
  /** The same for packed entries, which may be emptied when it has settled. Who lacks it is given them as entries. */
  appendPacked?(partition: number, entries: PackedEntries): Promise<AppendResult>;
  /** Everything appended so far survives a crash of the machine. Immediate where `append` already promised it. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface ReadLimits {
  readonly recordsMax: number;
  readonly bytesMax: number;
  /** How long to wait for a first record; 0 returns at once. */
  readonly waitMs: number;
}

export interface LogReader {
  /** Offset of the record the next read begins with. */
  readonly position: number;
  /**
   * The next records, at least one unless the time passed (then none). Bytes handed out stay valid. A single record
   * above `bytesMax` comes alone. One read at a time.
   * @throws EventLogError OFFSET_OUT_OF_RANGE where the position lies before the first kept record or behind the end:
   *   never a silent jump.
   */
  read(limits: ReadLimits): Promise<readonly LoggedRecord[]>;
  close(): Promise<void>;
}

export interface EventLog {
  partitionCount(topic: string): Promise<number>;
  /** One producer per topic and process. */
  producer(topic: string): Promise<LogProducer>;
  reader(topic: string, partition: number, fromOffset: number): Promise<LogReader>;
  bounds(topic: string, partition: number): Promise<TopicBounds>;
  /** The last record, null where the partition is empty. */
  tail(topic: string, partition: number): Promise<LoggedRecord | null>;
  /**
   * Forgets the records before `start`, the offset of the first one to keep; nothing where those are forgotten already.
   * Only where the process may append to the topic. Whether anybody still needs them is the caller's to know.
   * @throws EventLogError OFFSET_OUT_OF_RANGE behind the end; TOPIC_UNKNOWN, DISK_FULL, UNREACHABLE, FAILED, CLOSED.
   */
  trim(topic: string, partition: number, start: number): Promise<void>;
  close(): Promise<void>;
}

export type EventLogErrorCode =
  | "APPEND_IN_FLIGHT"
  | "VALUE_TOO_LARGE"
  | "DISK_FULL"
  | "OFFSET_OUT_OF_RANGE"
  | "TOPIC_UNKNOWN"
  | "TOPIC_SETTINGS"
  | "UNREACHABLE"
  | "NOT_AUTHORIZED"
  | "NOT_ASSIGNED"
  | "CORRUPT"
  | "LOCKED"
  | "CLOSED"
  | "FAILED";

export class EventLogError extends Error {
  override readonly name = "EventLogError";
  /** May the same call succeed later without anybody's help? */
  readonly retryable: boolean;

  constructor(
    readonly code: EventLogErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? false;
  }
}
