/** Segments: a stretch of one partition of the journal or of the decisions log. */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import {
  ARCHIVE_FORMAT,
  type SegmentEntry,
  type SegmentHeader,
  segmentHeader,
} from "../../schemas/archive.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { Archive } from "./archive.js";
import { damaged } from "./archive-error.js";
import { BlockFile } from "./block-file.js";
import { checkWhole } from "./check-whole.js";
import { decodeSegmentRecord, encodeSegmentRecord } from "./segment-record.js";
import { writeBlockFile } from "./write-block-file.js";

export type NewSegment = Pick<
  SegmentHeader,
  "topic" | "partition" | "previousSha256" | "bundleHashes" | "lastPosition"
>;

/** Writes it, reads it back, and makes it count. `records` are at least one, without repeats. @throws ArchiveError. */
export async function addSegment(
  archive: Archive,
  segment: NewSegment,
  records: readonly LoggedRecord[],
): Promise<SegmentEntry> {
  const [first, last] = [records[0]!, records.at(-1)!];
  const { topic, partition, previousSha256, bundleHashes, lastPosition } = segment;
  const outline: Omit<SegmentHeader, "format"> = {
    kind: "segment",
    topic,
    partition,
    first: first.offset,
    last: last.offset,
    count: records.length,
    previousSha256,
    bundleHashes: [...bundleHashes],
    lastPosition,
    firstAppendedAtMs: first.appendedAtMs,
    lastAppendedAtMs: last.appendedAtMs,
  };
  const file = await archive.segmentFile(topic, partition, first.offset);
  const { bytes, sha256 } = await writeBlockFile(
    archive.pathOf({ file }),
    { format: ARCHIVE_FORMAT, ...outline },
    records.map(encodeSegmentRecord),
  );
  const entry: SegmentEntry = { ...outline, file, bytes, sha256 };
  let count = 0;
  for await (const _ of segmentRecords(archive, entry)) count++;
  if (count !== records.length)
    throw damaged(archive.pathOf(entry), `${count} records read back of ${records.length} written`);
  await archive.manifest.append(entry);
  return entry;
}

/**
 * Its records in order, each checked; the file as a whole is known to be sound when the last one was given.
 * @throws ArchiveError MISSING, DAMAGED.
 */
export async function* segmentRecords(archive: Archive, entry: SegmentEntry): AsyncGenerator<LoggedRecord> {
  const path = archive.pathOf(entry);
  const file = await BlockFile.open(path);
  try {
    checkHeader(path, file.header.value, entry);
    let before: LoggedRecord | null = null;
    for await (const { bytes, where, index } of file.items()) {
      const record = decodeSegmentRecord(bytes, where);
      checkOrder(`${where}: item ${index}`, entry, before, record);
      yield record;
      before = record;
    }
    checkWhole(path, file.read, entry);
    if (before?.offset !== entry.last) throw damaged(path, `does not end with record ${entry.last}`);
  } finally {
    await file.close();
  }
}

function checkHeader(path: string, header: unknown, entry: SegmentEntry): void {
  const { file: _, bytes: __, sha256: ___, ...outline } = entry;
  const parsed = segmentHeader.safeParse(header);
  if (!parsed.success) throw damaged(`${path}: header`, "is none of a segment");
  const { format: ____, ...found } = parsed.data;
  if (JSON.stringify(found) !== JSON.stringify(outline))
    throw damaged(`${path}: header`, "does not say what the manifest says of this file");
}

function checkOrder(
  where: string,
  entry: SegmentEntry,
  before: LoggedRecord | null,
  record: LoggedRecord,
): void {
  const expected = before === null ? entry.first : before.offset + 1;
  const mayLeaveOut = entry.topic === Topic.DECISIONS && before !== null;
  if (mayLeaveOut ? record.offset < expected : record.offset !== expected)
    throw damaged(where, `record ${record.offset} stands where ${expected} belongs`);
  if (entry.topic === Topic.JOURNAL) return;
  const earlier: OutcomePosition | null = before === null ? null : decodePosition(before.header);
  if (!isAbove(decodePosition(record.header), earlier))
    throw damaged(where, `outcome ${record.offset} does not come after the one before it`);
}
