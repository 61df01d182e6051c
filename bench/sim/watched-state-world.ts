/** The state of a run, with a watch on who writes: a write that is taken must be the owner's. */

import { MemoryStateWorld, type StateWriter } from "../../platform/state-store/memory/memory-state-world.js";
import type { StateEntry } from "../../platform/state-store/state-store.js";

export class WatchedStateWorld extends MemoryStateWorld {
  /** Writes that were taken from somebody who was not the owner. */
  readonly intrusions: string[] = [];

  override put(writer: StateWriter, entries: readonly StateEntry[]): void {
    super.put(writer, entries);
    this.watch(writer, "put");
  }

  override putPartition(writer: StateWriter, value: Uint8Array): void {
    super.putPartition(writer, value);
    this.watch(writer, "partition record");
  }

  private watch({ partition, epoch, owner }: StateWriter, what: string): void {
    const current = this.ownerOf(partition);
    if (current.epoch === epoch && current.owner === owner) return;
    this.intrusions.push(`partition ${partition}: ${what} of epoch ${epoch} under epoch ${current.epoch}`);
  }
}
