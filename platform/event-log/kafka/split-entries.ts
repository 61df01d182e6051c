/** Entries of one append as batches that a topic with Kafka's default limit takes. */

import { EventLogError, HEADER_BYTES_MAX, VALUE_BYTES_MAX } from "../event-log.js";
import type { PackedEntries } from "../packed-entries.js";
import { type EntryRange, RECORD_OVERHEAD_BYTES } from "./encode-record-batch.js";

/**
 * Kafka's default max.message.bytes is 1,048,588 and counts the whole batch as compressed. The largest value fits with
 * a key; what compression adds to bytes that do not compress is below 1 %.
 */
const BATCH_BYTES_MAX = 1_030_000;
/** Keys are tokens of some 32 characters. */
const KEY_BYTES_MAX = 16_384;

/** @throws EventLogError VALUE_TOO_LARGE, naming the entry. */
export function splitEntries(where: string, entries: PackedEntries): readonly EntryRange[] {
  const ranges: EntryRange[] = [];
  let range = { first: 0, end: 0, bytesAt: 0 };
  let rangeBytes = 0;
  let at = 0;
  for (let index = 0; index < entries.length; index++) {
    const entryBytes = checkedBytes(where, entries, index);
    if (rangeBytes + entryBytes + RECORD_OVERHEAD_BYTES > BATCH_BYTES_MAX && range.end > range.first) {
      ranges.push(range);
      range = { first: index, end: index, bytesAt: at };
      rangeBytes = 0;
    }
    range.end = index + 1;
    rangeBytes += entryBytes + RECORD_OVERHEAD_BYTES;
    at += entryBytes;
  }
  if (range.end > range.first) ranges.push(range);
  return ranges;
}

function checkedBytes(where: string, entries: PackedEntries, index: number): number {
  const key = entries.keyBytes(index);
  const value = entries.valueBytes(index);
  const header = entries.headerBytes(index);
  if (value <= VALUE_BYTES_MAX && header <= HEADER_BYTES_MAX && key <= KEY_BYTES_MAX)
    return key + value + header;
  throw new EventLogError(
    "VALUE_TOO_LARGE",
    `${where}, entry ${index}: value of ${value}, header of ${header} and key of ${key} bytes; at most ${VALUE_BYTES_MAX}, ${HEADER_BYTES_MAX} and ${KEY_BYTES_MAX} are taken`,
  );
}
