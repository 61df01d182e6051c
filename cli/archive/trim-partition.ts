/**
 * Trims one partition of the live logs to what is not in an archive, or is needed yet.
 *
 * 1. Every record that goes was compared with the archive's: the same offset, time, key, header and bytes.
 * 2. Nothing behind the last checkpoint of the persons goes: what goes was judged again from the archive, and was the same.
 * 3. Of the decisions what answers the trimmed journal goes, from the first on, as far as everybody has read.
 */

import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import type { ArchivedTopic, SegmentEntry } from "../../schemas/archive.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { Archive } from "../../services/archive/archive.js";
import { ArchiveError } from "../../services/archive/archive-error.js";
import { segmentRecords } from "../../services/archive/segment-file.js";
import type { Need } from "./trim-bounds.js";

export interface PartitionTrim {
  readonly log: EventLog;
  readonly archive: Archive;
  readonly partition: number;
  readonly needs: readonly Need[];
  /** Segments whose last record is younger stay whole. */
  readonly olderThanMs: number;
  readonly isDryRun: boolean;
}

export interface TrimmedPartition {
  readonly partition: number;
  readonly journal: TrimmedLog;
  readonly decisions: TrimmedLog;
  /** What keeps the rest: "archive", "age", or who needs it. */
  readonly heldBy: string;
}

export interface TrimmedLog {
  /** Offset of the first record that is kept. */
  readonly start: number;
  readonly removed: number;
}

const PAGE = { recordsMax: 1000, bytesMax: 4 << 20, waitMs: 5_000 } as const;

/** @throws ArchiveError DIFFERENT where the live log is not what was archived, and nothing was removed of that log. */
export async function trimPartition(options: PartitionTrim): Promise<TrimmedPartition> {
  const { log, partition, isDryRun } = options;
  const { cut, heldBy } = cutOf(options);
  const journal = await log.bounds(Topic.JOURNAL, partition);
  const decisions = await log.bounds(Topic.DECISIONS, partition);
  await compareJournal(options, journal.start, cut);
  const decisionsCut = await comparedDecisions(options, decisions, cut);
  // The journal first: outcomes of records that are gone are passed over, records whose outcomes are gone would be missed.
  if (!isDryRun && cut > journal.start) await log.trim(Topic.JOURNAL, partition, cut);
  if (!isDryRun) await log.trim(Topic.DECISIONS, partition, decisionsCut);
  const start = Math.max(cut, journal.start);
  return {
    partition,
    journal: { start, removed: start - journal.start },
    decisions: { start: decisionsCut, removed: decisionsCut - decisions.start },
    heldBy,
  };
}

/** The first journal offset to keep, and who or what keeps it. */
function cutOf({ archive, partition, needs, olderThanMs }: PartitionTrim): Cut {
  const checkpointed = (archive.checkpoints(partition).at(-1)?.position ?? -1) + 1;
  const young = archive
    .segments(Topic.JOURNAL, partition)
    .find(({ lastAppendedAtMs }) => lastAppendedAtMs > olderThanMs);
  let cut: Cut = { cut: checkpointed, heldBy: "archive" };
  if (young !== undefined && young.first < cut.cut) cut = { cut: young.first, heldBy: "age" };
  for (const { who, journalFrom } of needs)
    if (journalFrom !== null && journalFrom < cut.cut) cut = { cut: journalFrom, heldBy: who };
  return cut;
}

interface Cut {
  readonly cut: number;
  readonly heldBy: string;
}

async function compareJournal(options: PartitionTrim, start: number, cut: number): Promise<void> {
  const { log, archive, partition } = options;
  if (cut <= start) return;
  const live = recordsOf(log, Topic.JOURNAL, partition, start, cut);
  const archived = archivedOf(archive, Topic.JOURNAL, partition, (entry) => entry.last >= start);
  for await (const record of live) {
    let other = await nextOf(archived);
    while (other !== null && other.offset < start) other = await nextOf(archived);
    if (other === null || other.offset !== record.offset || !isSame(record, other))
      throw different(archive, Topic.JOURNAL, partition, record.offset);
  }
}

/** @returns the first offset of the decisions log to keep. */
async function comparedDecisions(
  { log, archive, partition, needs }: PartitionTrim,
  { start, end }: { readonly start: number; readonly end: number },
  cut: number,
): Promise<number> {
  const readBy = needs.map(({ decisionsFrom }) => decisionsFrom ?? end);
  const to = Math.min(end, ...readBy);
  const archived = archivedOf(archive, Topic.DECISIONS, partition, () => true);
  let other = await nextOf(archived);
  let highest: OutcomePosition | null = null;
  let keepFrom = start;
  for await (const record of recordsOf(log, Topic.DECISIONS, partition, start, to)) {
    const position = decodePosition(record.header);
    if (position.journalOffset >= cut) break;
    keepFrom = record.offset + 1;
    if (!isAbove(position, highest)) continue;
    highest = position;
    while (other !== null && isAbove(position, decodePosition(other.header))) other = await nextOf(archived);
    if (other === null || !isSame(record, other))
      throw different(archive, Topic.DECISIONS, partition, record.offset);
  }
  return keepFrom;
}

async function* recordsOf(
  log: EventLog,
  topic: string,
  partition: number,
  from: number,
  to: number,
): AsyncGenerator<LoggedRecord> {
  if (from >= to) return;
  const reader = await log.reader(topic, partition, from);
  try {
    while (reader.position < to)
      for (const record of await reader.read({
        ...PAGE,
        recordsMax: Math.min(PAGE.recordsMax, to - reader.position),
      }))
        yield record;
  } finally {
    await reader.close();
  }
}

async function* archivedOf(
  archive: Archive,
  topic: ArchivedTopic,
  partition: number,
  isWanted: (entry: SegmentEntry) => boolean,
): AsyncGenerator<LoggedRecord> {
  for (const entry of archive.segments(topic, partition))
    if (isWanted(entry)) yield* segmentRecords(archive, entry);
}

async function nextOf(records: AsyncGenerator<LoggedRecord>): Promise<LoggedRecord | null> {
  const { value, done } = await records.next();
  return done === true ? null : value;
}

/** Times of the decisions log are new where it was written again after a power cut; the journal's are not. */
function isSame(live: LoggedRecord, archived: LoggedRecord): boolean {
  return (
    live.key === archived.key &&
    Buffer.from(live.header).equals(archived.header) &&
    Buffer.from(live.value).equals(archived.value)
  );
}

function different(archive: Archive, topic: string, partition: number, offset: number): ArchiveError {
  return new ArchiveError(
    "DIFFERENT",
    `${topic}/${partition}: record ${offset} of the live log is not the one in ${archive.folder}; nothing of this log was removed: name this journal's own archive`,
  );
}
