/** `kadun archive DIR`: segments, then what is new is judged again, compared, and the persons kept. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { takeOwnerLock } from "../../platform/lifecycle/owner-lock.js";
import type { CheckpointEntry, SegmentEntry } from "../../schemas/archive.js";
import { Topic } from "../../schemas/topics.js";
import { Archive } from "../../services/archive/archive.js";
import {
  archivePartition,
  SEGMENT_LIMITS,
  type SegmentLimits,
} from "../../services/archive/archive-segments.js";
import { addBundle } from "../../services/archive/bundle-file.js";
import { addCheckpoint } from "../../services/archive/checkpoint-file.js";
import { DETECTOR_LIMITS } from "../../services/detector/detector-options.js";
import { HeldOutcomes } from "../../services/detector/held-outcomes.js";
import type { ArchiveOptions } from "../archive.js";
import { bundleFinder, journalOpener, journalSourceOf } from "../backtest/journal-log.js";
import type { LoadedBundle } from "../bundle-files.js";
import { ExitStatus, OperatingError } from "../exit-status.js";
import type { Closers } from "../process/closers.js";
import { ArchivedBundles } from "./archived-bundles.js";
import { type ReplayedPartition, replayPartition } from "./replay-partition.js";

export async function writeArchive(options: ArchiveOptions, closers: Closers): Promise<ExitStatus> {
  const { folder, json } = options;
  const source = await journalSourceOf(options.data, closers);
  const log = await journalOpener(closers)(source);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeOwnerLock(join(folder, "archive.lock"));
  closers.add({ close: async () => lock.release() });
  const archive = await Archive.openToAppend(folder, source.partitions);
  const run = new ArchiveRun({ log, archive, bundle: await bundleFinder(source, closers), say: sayer(json) });
  for (let partition = 0; partition < source.partitions; partition++) await run.partition(partition);
  const result = { ...run.counts, head: archive.manifest.head };
  console.log(json ? JSON.stringify(result) : resultText(result));
  return ExitStatus.DONE;
}

export interface ArchiveRunOptions {
  readonly log: EventLog;
  readonly archive: Archive;
  /** @throws where none of that hash is stored. */
  readonly bundle: (hash: string) => Promise<LoadedBundle>;
  readonly limits?: SegmentLimits;
  readonly say?: (line: string) => void;
}

/** Of all partitions, one after the other: the memory of one judge at a time. */
export class ArchiveRun {
  readonly counts = { segments: 0, records: 0, outcomes: 0, checkpoints: 0, persons: 0 };

  private readonly bundles: ArchivedBundles;

  constructor(private readonly options: ArchiveRunOptions) {
    this.bundles = new ArchivedBundles(options.archive);
  }

  /** @throws ArchiveError; OperatingError where the archive judged again gives other outcomes. */
  async partition(partition: number): Promise<void> {
    const { log, archive, bundle, limits = SEGMENT_LIMITS } = this.options;
    const upTo = await answeredUpTo(log, partition);
    const keepBundle = async (hash: string) =>
      addBundle(archive, hash, JSON.stringify((await bundle(hash)).content));
    const onSegment = (entry: SegmentEntry) => this.wrote(entry);
    await archivePartition({ log, archive, limits, keepBundle, onSegment }, partition, upTo);
    await this.keepPersons(partition);
  }

  private wrote({ topic, partition, first, last, count, file }: SegmentEntry): void {
    this.counts.segments++;
    this.counts[topic === Topic.JOURNAL ? "records" : "outcomes"] += count;
    this.options.say?.(`${topic}/${partition}: ${first} to ${last} (${count}) in ${file}`);
  }

  private async keepPersons(partition: number): Promise<void> {
    const { archive } = this.options;
    const from: CheckpointEntry | null = archive.checkpoints(partition).at(-1) ?? null;
    const last = archive.segments(Topic.JOURNAL, partition).at(-1);
    if (last === undefined || from?.position === last.last) return;
    const judged = await replayPartition({ archive, partition, bundles: this.bundles, from });
    const { difference } = judged.result;
    if (difference !== null) throw differs(archive.folder, difference);
    const { position, state } = judged;
    const { persons } = await addCheckpoint(
      archive,
      { partition, position, segmentSha256: last.sha256, state },
      judged.persons(),
    );
    this.counts.checkpoints++;
    this.counts.persons += persons;
    this.options.say?.(`partition ${partition}: ${judgedText(judged.result)}, ${persons} persons kept`);
  }
}

/** Everything at or below is answered in the decisions log: the highest position may still get more outcomes. */
async function answeredUpTo(log: EventLog, partition: number): Promise<number> {
  const held = await HeldOutcomes.open(log, partition, DETECTOR_LIMITS.tailRecords);
  return held.offset - 1;
}

function differs(folder: string, difference: string): OperatingError {
  return new OperatingError(
    `${folder}: judged again from the archive, something else comes out: ${difference}; the segments are kept, the persons are not: look with 'kadun replay --archive ${folder}', and report it as a fault of the program that judged or of this one`,
  );
}

function judgedText({ records, outcomes }: ReplayedPartition): string {
  return `${records} records judged again, ${outcomes} outcomes equal`;
}

function sayer(json: boolean): (line: string) => void {
  return json ? () => {} : (line) => console.log(line);
}

function resultText(result: ArchiveRun["counts"] & { readonly head: string }): string {
  const { segments, records, outcomes, checkpoints, persons, head } = result;
  return `${segments} segments with ${records} records and ${outcomes} outcomes, ${checkpoints} checkpoints of ${persons} persons; head ${head}`;
}
