/**
 * The live loop of one journal partition: read → judge → append outcomes, checkpoints beside it (docs/design.md 7).
 *
 * Owns: the order of these steps, taking over a partition, stopping.
 * Does not own: judging (`judging-room.ts`), what is appended (`outcome-log.ts`), what is stored (`checkpoints.ts`).
 *
 * 1. Nothing of the swipe path is waited for but the journal itself: outcomes are appended while answers leave, and
 *    the loop waits for their log only where it is thousands of outcomes behind.
 * 2. An error ends the partition: its owner restarts it from the store. FENCED means that somebody else owns it now.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { StateStoreError } from "../../platform/state-store/state-store.js";
import type { Running } from "./activation.js";
import { checkpointTurn } from "./checkpoint-turn.js";
import { Checkpoints } from "./checkpoints.js";
import { DetectorError } from "./detector-error.js";
import { type DetectorMetrics, detectorMetrics } from "./detector-metrics.js";
import { DETECTOR_LIMITS, type DetectorLimits, type DetectorOptions } from "./detector-options.js";
import { HeldOutcomes } from "./held-outcomes.js";
import { journalJob } from "./journal-job.js";
import type { LiveJob, Room } from "./live-job.js";
import { OutcomeLog } from "./outcome-log.js";
import { decodePartitionState } from "./partition-state.js";
import { checkCheckpointAnswered } from "./state-ahead.js";

export interface PartitionStatus {
  readonly partition: number;
  readonly epoch: number;
  /** Offset of the last record judged; −1 for none. */
  readonly judgedOffset: number;
  readonly isBootstrapped: boolean;
  /** null before the first activation. */
  readonly running: Running | null;
}

/** Takes over the partition: from now on an earlier owner's checkpoints are refused. */
export function openLivePartition(options: DetectorOptions, partition: number): Promise<LivePartition> {
  return openJobPartition(options, partition, journalJob(options, partition));
}

/** The same for any job. */
export async function openJobPartition(
  options: DetectorOptions,
  partition: number,
  job: LiveJob,
): Promise<LivePartition> {
  const { log, store, producer, ownerId } = options;
  const limits = { ...DETECTOR_LIMITS, ...options.limits };
  const { topics, isAlwaysAnswered } = job;
  const ownership = await store.acquire(partition, ownerId);
  const stored = await ownership.readPartition();
  const state = stored === null ? null : decodePartitionState(stored);
  const appliedOffset = state?.appliedOffset ?? -1;
  const held = await HeldOutcomes.open(log, partition, limits.tailRecords, topics.decisions);
  const { start, end } = await log.bounds(topics.journal, partition);
  checkNotBehind(partition, start, appliedOffset);
  checkNotAhead(partition, end, appliedOffset, held.offset);
  const judgedLog = { log, topic: topics.journal, partition, isAlwaysAnswered };
  await checkCheckpointAnswered(judgedLog, held, appliedOffset);
  const room = await job.openRoom(ownership, held, state);
  const outcomes = new OutcomeLog(producer, partition, held, appliedOffset);
  options.logger.info("detector.assigned", { partition, epoch: ownership.epoch, offset: room.judgedOffset });
  return new JobPartition(
    options,
    ownership.epoch,
    partition,
    job,
    room,
    outcomes,
    new Checkpoints({
      room,
      ownership,
      durableUpTo: (offset) => outcomes.durableUpTo(offset),
    }),
  );
}

/** The journal was trimmed by what another state had judged: from here on this one would judge by half of the past. */
function checkNotBehind(partition: number, start: number, appliedOffset: number): void {
  if (appliedOffset + 1 >= start) return;
  throw new DetectorError(
    "STATE_BEHIND_JOURNAL",
    `journal partition ${partition} begins at offset ${start}, its state includes ${appliedOffset}: what lies between was trimmed into an archive; restore the state from a backup that includes offset ${start - 1}`,
  );
}

function checkNotAhead(partition: number, end: number, appliedOffset: number, heldOffset: number): void {
  if (appliedOffset >= end)
    throw new DetectorError(
      "STATE_AHEAD_OF_JOURNAL",
      `journal partition ${partition} ends at offset ${end}, its state includes ${appliedOffset}; restore journal and state from one backup`,
    );
  if (heldOffset >= end)
    throw new DetectorError(
      "DECISIONS_AHEAD_OF_JOURNAL",
      `journal partition ${partition} ends at offset ${end}, the decisions log answers ${heldOffset}; restore both from one backup`,
    );
}

/** A partition that is owned and judged live, whatever its job. */
export interface LivePartition {
  readonly epoch: number;
  readonly partition: number;
  readonly status: PartitionStatus;
  /** What it goes by; null before the first activation. */
  readonly running: Running | null;
  /** Judges until the signal is aborted, then writes a last checkpoint. @throws whatever log, store or judge throw. */
  run(signal: AbortSignal): Promise<void>;
}

class JobPartition implements LivePartition {
  private readonly limits: DetectorLimits;
  private readonly metrics: DetectorMetrics;
  /** The turn in which the last checkpoint began, or in which all was in the store. */
  private checkpointTurn: number;
  private checkpointedOffset: number;
  private failure: unknown = null;

  constructor(
    private readonly options: DetectorOptions,
    readonly epoch: number,
    readonly partition: number,
    private readonly job: LiveJob,
    private readonly room: Room,
    private readonly outcomes: OutcomeLog,
    private readonly checkpoints: Checkpoints,
  ) {
    this.limits = { ...DETECTOR_LIMITS, ...options.limits };
    this.metrics = detectorMetrics(options.metrics, partition);
    this.checkpointTurn = this.turnNow();
    this.checkpointedOffset = room.judgedOffset;
  }

  get status(): PartitionStatus {
    const { judgedOffset, isBootstrapped, running } = this.room;
    return { partition: this.partition, epoch: this.epoch, judgedOffset, isBootstrapped, running };
  }

  get running(): Running | null {
    return this.room.running;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { log } = this.options;
    const { batchRecordsMax, batchBytesMax, readWaitMs } = this.limits;
    const reader = await log.reader(this.job.topics.journal, this.partition, this.room.judgedOffset + 1);
    const wake = () => void reader.close();
    signal.addEventListener("abort", wake, { once: true });
    try {
      while (!signal.aborted) {
        const batch = await reader.read({
          recordsMax: batchRecordsMax,
          bytesMax: batchBytesMax,
          waitMs: readWaitMs,
        });
        if (batch.length > 0) await this.judge(batch);
        this.throwFailure();
        this.checkpointIfDue();
      }
      await this.outcomes.loggedUpTo(this.room.judgedOffset);
      await this.lastCheckpoint();
    } finally {
      signal.removeEventListener("abort", wake);
      await reader.close();
      this.outcomes.close(new DetectorError("STOPPED", `journal partition ${this.partition}: stopped`));
      await this.outcomes.settled();
      await this.checkpoints.settled().catch(() => {});
    }
  }

  /** The answers leave at once; a failed append shows in this or the next turn of the loop. */
  private async judge(batch: readonly LoggedRecord[]): Promise<void> {
    const startedMs = performance.now();
    await this.room.take(batch, this.outcomes);
    this.metrics.judged(batch.length, performance.now() - startedMs);
    this.metrics.suppressed(this.outcomes.append(this.room.judgedOffset));
    this.room.answer();
    this.evict();
    if (!this.outcomes.hasRoom) await this.outcomes.emptied();
  }

  /** Who goes is in the store as of the last checkpoint, and no batch is under way. */
  private evict(): void {
    const { personBytesMax } = this.options;
    if (personBytesMax !== undefined && this.room.evict !== undefined)
      this.metrics.evicted(this.room.evict(personBytesMax(), this.checkpointedOffset));
  }

  private turnNow(): number {
    return checkpointTurn(this.partition, this.limits.checkpointEveryMs, this.options.clock.now());
  }

  private checkpointIfDue(): void {
    if (this.checkpoints.isUnderWay) return;
    const { checkpointEveryMs, checkpointDirtyMax } = this.limits;
    const turn = this.turnNow();
    const isDue =
      checkpointEveryMs === 0 || turn !== this.checkpointTurn || this.room.dirtyCount >= checkpointDirtyMax;
    if (this.room.judgedOffset === this.checkpointedOffset) this.checkpointTurn = turn;
    else if (isDue) this.checkpoint().catch(this.fail);
  }

  private readonly fail = (error: unknown): void => {
    this.failure ??= error;
  };

  private async checkpoint(): Promise<void> {
    const state = this.room.state();
    if (state === null) return;
    const startedMs = performance.now();
    this.checkpointTurn = this.turnNow();
    const persons = await this.checkpoints.begin(state).catch((error: unknown) => {
      if (error instanceof StateStoreError && error.code === "FENCED") this.metrics.fenced();
      throw error;
    });
    this.checkpointedOffset = state.appliedOffset;
    this.metrics.checkpointed(persons, performance.now() - startedMs);
  }

  private async lastCheckpoint(): Promise<void> {
    await this.checkpoints.settled();
    this.throwFailure();
    if (this.room.judgedOffset !== this.checkpointedOffset) await this.checkpoint();
  }

  private throwFailure(): void {
    if (this.outcomes.failure !== null) throw this.outcomes.failure.reason;
    if (this.failure !== null) throw this.failure;
  }
}
