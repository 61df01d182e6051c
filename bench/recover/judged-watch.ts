/**
 * What the decisions log gets, partition by partition, while it comes: when (the broker's clock), how many swipes.
 *
 * Owns: a reader a partition, counts by slots of time. Does not own: the log.
 *
 * 1. A swipe counts once, at its first decision; repeats after a takeover are counted apart.
 * 2. The broker's clock and this process's are the same machine's.
 */

import type { EventLog, LogReader } from "../../platform/event-log/event-log.js";
import { decodePosition, Topic } from "../../schemas/topics.js";

export const SLOT_MS = 250;
const READ_LIMITS = { recordsMax: 5_000, bytesMax: 4_194_304, waitMs: 100 } as const;

export class JudgedWatch {
  /** Swipes judged, by partition and slot of 250 ms since the epoch. */
  private readonly slots: Map<number, number>[];
  /** Offset in the journal of the last swipe judged, by partition. */
  readonly judgedOffsets: number[];
  readonly judged: number[];
  repeats = 0;
  private readonly readers: LogReader[] = [];
  private readonly loops: Promise<void>[] = [];
  /** By partition: since when a first swipe is waited for, and when it came. */
  private readonly awaited = new Map<number, { readonly afterMs: number; atMs: number | null }>();
  private isClosed = false;
  private failed: { readonly error: unknown } | null = null;

  private constructor(partitions: number) {
    this.slots = Array.from({ length: partitions }, () => new Map());
    this.judgedOffsets = new Array<number>(partitions).fill(-1);
    this.judged = new Array<number>(partitions).fill(0);
  }

  /** From the present end of the log on. @throws EventLogError. */
  static async open(log: EventLog, partitions: number): Promise<JudgedWatch> {
    const watch = new JudgedWatch(partitions);
    for (let partition = 0; partition < partitions; partition++) {
      const { end } = await log.bounds(Topic.DECISIONS, partition);
      const reader = await log.reader(Topic.DECISIONS, partition, end);
      watch.readers.push(reader);
      watch.loops.push(watch.follow(partition, reader));
    }
    return watch;
  }

  /** @throws what reading failed with. */
  check(): void {
    if (this.failed !== null) throw this.failed.error;
  }

  /** Swipes judged in each slot of the partitions, from the slot of `fromMs` on, `count` of them. */
  counts(partitions: readonly number[], fromMs: number, count: number): readonly number[] {
    const first = Math.floor(fromMs / SLOT_MS);
    return Array.from({ length: count }, (_, index) =>
      partitions.reduce((sum, partition) => sum + (this.slots[partition]!.get(first + index) ?? 0), 0),
    );
  }

  /** From now on `firstOf` tells of swipes judged after `afterMs`. */
  awaitFirst(partitions: readonly number[], afterMs: number): void {
    for (const partition of partitions) this.awaited.set(partition, { afterMs, atMs: null });
  }

  /** When the partition's first swipe since then was judged; null where none was yet. */
  firstOf(partition: number): number | null {
    return this.awaited.get(partition)?.atMs ?? null;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.readers.map((reader) => reader.close()));
    await Promise.all(this.loops);
  }

  private async follow(partition: number, reader: LogReader): Promise<void> {
    try {
      while (!this.isClosed)
        for (const { header, appendedAtMs } of await reader.read(READ_LIMITS))
          this.take(partition, decodePosition(header).journalOffset, appendedAtMs);
    } catch (error) {
      this.failed ??= { error };
    }
  }

  private take(partition: number, journalOffset: number, atMs: number): void {
    if (journalOffset <= this.judgedOffsets[partition]!) {
      // A swipe's second decision is of the same offset.
      if (journalOffset < this.judgedOffsets[partition]!) this.repeats++;
      return;
    }
    this.judgedOffsets[partition] = journalOffset;
    this.judged[partition]!++;
    const slot = Math.floor(atMs / SLOT_MS);
    const slots = this.slots[partition]!;
    slots.set(slot, (slots.get(slot) ?? 0) + 1);
    const first = this.awaited.get(partition);
    if (first !== undefined && first.atMs === null && atMs > first.afterMs) first.atMs = atMs;
  }
}
