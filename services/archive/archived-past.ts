/**
 * What a live log no longer holds of one partition of the journal or of the decisions log, read from an archive.
 *
 * Owns: up to where the archive is read, that nothing is missing there and nothing doubled.
 * Does not own: the files (segment-file.ts), joining past and live log (joined-log.ts), judging (the caller's).
 *
 * 1. The archive is read up to the live log's first record and no further. Where both hold a record it must be the same one,
 *    and where both only meet, nothing may lie between.
 * 2. Journal records keep their offsets. An archive leaves repeated outcomes out, so outcomes are numbered through from 0,
 *    the last one as the record before the live log's first: offsets rise, and whoever has read all of the past stands at
 *    the live log's start. Numbers do not depend on where that start is, as long as somebody still reads the past.
 * 3. Outcomes that neither the archive nor the live log holds are judged again from the archived journal.
 */

import type { EventLog, LoggedRecord, TopicBounds } from "../../platform/event-log/event-log.js";
import type { SegmentEntry } from "../../schemas/archive.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { Archive } from "./archive.js";
import { ArchiveError } from "./archive-error.js";
import { segmentRecords } from "./segment-file.js";

export interface ArchivedPast {
  /** Offset of the live log's first record: everything below comes from here. */
  readonly end: number;
  /** In order, from the first record at or above the offset. @throws ArchiveError. */
  recordsFrom(offset: number): AsyncGenerator<LoggedRecord>;
  /** The last record below `end`. @throws ArchiveError. */
  last(): Promise<LoggedRecord | null>;
}

/** What only the judge can tell. */
export interface OutcomeSource {
  /** Does every such journal record have an outcome? */
  readonly isAnswered: (record: LoggedRecord) => boolean;
  /** Outcomes of the archived journal behind its last checkpoint of persons, below an offset; their own offsets mean nothing. */
  readonly judgedAgain: (partition: number, below: number) => AsyncIterable<LoggedRecord>;
}

export interface PastParts {
  readonly log: EventLog;
  readonly archive: Archive;
  readonly outcomes: OutcomeSource;
}

const PAGE = { recordsMax: 1000, bytesMax: 4 << 20, waitMs: 5_000 } as const;

/** null where the live log holds its beginning. @throws ArchiveError GAP, DIFFERENT, MISSING, DAMAGED; EventLogError. */
export async function journalPast(
  { log, archive }: PastParts,
  partition: number,
): Promise<ArchivedPast | null> {
  const topic = Topic.JOURNAL;
  const bounds = await log.bounds(topic, partition);
  const archived = archive.journalEnd(partition);
  if (bounds.start > archived) throw gap(archive, topic, partition, { archived, live: bounds.start });
  if (archived > bounds.end)
    throw different(
      archive,
      topic,
      partition,
      `is archived up to offset ${archived - 1}, the live log ends at ${bounds.end}`,
    );
  for (const offset of overlapEnds(bounds, archived)) {
    const other = await archivedAt(archive, partition, offset);
    if (!isSame(await recordAt(log, topic, partition, offset), other))
      throw different(archive, topic, partition, `record ${offset} is not the archived one`);
  }
  return bounds.start === 0 ? null : new JournalPast(archive, partition, bounds.start);
}

/** null where the live log holds its beginning. @throws as journalPast. */
export async function decisionsPast(parts: PastParts, partition: number): Promise<ArchivedPast | null> {
  const { log, archive } = parts;
  const topic = Topic.DECISIONS;
  const bounds = await log.bounds(topic, partition);
  if (bounds.start === 0) return null;
  const first = await firstOf(log, partition, bounds);
  const past = new DecisionsPast(
    parts,
    partition,
    bounds.start,
    first === null ? null : decodePosition(first.header),
  );
  if (first !== null) {
    await checkMeeting(parts, partition, first);
    await checkSameFirst(archive, partition, first);
  }
  return past;
}

class JournalPast implements ArchivedPast {
  constructor(
    private readonly archive: Archive,
    private readonly partition: number,
    readonly end: number,
  ) {}

  async *recordsFrom(offset: number): AsyncGenerator<LoggedRecord> {
    for (const entry of this.archive.segments(Topic.JOURNAL, this.partition)) {
      if (entry.last < offset) continue;
      if (entry.first >= this.end) return;
      for await (const record of segmentRecords(this.archive, entry)) {
        if (record.offset >= this.end) return;
        if (record.offset >= offset) yield record;
      }
    }
  }

  last(): Promise<LoggedRecord | null> {
    return lastOf(this.recordsFrom(this.end - 1));
  }
}

class DecisionsPast implements ArchivedPast {
  constructor(
    private readonly parts: PastParts,
    private readonly partition: number,
    readonly end: number,
    /** Position of the live log's first outcome; null where it holds none. */
    private readonly before: OutcomePosition | null,
  ) {}

  async *recordsFrom(offset: number): AsyncGenerator<LoggedRecord> {
    const segments = this.segments();
    // The last segment is always read: its last outcome has another number.
    const skipped = segments.slice(0, -1).findIndex((_, index) => countOf(segments, index + 1) > offset);
    const from = skipped === -1 ? Math.max(0, segments.length - 1) : skipped;
    let number = countOf(segments, from);
    let held: LoggedRecord | null = null;
    for await (const record of this.records(segments.slice(from))) {
      if (held !== null) {
        if (number >= this.end - 1) throw this.tooMany();
        if (number >= offset) yield { ...held, offset: number };
        number++;
      }
      held = record;
    }
    if (held !== null) yield { ...held, offset: this.end - 1 };
  }

  last(): Promise<LoggedRecord | null> {
    return lastOf(this.recordsFrom(this.end - 1));
  }

  /** What is archived, then what is judged again; as they lie in the archive, below the live log's first. */
  private async *records(segments: readonly SegmentEntry[]): AsyncGenerator<LoggedRecord> {
    let highest: OutcomePosition | null = null;
    for (const entry of segments)
      for await (const record of segmentRecords(this.parts.archive, entry)) {
        const position = decodePosition(record.header);
        if (!this.isBelow(position)) return;
        highest = position;
        yield record;
      }
    for await (const record of this.judgedAgain())
      if (isAbove(decodePosition(record.header), highest)) yield record;
  }

  private async *judgedAgain(): AsyncGenerator<LoggedRecord> {
    const { archive, outcomes } = this.parts;
    // Outcomes up to a checkpoint were compared with the judge's, and none was missing.
    const compared = (archive.checkpoints(this.partition).at(-1)?.position ?? -1) + 1;
    const below = Math.min(
      archive.journalEnd(this.partition),
      this.before?.journalOffset ?? Number.POSITIVE_INFINITY,
    );
    const isCutInside =
      this.before !== null &&
      this.before.sequence > 0 &&
      this.before.journalOffset < archive.journalEnd(this.partition);
    const end = isCutInside ? below + 1 : below;
    if (compared >= end) return;
    for await (const record of outcomes.judgedAgain(this.partition, end))
      if (this.isBelow(decodePosition(record.header))) yield record;
  }

  private segments(): readonly SegmentEntry[] {
    const all = this.parts.archive.segments(Topic.DECISIONS, this.partition);
    const end = all.findIndex(({ lastPosition }) => lastPosition !== null && !this.isBelow(lastPosition));
    return end === -1 ? all : all.slice(0, end + 1);
  }

  private isBelow(position: OutcomePosition): boolean {
    return this.before === null || isAbove(this.before, position);
  }

  private tooMany(): ArchiveError {
    return different(
      this.parts.archive,
      Topic.DECISIONS,
      this.partition,
      `has its first outcome at offset ${this.end}, more outcomes than that are archived before it`,
    );
  }
}

function countOf(segments: readonly SegmentEntry[], until: number): number {
  return segments.slice(0, until).reduce((sum, { count }) => sum + count, 0);
}

async function lastOf(records: AsyncGenerator<LoggedRecord>): Promise<LoggedRecord | null> {
  let last: LoggedRecord | null = null;
  for await (const record of records) last = record;
  return last;
}

// where archive and live log meet ---------------------------------------------------------------------------

/** The first and the last offset that both hold. */
function overlapEnds({ start }: TopicBounds, archived: number): readonly number[] {
  if (start >= archived) return [];
  return start === archived - 1 ? [start] : [start, archived - 1];
}

/** Between the archived journal's end and the record of the live log's first outcome nothing may be that has an outcome. */
async function checkMeeting(
  { log, archive, outcomes }: PastParts,
  partition: number,
  first: LoggedRecord,
): Promise<void> {
  const { journalOffset, sequence } = decodePosition(first.header);
  const archived = archive.journalEnd(partition);
  const missing =
    journalOffset >= archived && sequence > 0
      ? journalOffset
      : await firstAnswered(log, partition, archived, journalOffset, outcomes.isAnswered);
  if (missing !== null)
    throw gap(archive, Topic.DECISIONS, partition, {
      archived,
      live: first.offset,
      what: `the outcomes of journal offset ${missing} are in neither`,
    });
}

async function firstAnswered(
  log: EventLog,
  partition: number,
  from: number,
  to: number,
  isAnswered: OutcomeSource["isAnswered"],
): Promise<number | null> {
  if (from >= to) return null;
  const reader = await log.reader(Topic.JOURNAL, partition, from);
  try {
    while (reader.position < to)
      for (const record of await reader.read({
        ...PAGE,
        recordsMax: Math.min(PAGE.recordsMax, to - reader.position),
      }))
        if (isAnswered(record)) return record.offset;
    return null;
  } finally {
    await reader.close();
  }
}

/** The live log's first outcome, where the archive holds it too. */
async function checkSameFirst(archive: Archive, partition: number, first: LoggedRecord): Promise<void> {
  const position = decodePosition(first.header);
  const entry = archive
    .segments(Topic.DECISIONS, partition)
    .find(({ lastPosition }) => lastPosition !== null && !isAbove(position, lastPosition));
  if (entry === undefined) return;
  for await (const record of segmentRecords(archive, entry)) {
    const archived = decodePosition(record.header);
    if (isAbove(position, archived)) continue;
    if (!isAbove(archived, position) && isSame(first, record)) return;
    break;
  }
  throw different(
    archive,
    Topic.DECISIONS,
    partition,
    `record ${first.offset} is not the archived outcome of its place`,
  );
}

async function firstOf(
  log: EventLog,
  partition: number,
  { start, end }: TopicBounds,
): Promise<LoggedRecord | null> {
  return start === end ? null : recordAt(log, Topic.DECISIONS, partition, start);
}

async function recordAt(
  log: EventLog,
  topic: string,
  partition: number,
  offset: number,
): Promise<LoggedRecord | null> {
  const reader = await log.reader(topic, partition, offset);
  try {
    const [record] = await reader.read({ ...PAGE, recordsMax: 1 });
    return record ?? null;
  } finally {
    await reader.close();
  }
}

async function archivedAt(archive: Archive, partition: number, offset: number): Promise<LoggedRecord | null> {
  const entry = archive.segments(Topic.JOURNAL, partition).find(({ last }) => last >= offset);
  if (entry === undefined) return null;
  for await (const record of segmentRecords(archive, entry)) if (record.offset === offset) return record;
  return null;
}

/** Times of the decisions log are new where it was written again after a power cut. */
function isSame(live: LoggedRecord | null, archived: LoggedRecord | null): boolean {
  if (live === null || archived === null) return false;
  return (
    live.key === archived.key &&
    Buffer.from(live.header).equals(archived.header) &&
    Buffer.from(live.value).equals(archived.value)
  );
}

interface Meeting {
  /** First offset of the journal that is not archived. */
  readonly archived: number;
  readonly live: number;
  readonly what?: string;
}

function gap(
  archive: Archive,
  topic: string,
  partition: number,
  { archived, live, what }: Meeting,
): ArchiveError {
  return new ArchiveError(
    "GAP",
    `${topic}/${partition}: the live log begins at offset ${live}, ${archive.folder} holds the journal up to offset ${archived - 1}: ${what ?? "the records between are in neither"}; name the archive by which the logs were trimmed, with its last runs`,
  );
}

function different(archive: Archive, topic: string, partition: number, what: string): ArchiveError {
  return new ArchiveError(
    "DIFFERENT",
    `${topic}/${partition}: ${what}: ${archive.folder} is no archive of this log; name this journal's own archive`,
  );
}
