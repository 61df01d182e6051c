/** The real detector of one partition as processes of a run. */

import type { EventLog, LogProducer } from "../../platform/event-log/event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import type { StateStore } from "../../platform/state-store/state-store.js";
import { Topic } from "../../schemas/topics.js";
import { type LivePartition, openLivePartition } from "../../services/detector/detector.js";
import type { Answer, BundleShelf } from "../../services/detector/detector-options.js";
import type { SimProcess } from "./sim-process.js";

/** Small, so that batches, checkpoints and suppression occur often. */
const LIMITS = {
  batchRecordsMax: 5,
  batchBytesMax: 4096,
  readWaitMs: 40,
  checkpointEveryMs: 60,
  checkpointDirtyMax: 6,
  tailRecords: 3,
} as const;

/** Four persons of few swipes: others are let go and brought back all the time. */
const PERSON_BYTES_MAX = 4 * 512;

export interface DetectorParts {
  readonly logOf: (process: SimProcess) => EventLog;
  readonly storeOf: (process: SimProcess) => StateStore;
  readonly bundles: BundleShelf;
  readonly onAnswer: (answer: Answer) => void;
  readonly keepsAll: boolean;
}

export class DetectorRole {
  private readonly partitions = new WeakMap<SimProcess, LivePartition>();
  private assignments = 0;

  constructor(
    private readonly number: number,
    private readonly parts: DetectorParts,
  ) {}

  readonly live = async (process: SimProcess, signal: AbortSignal): Promise<void> => {
    const log = this.parts.logOf(process);
    const producer = await log.producer(Topic.DECISIONS);
    try {
      await this.run(process, { log, producer }, signal);
    } finally {
      // Waits for an append under way: a partition opened again in this process must not meet it.
      await producer.close();
    }
  };

  private async run(
    process: SimProcess,
    { log, producer }: { readonly log: EventLog; readonly producer: LogProducer },
    signal: AbortSignal,
  ): Promise<void> {
    const live = await openLivePartition(
      {
        log,
        producer,
        store: this.parts.storeOf(process),
        clock: process,
        logger: silentLogger,
        metrics: noMetrics,
        bundles: this.parts.bundles,
        ownerId: `${process.name}/${this.assignments++}`,
        onAnswer: this.parts.onAnswer,
        ...(this.parts.keepsAll ? {} : { personBytesMax: () => PERSON_BYTES_MAX }),
        limits: LIMITS,
      },
      this.number,
    );
    this.partitions.set(process, live);
    await live.run(signal);
  }

  /** Offset judged last by the process, −1 where it has not begun. */
  judgedOffset(process: SimProcess | null): number {
    return (process && this.partitions.get(process)?.status.judgedOffset) ?? -1;
  }
}
