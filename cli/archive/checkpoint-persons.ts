/**
 * The persons of a checkpoint as the judge asks for them: in place of a state store, which is not there.
 * All of them are in memory: some 800 bytes a person of one partition.
 */

import type { PartitionOwnership, StateEntry } from "../../platform/state-store/state-store.js";
import type { CheckpointEntry } from "../../schemas/archive.js";
import type { Archive } from "../../services/archive/archive.js";
import { CheckpointFile } from "../../services/archive/checkpoint-file.js";
import { decodePartitionState, type PartitionState } from "../../services/detector/partition-state.js";

export class CheckpointPersons implements PartitionOwnership {
  readonly epoch = 0;
  readonly owner = "archive";

  private constructor(
    readonly partition: number,
    readonly values: ReadonlyMap<string, Uint8Array>,
    readonly state: PartitionState | null,
  ) {}

  /** @param entry null: before the first record, nobody is known. @throws ArchiveError, PartitionStateError. */
  static async open(
    archive: Archive,
    partition: number,
    entry: CheckpointEntry | null,
  ): Promise<CheckpointPersons> {
    const values = new Map<string, Uint8Array>();
    if (entry === null) return new CheckpointPersons(partition, values, null);
    const file = await CheckpointFile.open(archive, entry);
    try {
      for await (const { personKey, value } of file.persons()) values.set(personKey, value);
      return new CheckpointPersons(partition, values, decodePartitionState(file.state));
    } finally {
      await file.close();
    }
  }

  async readPartition(): Promise<null> {
    return null;
  }

  async load(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    return keys.map((key) => this.values.get(key) ?? null);
  }

  async *entries(): AsyncIterable<StateEntry> {
    for (const [key, value] of this.values) yield { key, value };
  }

  put(): Promise<void> {
    throw new Error("an archive's checkpoint is never written to");
  }

  putPartition(): Promise<void> {
    throw new Error("an archive's checkpoint is never written to");
  }
}
