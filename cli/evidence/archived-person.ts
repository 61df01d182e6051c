/** One person of an archived checkpoint, as a package begins with it. */

import { hash } from "node:crypto";
import type { CheckpointEntry } from "../../schemas/archive.js";
import type { CheckpointFile as PackageCheckpoint } from "../../schemas/evidence/package.js";
import { Topic } from "../../schemas/topics.js";
import type { Archive } from "../../services/archive/archive.js";
import { CheckpointFile } from "../../services/archive/checkpoint-file.js";
import { decodePartitionState } from "../../services/detector/partition-state.js";

export interface ArchivedPerson {
  readonly checkpoint: PackageCheckpoint;
  /** That its partition goes by. */
  readonly bundleHashes: readonly string[];
}

export interface AskedCheckpoint {
  readonly partition: number;
  readonly personKey: string;
  /** A day of Shanghai: nothing of it or later is in the checkpoint. */
  readonly since: string;
}

/** @returns null where there is no checkpoint before that day. @throws ArchiveError. */
export async function archivedPerson(
  archive: Archive,
  { partition, personKey, since }: AskedCheckpoint,
): Promise<ArchivedPerson | null> {
  const entry = checkpointBefore(archive, partition, Date.parse(`${since}T00:00:00+08:00`));
  if (entry === null) return null;
  const file = await CheckpointFile.open(archive, entry);
  try {
    const record = await recordOf(file, personKey);
    const { bundleHash, shadowBundleHash } = decodePartitionState(file.state);
    return {
      checkpoint: {
        partition,
        position: entry.position,
        segmentSha256: entry.segmentSha256,
        personRecord: record && Buffer.from(record).toString("base64"),
        personRecordSha256: record && hash("sha256", record),
        state: Buffer.from(file.state).toString("base64"),
      },
      bundleHashes: shadowBundleHash === null ? [bundleHash] : [bundleHash, shadowBundleHash],
    };
  } finally {
    await file.close();
  }
}

function checkpointBefore(archive: Archive, partition: number, beforeMs: number): CheckpointEntry | null {
  const ends = new Map(
    archive.segments(Topic.JOURNAL, partition).map(({ last, lastAppendedAtMs }) => [last, lastAppendedAtMs]),
  );
  return (
    archive
      .checkpoints(partition)
      .filter(({ position }) => (ends.get(position) ?? Number.POSITIVE_INFINITY) < beforeMs)
      .at(-1) ?? null
  );
}

/** In the order of their keys: behind it nobody is looked at. */
async function recordOf(file: CheckpointFile, wanted: string): Promise<Uint8Array | null> {
  for await (const { personKey, value } of file.persons()) {
    if (personKey === wanted) return value;
    if (personKey > wanted) return null;
  }
  return null;
}
