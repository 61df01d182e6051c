/**
 * The store of one process whose reads, too, are refused where the world has lost what it had told the owner. One that can
 * lose something gives nothing to whoever is not the owner either, as Redis does; LMDB, which cannot, gives it.
 */

import type { PartitionOwnership, StateEntry, StateStore } from "../../platform/state-store/state-store.js";
import type { WatchedStateWorld } from "./watched-state-world.js";

export class OutlivedStateStore implements StateStore {
  constructor(
    private readonly inner: StateStore,
    private readonly world: WatchedStateWorld,
    private readonly mayLose: boolean,
  ) {}

  async acquire(partition: number, owner: string): Promise<PartitionOwnership> {
    return new OutlivedOwnership(await this.inner.acquire(partition, owner), this.world, this.mayLose);
  }

  peekPartition(partition: number): Promise<Uint8Array | null> {
    return this.inner.peekPartition(partition);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

class OutlivedOwnership implements PartitionOwnership {
  readonly partition: number;
  readonly epoch: number;
  readonly owner: string;

  constructor(
    private readonly inner: PartitionOwnership,
    private readonly world: WatchedStateWorld,
    private readonly mayLose: boolean,
  ) {
    this.partition = inner.partition;
    this.epoch = inner.epoch;
    this.owner = inner.owner;
  }

  async readPartition(): Promise<Uint8Array | null> {
    const record = await this.inner.readPartition();
    this.checkRead();
    return record;
  }

  async load(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    const values = await this.inner.load(keys);
    this.checkRead();
    return values;
  }

  private checkRead(): void {
    this.world.checkNotLost(this);
    if (this.mayLose) this.world.checkReader(this);
  }

  entries(): AsyncIterable<StateEntry> {
    return this.inner.entries();
  }

  put(entries: readonly StateEntry[]): Promise<void> {
    return this.inner.put(entries);
  }

  putPartition(value: Uint8Array): Promise<void> {
    return this.inner.putPartition(value);
  }
}
