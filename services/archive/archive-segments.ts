/**
 * Brings closed stretches of one partition of the journal, and the outcomes that answer them, into an archive.
 *
 * Owns: where a segment begins and ends.
 * Does not own: the files (segment-file.ts), up to where a stretch is closed (the caller's), bundles (the caller gives them).
 *
 * 1. A bundle lies in the archive before the segment that names it counts.
 * 2. Outcomes follow the journal: whatever ended a run between the two, the next one brings what is missing first.
 * 3. What the live log does not hold any more and the archive never got is said, and nothing is written behind it.
 */

import type { EventLog, LoggedRecord, LogReader } from "../../platform/event-log/event-log.js";
import { NO_SHA256, type SegmentEntry } from "../../schemas/archive.js";
import { decodeJournalBody, isBodyOfType } from "../../schemas/log-body.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { Archive } from "./archive.js";
import { ArchiveError } from "./archive-error.js";
import { addSegment } from "./segment-file.js";

export interface SegmentLimits {
  /** Records of a segment: what a segment that is lost takes with it, and what is held in memory while it is written. */
  readonly recordsMax: number;
  readonly bytesMax: number;
}

/** Ten megabytes of a city's journal, some three after packing. */
export const SEGMENT_LIMITS: SegmentLimits = { recordsMax: 20_000, bytesMax: 16 << 20 };

export interface ArchivingOptions {
  readonly log: EventLog;
  readonly archive: Archive;
  readonly limits: SegmentLimits;
  /** Puts the bundle beside the segments, once. */
  readonly keepBundle: (hash: string) => Promise<void>;
  readonly onSegment: (entry: SegmentEntry) => void;
}

const PAGE = { recordsMax: 1000, bytesMax: 4 << 20, waitMs: 5_000 } as const;

/** @param upTo offset of the last journal record whose outcomes are all in the decisions log. @throws ArchiveError. */
export async function archivePartition(
  options: ArchivingOptions,
  partition: number,
  upTo: number,
): Promise<void> {
  const { archive } = options;
  await archiveDecisions(options, partition, archive.journalEnd(partition) - 1);
  while (archive.journalEnd(partition) <= upTo) {
    await archiveJournalSegment(options, partition, upTo);
    await archiveDecisions(options, partition, archive.journalEnd(partition) - 1);
  }
}

async function archiveJournalSegment(
  options: ArchivingOptions,
  partition: number,
  upTo: number,
): Promise<void> {
  const { log, archive, limits, keepBundle, onSegment } = options;
  const from = archive.journalEnd(partition);
  const { start } = await log.bounds(Topic.JOURNAL, partition);
  if (start > from) throw gap(archive, partition, from, start);
  const reader = await log.reader(Topic.JOURNAL, partition, from);
  try {
    const records = await takeStretch(reader, limits, upTo);
    const bundleHashes = bundlesNamed(records);
    for (const hash of bundleHashes) await keepBundle(hash);
    const topic = Topic.JOURNAL;
    const previousSha256 = lastSha256(archive, topic, partition);
    onSegment(
      await addSegment(
        archive,
        { topic, partition, previousSha256, bundleHashes, lastPosition: null },
        records,
      ),
    );
  } finally {
    await reader.close();
  }
}

/** The outcomes of the journal up to there that the archive does not hold yet. */
async function archiveDecisions(options: ArchivingOptions, partition: number, upTo: number): Promise<void> {
  const { log, archive, limits, onSegment } = options;
  const topic = Topic.DECISIONS;
  const reader = await log.reader(topic, partition, await decisionsFrom(options, partition));
  try {
    for (;;) {
      const last = archive.segments(topic, partition).at(-1);
      const stretch = new OutcomeStretch(last?.lastPosition ?? null, upTo);
      const { end } = await log.bounds(topic, partition);
      const records = await takeOutcomes(reader, limits, stretch, end);
      if (records.length === 0) return;
      const previousSha256 = last?.sha256 ?? NO_SHA256;
      const lastPosition = stretch.highest!;
      onSegment(
        await addSegment(
          archive,
          { topic, partition, previousSha256, bundleHashes: [], lastPosition },
          records,
        ),
      );
      if (stretch.isOver) return;
    }
  } finally {
    await reader.close();
  }
}

/**
 * Behind the last one archived. The decisions log may have lost its end with the machine's power and been written again:
 * where another record stands there now, it is looked for from the beginning.
 */
async function decisionsFrom({ log, archive }: ArchivingOptions, partition: number): Promise<number> {
  const { start, end } = await log.bounds(Topic.DECISIONS, partition);
  const last = archive.segments(Topic.DECISIONS, partition).at(-1);
  if (last === undefined) return start;
  if (last.last >= end) return start;
  if (last.last < start) return start;
  const reader = await log.reader(Topic.DECISIONS, partition, last.last);
  try {
    const [record] = await reader.read({ ...PAGE, recordsMax: 1 });
    const isSame = record !== undefined && isAt(record, last.lastPosition);
    return isSame ? last.last + 1 : start;
  } finally {
    await reader.close();
  }
}

function isAt({ header }: LoggedRecord, position: OutcomePosition | null): boolean {
  const { journalOffset, sequence } = decodePosition(header);
  return journalOffset === position?.journalOffset && sequence === position.sequence;
}

/** What is above the highest, up to the outcomes of a journal offset; repeats are left out. */
class OutcomeStretch {
  isOver = false;

  constructor(
    public highest: OutcomePosition | null,
    private readonly upTo: number,
  ) {}

  takes({ header }: LoggedRecord): boolean {
    const position = decodePosition(header);
    if (position.journalOffset > this.upTo) this.isOver = true;
    if (this.isOver || !isAbove(position, this.highest)) return false;
    this.highest = position;
    return true;
  }
}

async function takeOutcomes(
  reader: LogReader,
  limits: SegmentLimits,
  stretch: OutcomeStretch,
  end: number,
): Promise<readonly LoggedRecord[]> {
  const taken: LoggedRecord[] = [];
  let bytes = 0;
  while (
    !stretch.isOver &&
    reader.position < end &&
    taken.length < limits.recordsMax &&
    bytes < limits.bytesMax
  ) {
    const recordsMax = Math.min(PAGE.recordsMax, limits.recordsMax - taken.length, end - reader.position);
    for (const record of await reader.read({ ...PAGE, recordsMax })) {
      if (!stretch.takes(record)) continue;
      taken.push(record);
      bytes += record.value.length;
    }
  }
  if (reader.position >= end) stretch.isOver = true;
  return taken;
}

async function takeStretch(
  reader: LogReader,
  limits: SegmentLimits,
  upTo: number,
): Promise<readonly LoggedRecord[]> {
  const taken: LoggedRecord[] = [];
  let bytes = 0;
  while (reader.position <= upTo && taken.length < limits.recordsMax && bytes < limits.bytesMax) {
    const left = Math.min(limits.recordsMax - taken.length, upTo + 1 - reader.position);
    const recordsMax = Math.min(PAGE.recordsMax, left);
    for (const record of await reader.read({ ...PAGE, recordsMax })) {
      taken.push(record);
      bytes += record.value.length;
    }
  }
  return taken;
}

function lastSha256(archive: Archive, topic: SegmentEntry["topic"], partition: number): string {
  return archive.segments(topic, partition).at(-1)?.sha256 ?? NO_SHA256;
}

/** By activations, in the order they come. */
function bundlesNamed(records: readonly LoggedRecord[]): string[] {
  const hashes = new Set<string>();
  for (const { value } of records) {
    const record = isBodyOfType(value, "activation") ? decodeJournalBody(value) : null;
    if (record?.type !== "activation") continue;
    hashes.add(record.bundleHash);
    if (record.shadowBundleHash !== undefined) hashes.add(record.shadowBundleHash);
  }
  return [...hashes];
}

function gap(archive: Archive, partition: number, from: number, start: number): ArchiveError {
  return new ArchiveError(
    "GAP",
    `${archive.folder}: journal partition ${partition} begins at offset ${start}, the archive goes on at ${from}: the records between are in neither; name the archive by which the journal was trimmed`,
  );
}
