/** The right to write one partition of the LMDB store, for as long as nobody else acquires it. */

import { setImmediate as turn } from "node:timers/promises";
import { type PartitionOwnership, PUT_BYTES_MAX, PUT_RECORDS_MAX, type StateEntry } from "../state-store.js";
import type { LmdbStateStore } from "./lmdb-state-store.js";
import { keyOfValue, type Owner, partitionKey, valueKey } from "./state-keys.js";

/** Entries read in one turn of the event loop: under a millisecond. */
const ENTRIES_A_TURN = 500;
const KEY_SHAPE = /^[0-9a-f]{32}$/;

export interface LmdbOwner extends Owner {
  readonly partition: number;
}

export class LmdbOwnership implements PartitionOwnership {
  constructor(
    private readonly store: LmdbStateStore,
    private readonly self: LmdbOwner,
  ) {}

  get partition(): number {
    return this.self.partition;
  }

  get epoch(): number {
    return this.self.epoch;
  }

  get owner(): string {
    return this.self.owner;
  }

  async readPartition(): Promise<Uint8Array | null> {
    return this.store.read().records.get(partitionKey(this.partition)) ?? null;
  }

  async load(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    const { values } = this.store.read();
    return keys.map((key) => values.get(valueKey(this.partition, checkedKey(key))) ?? null);
  }

  async *entries(): AsyncIterable<StateEntry> {
    let from: Buffer | null = partitionKey(this.partition);
    while (from !== null) {
      const chunk: readonly StateEntry[] = this.chunkFrom(from);
      yield* chunk;
      const last = chunk.at(-1);
      from = last === undefined || chunk.length < ENTRIES_A_TURN ? null : behind(this.partition, last.key);
      await turn();
    }
  }

  async put(entries: readonly StateEntry[]): Promise<void> {
    checkPut(entries);
    const copies = copiesOf(entries.map(({ value }) => value));
    await this.store.write(this.self, ({ values }) => {
      for (const [index, { key }] of entries.entries())
        void values.put(valueKey(this.partition, key), copies[index]!);
    });
  }

  async putPartition(value: Uint8Array): Promise<void> {
    const [copy] = copiesOf([value]);
    await this.store.write(this.self, ({ records }) => void records.put(partitionKey(this.partition), copy!));
  }

  private chunkFrom(from: Buffer): readonly StateEntry[] {
    const { values } = this.store.read();
    const range = { start: from, end: partitionKey(this.partition + 1), limit: ENTRIES_A_TURN };
    const chunk: StateEntry[] = [];
    for (const { key, value } of values.getRange(range)) chunk.push({ key: keyOfValue(key), value });
    return chunk;
  }
}

/** The smallest key above. */
function behind(partition: number, key: string): Buffer {
  return Buffer.concat([valueKey(partition, key), Buffer.alloc(1)]);
}

/** LMDB's thread reads the bytes later, when the caller may have other plans with them. */
function copiesOf(values: readonly Uint8Array[]): readonly Buffer[] {
  const memory = Buffer.allocUnsafeSlow(values.reduce((total, { length }) => total + length, 0));
  let begin = 0;
  return values.map((value) => {
    memory.set(value, begin);
    begin += value.length;
    return memory.subarray(begin - value.length, begin);
  });
}

/** Larger puts and other keys are mistakes of the caller, not of the store. */
function checkPut(entries: readonly StateEntry[]): void {
  const bytes = entries.reduce((total, { value }) => total + value.length, 0);
  if (entries.length > PUT_RECORDS_MAX || bytes > PUT_BYTES_MAX)
    throw new RangeError(
      `a put of ${entries.length} records and ${bytes} bytes; at most ${PUT_RECORDS_MAX} and ${PUT_BYTES_MAX} are taken: send it in parts`,
    );
  for (const { key } of entries) checkedKey(key);
}

function checkedKey(key: string): string {
  if (KEY_SHAPE.test(key)) return key;
  throw new RangeError(`key ${key}: expected 32 hexadecimal digits`);
}
