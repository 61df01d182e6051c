/**
 * Judging from an archive's checkpoints on: which ones, and what is known there.
 *
 * A checkpoint is as of the bundles that ran live. What a draft would have made of the persons before it is not in it: whoever
 * begins there asks what the draft changes from there on.
 */

import type { CheckpointEntry } from "../../schemas/archive.js";
import { Archive } from "../../services/archive/archive.js";
import { CheckpointFile } from "../../services/archive/checkpoint-file.js";
import { decodePartitionState } from "../../services/detector/partition-state.js";
import { OperatingError } from "../exit-status.js";
import type { Stretch } from "./journal-pages.js";
import type { LaneStart } from "./judge-partition.js";
import type { JournalHistory, Plan } from "./plan.js";

/**
 * Of each partition the position of its last checkpoint that includes no record of `fromMs` or later; null where there is
 * none. @throws ArchiveError.
 */
export async function checkpointsBefore(archive: Archive, fromMs: number): Promise<(number | null)[]> {
  const positions: (number | null)[] = [];
  for (let partition = 0; partition < archive.partitions; partition++)
    positions.push(await lastBefore(archive, archive.checkpoints(partition), fromMs));
  return positions;
}

async function lastBefore(
  archive: Archive,
  checkpoints: readonly CheckpointEntry[],
  fromMs: number,
): Promise<number | null> {
  for (const entry of [...checkpoints].reverse()) {
    // No record's time lies behind the latest append time of the log before it.
    if ((await appendedAtMaxMs(archive, entry)) < fromMs) return entry.position;
  }
  return null;
}

async function appendedAtMaxMs(archive: Archive, entry: CheckpointEntry): Promise<number> {
  const file = await CheckpointFile.open(archive, entry);
  try {
    return decodePartitionState(file.state).appendedAtMaxMs;
  } finally {
    await file.close();
  }
}

/** What is judged of a partition's stretch: all of it, or what lies behind the checkpoint. */
export function judgedStretch({ checkpoints }: JournalHistory, stretch: Stretch): Stretch {
  const position = checkpoints[stretch.partition] ?? null;
  return position === null ? stretch : { ...stretch, start: position + 1 };
}

/** Of the persons that are taken; null: the beginning. @throws ArchiveError, PartitionStateError, OperatingError. */
export async function laneStart(
  { archive: folder, checkpoints }: JournalHistory,
  partition: number,
  isTaken: (personKey: string) => boolean,
): Promise<LaneStart | null> {
  const position = checkpoints[partition] ?? null;
  if (folder === null || position === null) return null;
  const archive = await Archive.open(folder);
  const entry = archive.checkpoints(partition).find((each) => each.position === position);
  if (entry === undefined)
    throw new OperatingError(
      `${folder}: the checkpoint of partition ${partition} behind offset ${position}, with which this run began, is not there; restore the archive from a copy`,
    );
  const file = await CheckpointFile.open(archive, entry);
  try {
    const persons: Uint8Array[] = [];
    // A copy: what was read holds a whole block.
    for await (const { personKey, value } of file.persons())
      if (isTaken(personKey)) persons.push(Uint8Array.from(value));
    return { state: decodePartitionState(file.state), persons };
  } finally {
    await file.close();
  }
}

/** For the result: what was not judged by the draft. */
export function startNotes({ history }: Plan): string[] {
  if (history.from !== "journal" || history.checkpoints.length === 0) return [];
  const places = history.checkpoints.flatMap((position, partition) =>
    position === null ? [] : [`partition ${partition} behind offset ${position}`],
  );
  if (places.length === 0)
    return ["no checkpoint of the archive lies before --from: judged from the beginning"];
  const rest = history.checkpoints.length - places.length;
  const others = rest === 0 ? "" : `, ${rest} partitions from the beginning`;
  return [
    `begun at checkpoints (${places.join(", ")}${others}): what the persons hold from before is what the bundles in force made of them`,
  ];
}
