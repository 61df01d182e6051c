/**
 * The state of a run, with a watch on who writes: a write that is taken must be the owner's. It can go back to an older
 * state, as a store does that fails over to a replica which is behind.
 *
 * 1. What is lost is lost from the end, over all partitions.
 * 2. An owner that lost its acquisition or a write is refused from then on, as by Redis, which numbers the writes.
 */

import {
  type HeldPartition,
  MemoryStateWorld,
  type StateWriter,
} from "../../platform/state-store/memory/memory-state-world.js";
import { type StateEntry, StateStoreError } from "../../platform/state-store/state-store.js";

interface Change {
  readonly writer: StateWriter;
  readonly before: HeldPartition;
}

export class WatchedStateWorld extends MemoryStateWorld {
  /** Writes that were taken from somebody who was not the owner. */
  readonly intrusions: string[] = [];
  private readonly changes: Change[] = [];
  private readonly refused = new Set<string>();

  override acquire(partition: number, owner: string): number {
    const before = this.copyOf(partition);
    const epoch = super.acquire(partition, owner);
    this.changes.push({ writer: { partition, epoch, owner }, before });
    return epoch;
  }

  override put(writer: StateWriter, entries: readonly StateEntry[]): void {
    this.changing(writer, "put", () => super.put(writer, entries));
  }

  override putPartition(writer: StateWriter, value: Uint8Array): void {
    this.changing(writer, "partition record", () => super.putPartition(writer, value));
  }

  /** Undoes the last changes. */
  goBack(changes: number): void {
    for (const { writer, before } of this.changes.splice(-changes).reverse()) {
      this.restore(writer.partition, before);
      this.refused.add(nameOf(writer));
    }
  }

  /** @throws StateStoreError FENCED where the store has lost what it had told this owner. */
  checkNotLost(writer: StateWriter): void {
    if (!this.refused.has(nameOf(writer))) return;
    throw new StateStoreError(
      "FENCED",
      `partition ${writer.partition}: the store went back to an older state`,
    );
  }

  /** @throws StateStoreError FENCED to whoever is not the owner. */
  checkReader(reader: StateWriter): void {
    this.checkOwner(reader);
  }

  private changing(writer: StateWriter, what: string, change: () => void): void {
    this.checkNotLost(writer);
    const before = this.copyOf(writer.partition);
    change();
    this.changes.push({ writer, before });
    this.watch(writer, what);
  }

  private watch({ partition, epoch, owner }: StateWriter, what: string): void {
    const current = this.ownerOf(partition);
    if (current.epoch === epoch && current.owner === owner) return;
    this.intrusions.push(`partition ${partition}: ${what} of epoch ${epoch} under epoch ${current.epoch}`);
  }
}

/** Owners of a run have names of their own. */
function nameOf({ partition, owner }: StateWriter): string {
  return `${partition} ${owner}`;
}
