/**
 * A million persons with a past in the state store, without a journal of millions: the product's judge takes each person's
 * earlier swipes at the offset that the partition's checkpoint includes already, and the records that come of it are put
 * beside that checkpoint. To whoever takes the partition over they are persons of before, as after a trim of the journal.
 */

import type { StateStore } from "../../platform/state-store/state-store.js";
import { PUT_BYTES_MAX, PUT_RECORDS_MAX, type StateEntry } from "../../platform/state-store/state-store.js";
import { partitionOf } from "../../schemas/topics.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { Partition } from "../../services/detector/partition.js";
import { decodePartitionState } from "../../services/detector/partition-state.js";
import { madePersonKey, madeSwipe } from "./made-swipes.js";

const DAY_MS = 86_400_000;
/** Days before now, oldest first. */
const EARLIER_DAYS = [21, 4] as const;
export const EARLIER_SWIPES = EARLIER_DAYS.length;
/** Memory of one judge: its persons are put and forgotten. */
const PERSONS_AT_ONCE = 20_000;

export interface StoredPersons {
  readonly persons: number;
  readonly recordBytesMean: number;
}

/** By partition: the numbers of its persons. */
export function personsByPartition(persons: number, partitions: number): readonly Uint32Array[] {
  const lists = Array.from({ length: partitions }, () => new Uint32Array(persons));
  const counts = new Array<number>(partitions).fill(0);
  for (let person = 0; person < persons; person++) {
    const partition = partitionOf(madePersonKey(person), partitions);
    lists[partition]![counts[partition]!++] = person;
  }
  return lists.map((list, partition) => list.slice(0, counts[partition]));
}

/** Of one partition, whose detectors wrote a checkpoint and stopped. @throws StateStoreError. */
export async function storePersons(
  store: StateStore,
  partition: number,
  persons: Uint32Array,
  { bundle, nowMs }: { readonly bundle: DetectorBundle; readonly nowMs: number },
): Promise<StoredPersons> {
  const ownership = await store.acquire(partition, `bench-recover-${partition}`);
  const record = await ownership.readPartition();
  if (record === null)
    throw new Error(`partition ${partition} has no checkpoint: its detector did not stop in order`);
  const state = decodePartitionState(record);
  let bytes = 0;
  for (let from = 0; from < persons.length; from += PERSONS_AT_ONCE) {
    const judge = new Partition(bundle, { state });
    const keys = [...persons.subarray(from, from + PERSONS_AT_ONCE)].map((person) => {
      const personKey = madePersonKey(person);
      for (const days of EARLIER_DAYS) {
        const atMs = nowMs - days * DAY_MS;
        judge.take(madeSwipe(person, personKey, `before-${days}`, atMs), state.appliedOffset, atMs);
      }
      return personKey;
    });
    for (const chunk of chunksOf(judge, keys)) {
      bytes += chunk.reduce((sum, { value }) => sum + value.length, 0);
      await ownership.put(chunk);
    }
  }
  return { persons: persons.length, recordBytesMean: Math.round(bytes / Math.max(1, persons.length)) };
}

function* chunksOf(judge: Partition, keys: readonly string[]): Generator<readonly StateEntry[]> {
  let chunk: StateEntry[] = [];
  let bytes = 0;
  for (const key of keys) {
    const value = judge.personBytesOf(key);
    if (chunk.length === PUT_RECORDS_MAX || bytes + value.length > PUT_BYTES_MAX) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push({ key, value });
    bytes += value.length;
  }
  if (chunk.length > 0) yield chunk;
}
