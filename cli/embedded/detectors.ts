/**
 * All partitions of one process: opened, run, stopped together.
 *
 * Owns: their loops. Does not own: log and store. One partition that fails stops all: a process that judges half of the
 * persons is worse than one that is restarted.
 */

import { randomBytes } from "node:crypto";
import type { Running } from "../../services/detector/activation.js";
import { type LivePartition, openLivePartition } from "../../services/detector/detector.js";
import type { DetectorOptions } from "../../services/detector/detector-options.js";

const OWNER_ID_BYTES = 8;

export class Detectors {
  private readonly stopping = new AbortController();

  private constructor(
    private readonly partitions: readonly LivePartition[],
    private readonly onFailure: (error: unknown) => void,
  ) {}

  static async open(
    options: Omit<DetectorOptions, "ownerId">,
    partitionCount: number,
    onFailure: (error: unknown) => void,
  ): Promise<Detectors> {
    const ownerId = randomBytes(OWNER_ID_BYTES).toString("hex");
    const opened: LivePartition[] = [];
    for (let partition = 0; partition < partitionCount; partition++)
      opened.push(await openLivePartition({ ...options, ownerId }, partition));
    return new Detectors(opened, onFailure);
  }

  /** Begins to judge; the promise resolves when all loops have ended, after `stop` or a failure: log and store may go. */
  async run(): Promise<void> {
    await Promise.all(this.partitions.map((partition) => this.runOne(partition)));
  }

  private async runOne(partition: LivePartition): Promise<void> {
    try {
      await partition.run(this.stopping.signal);
    } catch (error) {
      this.stopping.abort();
      this.onFailure(error);
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  get isBootstrapped(): boolean {
    return this.partitions.every(({ status }) => status.isBootstrapped);
  }

  /** Has every partition judged up to the offset it had to reach? */
  hasJudged(ends: readonly number[]): boolean {
    return this.partitions.every(({ status }, index) => status.judgedOffset + 1 >= (ends[index] ?? 0));
  }

  /** What each partition goes by; null before its first activation. */
  get running(): readonly (Running | null)[] {
    return this.partitions.map(({ running }) => running);
  }

  /** The bundle in force; null before the first activation. */
  get bundleHash(): string | null {
    return this.partitions[0]?.running?.bundleHash ?? null;
  }
}
