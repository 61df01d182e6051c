/** `kadun replay --archive DIR`: an archive judged again, and held against itself. */

import type { CheckpointEntry } from "../../schemas/archive.js";
import { Archive } from "../../services/archive/archive.js";
import { ArchiveError } from "../../services/archive/archive-error.js";
import { ExitStatus, OperatingError } from "../exit-status.js";
import { startError } from "../process/start-errors.js";
import { ArchivedBundles } from "./archived-bundles.js";
import { type ReplayedPartition, replayPartition } from "./replay-partition.js";

export interface ArchiveReplay {
  readonly folder: string;
  readonly fromCheckpoint: boolean;
  readonly json: boolean;
}

export async function replayArchive(options: ArchiveReplay): Promise<ExitStatus> {
  try {
    const replayed = await replayAll(options);
    if (options.json) console.log(JSON.stringify({ partitions: replayed }));
    else for (const partition of replayed) console.log(partitionText(partition));
    return replayed.every(({ difference }) => difference === null) ? ExitStatus.DONE : ExitStatus.FAILED;
  } catch (error) {
    if (error instanceof ArchiveError) throw new OperatingError(error.message);
    throw startError(error, { port: 0, option: "--port" });
  }
}

/** Partition by partition: the memory of one judge at a time. */
async function replayAll({ folder, fromCheckpoint }: ArchiveReplay): Promise<readonly ReplayedPartition[]> {
  const archive = await Archive.open(folder);
  const bundles = new ArchivedBundles(archive);
  const replayed: ReplayedPartition[] = [];
  for (let partition = 0; partition < archive.partitions; partition++) {
    const from = fromCheckpoint ? lastCheckpoint(archive, partition) : null;
    const judged = await replayPartition({ archive, partition, bundles, from });
    replayed.push(judged.result);
  }
  return replayed;
}

/** With records behind it, that can be judged; the first record where there is none. */
export function lastCheckpoint(archive: Archive, partition: number): CheckpointEntry | null {
  const end = archive.journalEnd(partition);
  return archive.checkpoints(partition).findLast(({ position }) => position + 1 < end) ?? null;
}

function partitionText(replayed: ReplayedPartition): string {
  const { partition, first, records, outcomes, unansweredActivations, checkpoints, persons, difference } =
    replayed;
  const judged = `partition ${partition}: ${records} records from offset ${first} on, ${persons} persons`;
  const unanswered =
    unansweredActivations === 0 ? "" : `, ${unansweredActivations} activations never answered`;
  if (difference === null)
    return `${judged}: ${outcomes} outcomes and ${checkpoints} checkpoints equal${unanswered}`;
  return `${judged}: different after ${outcomes} equal outcomes: ${difference}`;
}
