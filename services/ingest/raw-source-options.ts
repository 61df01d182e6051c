/** What a raw source is given, and its limits. */

import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { JoinPartitionGroup } from "../../platform/event-log/partition-group.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Metrics } from "../../platform/metrics/metrics.js";
import type { DeadLetters } from "./dead-letters.js";
import type { Intake } from "./intake.js";
import type { JournalWriter } from "./journal-writer.js";
import type { RawTopic } from "./raw-topics.js";

export interface RawSourceLimits {
  /** Accepting so many is some 10 ms without a pause, which waiting calls of the gateway must bear. */
  readonly batchRecordsMax: number;
  readonly batchBytesMax: number;
  /** How long a read waits for a first record; also how late a due commit may be in a quiet partition. */
  readonly readWaitMs: number;
  /** What is read again after a crash; each commit is a request. */
  readonly commitEveryMs: number;
  /** Room in the journal's queue that is left to the waiting calls of the gateway: half of it. */
  readonly roomKeptRecords: number;
  /** How soon the queue is looked at again where it has no room: two or three appends. */
  readonly roomWaitMs: number;
  readonly backoffFirstMs: number;
  /** A broker that fails over takes seconds. */
  readonly backoffMaxMs: number;
  readonly lagEveryMs: number;
  /** A heartbeat that waited as long as a feed may be silent (rules.md 0.15) vouches for nothing. */
  readonly heartbeatAgeMsMax: number;
  /** How soon it is looked at again whether all partitions have got as far as a heartbeat says. */
  readonly heartbeatEveryMs: number;
  /** Within the deadline of the process, with time for what closes after. */
  readonly closeTimeoutMs: number;
}

export const RAW_SOURCE_LIMITS: RawSourceLimits = {
  batchRecordsMax: 500,
  batchBytesMax: 1 << 20,
  readWaitMs: 200,
  commitEveryMs: 200,
  roomKeptRecords: 5_000,
  roomWaitMs: 10,
  backoffFirstMs: 50,
  backoffMaxMs: 5_000,
  lagEveryMs: 2_000,
  heartbeatAgeMsMax: 60_000,
  heartbeatEveryMs: 200,
  closeTimeoutMs: 10_000,
};

export interface RawSourceOptions {
  /** Of the raw topics. */
  readonly log: EventLog;
  readonly join: JoinPartitionGroup;
  readonly intake: Intake;
  /** The intake's own, for its room. */
  readonly writer: JournalWriter;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The process has to end: called at most once, after which nothing more is read. */
  readonly onFailure: (error: unknown) => void;
  readonly topics?: readonly RawTopic[];
  readonly groupPrefix?: string;
  readonly limits?: Partial<RawSourceLimits>;
}

export type RawSourceErrorCode = "OFFSET_OUT_OF_RANGE" | "QUEUE_TOO_SMALL";

export class RawSourceError extends Error {
  override readonly name = "RawSourceError";
  readonly retryable = false;
  constructor(
    readonly code: RawSourceErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}
