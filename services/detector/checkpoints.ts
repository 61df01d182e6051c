/**
 * Checkpoints of one partition, written beside the loop and never waited for by it.
 *
 * Owns: the one checkpoint under way.
 * Does not own: the persons and which of them changed (asked for copies), the store, the decisions log (asked whether it is ahead).
 *
 * 1. A chunk is copied at one moment; it is written only when the decisions log durably holds the outcomes of all that
 *    was judged by then (outcome-log.ts, 3). So is the partition record, where nobody changed too.
 * 2. The partition record is written last and says the offset at which the checkpoint began: every person changed by
 *    then was written after that. A person record of a later moment says so itself and is skipped over in a replay.
 * 3. One checkpoint at a time; persons that change meanwhile belong to the next one.
 * 4. After a failed checkpoint there is no other: its persons would be missing below the next partition record.
 */

import {
  type PartitionOwnership,
  PUT_BYTES_MAX,
  PUT_RECORDS_MAX,
  type StateEntry,
} from "../../platform/state-store/state-store.js";
import type { DirtyPersons } from "./dirty-persons.js";
import type { Room } from "./live-job.js";
import { encodePartitionState, type PartitionState } from "./partition-state.js";
import { RECORD_BYTES_MAX } from "./person/layout.js";

export interface CheckpointSources {
  readonly room: Pick<Room, "judgedOffset" | "takeDirty" | "copyPerson">;
  readonly ownership: PartitionOwnership;
  readonly durableUpTo: (offset: number) => Promise<void>;
}

/** Persons of a chunk are copied while swipes wait: few where few changed, more where there would be too many chunks. */
const CHUNKS_WANTED = 40;
const CHUNK_RECORDS_MIN = 100;

export class Checkpoints {
  /** Of the chunk that is written, filled again for the next: stores copy what they are given. */
  private memory: Buffer | null = null;
  private underWay: Promise<number> | null = null;
  private failure: { readonly reason: unknown } | null = null;

  constructor(private readonly sources: CheckpointSources) {}

  get isUnderWay(): boolean {
    return this.underWay !== null;
  }

  /**
   * Begins a checkpoint of everything up to `state.appliedOffset`, the offset judged last. Not while one is under way.
   * @returns persons written, when the store holds them and the partition record.
   * @throws what an earlier one failed with.
   */
  begin(state: PartitionState): Promise<number> {
    if (this.underWay !== null) throw new Error("a checkpoint is under way");
    if (this.failure !== null) throw this.failure.reason;
    this.underWay = this.write(this.sources.room.takeDirty(), state).then(
      (written) => {
        this.underWay = null;
        return written;
      },
      (error: unknown) => {
        this.failure = { reason: error };
        this.underWay = null;
        throw error;
      },
    );
    return this.underWay;
  }

  /** Resolves when the checkpoint under way, if any, is written. */
  async settled(): Promise<void> {
    await this.underWay;
  }

  private async write(persons: DirtyPersons, state: PartitionState): Promise<number> {
    const partitionRecord = encodePartitionState(state);
    const { ownership, room, durableUpTo } = this.sources;
    const wanted = Math.ceil(persons.count / CHUNKS_WANTED);
    const recordsMax = Math.min(PUT_RECORDS_MAX, Math.max(CHUNK_RECORDS_MIN, wanted));
    for (let next = 0; next < persons.count; ) {
      const chunk = this.copyChunk(persons, next, recordsMax);
      await durableUpTo(room.judgedOffset);
      await ownership.put(chunk);
      next += chunk.length;
    }
    // Activations have an outcome and change no person.
    await durableUpTo(state.appliedOffset);
    await ownership.putPartition(partitionRecord);
    return persons.count;
  }

  private copyChunk(persons: DirtyPersons, from: number, recordsMax: number): StateEntry[] {
    const chunk: StateEntry[] = [];
    const count = Math.min(recordsMax, persons.count - from);
    // One piece of memory for all: a copy of its own for each costs more than the copying.
    const size = Math.min(PUT_BYTES_MAX, count * RECORD_BYTES_MAX);
    if (this.memory === null || this.memory.length < size) this.memory = Buffer.allocUnsafeSlow(size);
    const bytes = this.memory;
    for (let i = 0, at = 0; i < count; i++) {
      const entry = this.sources.room.copyPerson(persons, from + i, bytes, at);
      if (entry === null) break;
      chunk.push(entry);
      at += entry.value.length;
    }
    return chunk;
  }
}
