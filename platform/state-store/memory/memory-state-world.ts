/**
 * What survives the end of a process: owners, values and partition records, in memory.
 *
 * Owns: the fence. Does not own: processes; each has a `MemoryStateStore` of its own on the same world.
 *
 * 1. A write is judged and applied at one moment, by the owner known then: how late it arrives does not matter.
 * 2. Bytes that are written are taken over (the store copied them), bytes that are read are copies.
 */

import { type StateEntry, StateStoreError } from "../state-store.js";

export interface MemoryStateOptions {
  /** Bytes of values the world holds before writes fail with DISK_FULL. */
  readonly bytesMax?: number;
}

/** Who writes, as the owner believes. */
export interface StateWriter {
  readonly partition: number;
  readonly epoch: number;
  readonly owner: string;
}

export interface HeldPartition {
  epoch: number;
  owner: string;
  record: Uint8Array | null;
  readonly values: Map<string, Uint8Array>;
}

export class MemoryStateWorld {
  private readonly partitions = new Map<number, HeldPartition>();
  private readonly bytesMax: number;
  private bytesHeld = 0;

  constructor(options: MemoryStateOptions = {}) {
    this.bytesMax = options.bytesMax ?? Number.POSITIVE_INFINITY;
  }

  /** Makes `owner` the only writer of the partition; gives its epoch. */
  acquire(partition: number, owner: string): number {
    const held = this.heldOf(partition);
    held.epoch++;
    held.owner = owner;
    return held.epoch;
  }

  /** @throws StateStoreError FENCED, DISK_FULL. */
  put(writer: StateWriter, entries: readonly StateEntry[]): void {
    this.checkOwner(writer);
    const { values } = this.heldOf(writer.partition);
    const newest = new Map(entries.map(({ key, value }) => [key, value]));
    let grownBytes = 0;
    for (const [key, value] of newest) grownBytes += value.length - (values.get(key)?.length ?? 0);
    this.takeSpace(writer.partition, grownBytes);
    for (const [key, value] of newest) values.set(key, value);
  }

  /** @throws StateStoreError FENCED, DISK_FULL. */
  putPartition(writer: StateWriter, value: Uint8Array): void {
    this.checkOwner(writer);
    const held = this.heldOf(writer.partition);
    this.takeSpace(writer.partition, value.length - (held.record?.length ?? 0));
    held.record = value;
  }

  partitionRecord(partition: number): Uint8Array | null {
    return this.heldOf(partition).record?.slice() ?? null;
  }

  value(partition: number, key: string): Uint8Array | null {
    return this.heldOf(partition).values.get(key)?.slice() ?? null;
  }

  keys(partition: number): readonly string[] {
    return [...this.heldOf(partition).values.keys()];
  }

  /** The owner whose writes are taken; epoch 0 before the first. */
  ownerOf(partition: number): StateWriter {
    const { epoch, owner } = this.heldOf(partition);
    return { partition, epoch, owner };
  }

  /** @throws StateStoreError FENCED unless the writer is the owner. */
  protected checkOwner({ partition, epoch, owner }: StateWriter): void {
    const held = this.heldOf(partition);
    if (held.epoch === epoch && held.owner === owner) return;
    throw new StateStoreError(
      "FENCED",
      `partition ${partition}: a write of epoch ${epoch} was refused, epoch ${held.epoch} owns it now; stop judging this partition`,
    );
  }

  /** For worlds that go back to an older state. */
  protected copyOf(partition: number): HeldPartition {
    const held = this.heldOf(partition);
    return { ...held, values: new Map(held.values) };
  }

  protected restore(partition: number, copy: HeldPartition): void {
    this.partitions.set(partition, copy);
  }

  private takeSpace(partition: number, bytes: number): void {
    if (bytes > 0 && this.bytesHeld + bytes > this.bytesMax)
      throw new StateStoreError(
        "DISK_FULL",
        `partition ${partition}: no room for ${bytes} bytes (${this.bytesHeld} of ${this.bytesMax} are used); give the store more memory`,
        { retryable: true },
      );
    this.bytesHeld += bytes;
  }

  private heldOf(partition: number): HeldPartition {
    const known = this.partitions.get(partition);
    if (known !== undefined) return known;
    const held: HeldPartition = { epoch: 0, owner: "", record: null, values: new Map() };
    this.partitions.set(partition, held);
    return held;
  }
}
