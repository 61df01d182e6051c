/**
 * The partitions of this member as its owner knows them.
 *
 * 1. The owner is told each change once, with the whole set; after `stop` nothing.
 * 2. A hold is unbroken while the partition stays in the sets told: whoever began work under one knows by it whether
 *    another can have had the partition since.
 */

import type { PartitionGroupHandlers } from "../../partition-group.js";

export class HeldPartitions {
  private holds = new Map<number, number>();
  private lastHold = 0;
  private hasStopped = false;

  constructor(private readonly onAssignment: PartitionGroupHandlers["onAssignment"]) {}

  /** Sorted. */
  get partitions(): readonly number[] {
    return [...this.holds.keys()];
  }

  /** Undefined where the partition is not held. */
  holdOf(partition: number): number | undefined {
    return this.holds.get(partition);
  }

  set(partitions: readonly number[]): void {
    if (this.hasStopped) return;
    const before = this.holds;
    const sorted = [...partitions].sort((a, b) => a - b);
    this.holds = new Map(sorted.map((partition) => [partition, before.get(partition) ?? ++this.lastHold]));
    const isEqual = before.size === sorted.length && sorted.every((partition) => before.has(partition));
    if (!isEqual) this.onAssignment(sorted);
  }

  stop(): void {
    this.hasStopped = true;
    this.holds = new Map();
  }
}
