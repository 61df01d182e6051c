/**
 * The partitions that one of several detector processes works on now: opened when they come, stopped when they go,
 * opened anew after what passes.
 *
 * Owns: one loop per partition, when it is opened again.
 * Does not own: who decides about the set (a group of processes), log, store and producer.
 *
 * 1. A partition is never open twice in one process: one that comes back while its loop still ends waits for that.
 * 2. FENCED and other errors that may pass (a store that is away, a leader that moves) open the partition anew, each
 *    time later; any other error, or too many without a record judged between, ends all of it by `onFailure`.
 * 3. A partition that was taken away ends without an error, whatever its last checkpoint is told.
 */

import { randomBytes } from "node:crypto";
import { backoffMs, mayPass } from "../../platform/clock/retry.js";
import { type LivePartition, openLivePartition, type PartitionStatus } from "./detector.js";
import type { DetectorOptions } from "./detector-options.js";

const OWNER_ID_BYTES = 8;
const BACKOFF = { firstMs: 100, lastMs: 5_000 } as const;
/** With the waits between them about a minute: a broker or store that fails over takes seconds. */
const FAILURES_MAX = 15;

export interface OwnedPartitionsOptions extends Omit<DetectorOptions, "ownerId" | "personBytesMax"> {
  /** Of all partitions together; no limit where absent. */
  readonly personBytesMax?: number;
  /** The process has to end. Called at most once. */
  readonly onFailure: (error: unknown) => void;
  /** The detector's own unless given. */
  readonly open?: typeof openLivePartition;
}

export class OwnedPartitions {
  private readonly slots = new Map<number, Slot>();
  private isClosed = false;
  private hasFailed = false;

  constructor(private readonly options: OwnedPartitionsOptions) {}

  /** From now on these, and no others. */
  assign(partitions: readonly number[]): void {
    if (this.isClosed) return;
    const wanted = new Set(partitions);
    for (const [partition, slot] of this.slots) if (!wanted.has(partition)) slot.stop();
    for (const partition of wanted) this.slotOf(partition).want();
  }

  /** Of every partition that is open; one that is being opened or waits to be is missing. */
  get status(): readonly PartitionStatus[] {
    return [...this.slots.values()].flatMap(({ live }) => (live === null ? [] : [live.status]));
  }

  /** Partitions wanted now, open or not. */
  get wanted(): readonly number[] {
    return [...this.slots.values()]
      .filter(({ isWanted }) => isWanted)
      .map(({ partition }) => partition)
      .sort((a, b) => a - b);
  }

  /** Stops all, each with a last checkpoint. Idempotent. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const slot of this.slots.values()) slot.stop();
    await Promise.all([...this.slots.values()].map(({ ended }) => ended));
  }

  private slotOf(partition: number): Slot {
    const known = this.slots.get(partition);
    if (known !== undefined) return known;
    const slot = new Slot(partition, this.slotOptions(), (error) => this.fail(error));
    this.slots.set(partition, slot);
    return slot;
  }

  private slotOptions(): SlotOptions {
    const { personBytesMax, ...options } = this.options;
    if (personBytesMax === undefined) return options;
    return { ...options, personBytesMax: () => personBytesMax / Math.max(1, this.wanted.length) };
  }

  private fail(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.isClosed = true;
    for (const slot of this.slots.values()) slot.stop();
    this.options.onFailure(error);
  }
}

type SlotOptions = Omit<DetectorOptions, "ownerId"> & Pick<OwnedPartitionsOptions, "open">;

/** One partition's loops, one after the other. */
class Slot {
  isWanted = false;
  live: LivePartition | null = null;
  ended: Promise<void> = Promise.resolve();
  private stopping = new AbortController();
  private isRunning = false;

  constructor(
    readonly partition: number,
    private readonly options: SlotOptions,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  want(): void {
    if (this.isWanted) return;
    this.isWanted = true;
    if (!this.isRunning) this.ended = this.run();
  }

  stop(): void {
    this.isWanted = false;
    this.stopping.abort();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    let failures = 0;
    try {
      while (this.isWanted) {
        this.stopping = new AbortController();
        const { error, hasJudged } = await this.runOnce(this.stopping.signal);
        if (error === null || !this.isWanted) continue;
        failures = hasJudged ? 1 : failures + 1;
        if (!mayBeTriedAgain(error) || failures > FAILURES_MAX) return this.onFailure(error);
        await this.wait(error, failures);
      }
    } finally {
      this.isRunning = false;
    }
  }

  private async runOnce(signal: AbortSignal): Promise<{ error: unknown; hasJudged: boolean }> {
    let beganAt = 0;
    try {
      const ownerId = randomBytes(OWNER_ID_BYTES).toString("hex");
      const { open = openLivePartition } = this.options;
      this.live = await open({ ...this.options, ownerId }, this.partition);
      beganAt = this.live.status.judgedOffset;
      await this.live.run(signal);
      return { error: null, hasJudged: true };
    } catch (error) {
      return { error, hasJudged: this.live !== null && this.live.status.judgedOffset > beganAt };
    } finally {
      this.live = null;
    }
  }

  private async wait(error: unknown, attempt: number): Promise<void> {
    const { clock, logger } = this.options;
    logger.warn("detector.partition-retries", { partition: this.partition, error, attempt });
    await clock.sleep(backoffMs(attempt, BACKOFF), this.stopping.signal);
  }
}

/** Who was fenced opens the partition anew: it may be its owner again. */
function mayBeTriedAgain(error: unknown): boolean {
  return mayPass(error) || (error instanceof Error && "code" in error && error.code === "FENCED");
}
