/** What a live partition is given, and its limits. */

import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog, LogProducer } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Metrics } from "../../platform/metrics/metrics.js";
import type { StateStore } from "../../platform/state-store/state-store.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import type { DetectorBundle } from "./bundle.js";
import type { Engines } from "./engine.js";

/** Bundles by content hash; they are stored beside the journal that names them. */
export interface BundleShelf {
  /** null where no bundle of that hash is stored. */
  load(hash: string): Promise<DetectorBundle | null>;
}

/** The outcomes of a journal record whose header is an answer address: for the call that waits. */
export interface Answer {
  readonly partition: number;
  readonly journalOffset: number;
  readonly header: Uint8Array;
  readonly outcomes: readonly LoggedOutcome[];
  /** Did the partition know the state of all cards when it judged? */
  readonly isBootstrapped: boolean;
}

export interface DetectorLimits {
  /** A batch is judged without a pause: 500 swipes are some 10 ms. */
  readonly batchRecordsMax: number;
  readonly batchBytesMax: number;
  /** How long a read waits for a first record; also how late a due checkpoint may begin in a quiet partition. */
  readonly readWaitMs: number;
  /** Of a partition while it judges; 0: after each batch. */
  readonly checkpointEveryMs: number;
  readonly checkpointDirtyMax: number;
  /**
   * Of the decisions log, read on assignment: an append of the owner before, some 1.5 MB. Where the last ones are an older
   * owner's late appends and more than these, some outcomes are appended once more; what has to be known is looked for
   * further back (held-outcomes.ts).
   */
  readonly tailRecords: number;
}

export const DETECTOR_LIMITS: DetectorLimits = {
  batchRecordsMax: 500,
  batchBytesMax: 4_194_304,
  readWaitMs: 100,
  checkpointEveryMs: 1000,
  checkpointDirtyMax: 10_000,
  tailRecords: 1_000,
};

export interface DetectorOptions {
  readonly log: EventLog;
  /** Of `kadun.decisions`, shared by the partitions of the process. */
  readonly producer: LogProducer;
  readonly store: StateStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly bundles: BundleShelf;
  /** Those that this program carries unless given. */
  readonly engines?: Engines;
  /** Random, new for every process and assignment. */
  readonly ownerId: string;
  readonly onAnswer?: (answer: Answer) => void;
  /** What the records of a partition's persons may take in memory, asked after every batch; no limit where absent. */
  readonly personBytesMax?: () => number;
  readonly limits?: Partial<DetectorLimits>;
}
