/**
 * The state store of one process on a world in memory (platform/state-store/state-store.ts has the contract).
 *
 * Owns: counting the writes under way, so that `close` waits for them.
 * Does not own: values and the fence (`MemoryStateWorld`), when a call goes on (`StatePace`).
 */

import {
  type PartitionOwnership,
  PUT_BYTES_MAX,
  PUT_RECORDS_MAX,
  type StateEntry,
  type StateStore,
  StateStoreError,
} from "../state-store.js";
import type { MemoryStateWorld, StateWriter } from "./memory-state-world.js";
import { immediateState, type StatePace, type StateStep } from "./state-pace.js";

export interface MemoryStateStoreOptions {
  readonly pace?: StatePace;
}

export class MemoryStateStore implements StateStore {
  private readonly pace: StatePace;
  private readonly writes = new Set<Promise<void>>();
  private isClosed = false;

  constructor(
    private readonly world: MemoryStateWorld,
    options: MemoryStateStoreOptions = {},
  ) {
    this.pace = options.pace ?? immediateState;
  }

  async acquire(partition: number, owner: string): Promise<PartitionOwnership> {
    await this.step("state.acquire");
    const epoch = this.world.acquire(partition, owner);
    await this.pace.point("state.acknowledge");
    return new MemoryOwnership(this, this.world, { partition, epoch, owner });
  }

  async peekPartition(partition: number): Promise<Uint8Array | null> {
    await this.step("state.read");
    return this.world.partitionRecord(partition);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.writes);
  }

  /** Waits for the step. @throws StateStoreError CLOSED. */
  async step(step: StateStep): Promise<void> {
    this.checkOpen();
    await this.pace.point(step);
  }

  /** Applies a write at the moment the pace gives, and answers at another. */
  write(apply: () => void): Promise<void> {
    const write = this.paced(apply);
    this.writes.add(write);
    const forget = () => this.writes.delete(write);
    write.then(forget, forget);
    return write;
  }

  private async paced(apply: () => void): Promise<void> {
    await this.step("state.write");
    apply();
    await this.pace.point("state.acknowledge");
  }

  private checkOpen(): void {
    if (this.isClosed) throw new StateStoreError("CLOSED", "the state store is closed");
  }
}

class MemoryOwnership implements PartitionOwnership {
  constructor(
    private readonly store: MemoryStateStore,
    private readonly world: MemoryStateWorld,
    private readonly writer: StateWriter,
  ) {}

  get partition(): number {
    return this.writer.partition;
  }

  get epoch(): number {
    return this.writer.epoch;
  }

  get owner(): string {
    return this.writer.owner;
  }

  async readPartition(): Promise<Uint8Array | null> {
    await this.store.step("state.read");
    return this.world.partitionRecord(this.partition);
  }

  async load(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    await this.store.step("state.read");
    return keys.map((key) => this.world.value(this.partition, key));
  }

  async *entries(): AsyncIterable<StateEntry> {
    await this.store.step("state.read");
    for (const key of this.world.keys(this.partition)) {
      const value = this.world.value(this.partition, key);
      if (value !== null) yield { key, value };
    }
  }

  async put(entries: readonly StateEntry[]): Promise<void> {
    checkPut(entries);
    // `slice` of a Buffer would share its bytes.
    const copies = entries.map(({ key, value }) => ({ key, value: new Uint8Array(value) }));
    await this.store.write(() => this.world.put(this.writer, copies));
  }

  async putPartition(value: Uint8Array): Promise<void> {
    const copy = new Uint8Array(value);
    await this.store.write(() => this.world.putPartition(this.writer, copy));
  }
}

const KEY_SHAPE = /^[0-9a-f]{32}$/;

/** Larger puts and other keys are mistakes of the caller, not of the store. */
function checkPut(entries: readonly StateEntry[]): void {
  const bytes = entries.reduce((total, { value }) => total + value.length, 0);
  if (entries.length > PUT_RECORDS_MAX || bytes > PUT_BYTES_MAX)
    throw new RangeError(
      `a put of ${entries.length} records and ${bytes} bytes; at most ${PUT_RECORDS_MAX} and ${PUT_BYTES_MAX} are taken: send it in parts`,
    );
  for (const { key } of entries)
    if (!KEY_SHAPE.test(key)) throw new RangeError(`key ${key}: expected 32 hexadecimal digits`);
}
