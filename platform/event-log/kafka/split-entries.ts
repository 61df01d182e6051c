/** Entries of one append as batches that a topic with Kafka's default limit takes. */

import { EventLogError, HEADER_BYTES_MAX, type LogEntry, VALUE_BYTES_MAX } from "../event-log.js";

/**
 * Kafka's default max.message.bytes is 1,048,588 and counts the whole batch as compressed. The largest value fits with
 * a key; what compression adds to bytes that do not compress is below 1 %.
 */
const BATCH_BYTES_MAX = 1_030_000;
/** Lengths, attributes, differences, the header's name: at most so many bytes a record. */
const RECORD_OVERHEAD_BYTES = 32;
/** Keys are tokens of some 32 characters. */
const KEY_BYTES_MAX = 16_384;

/** @throws EventLogError VALUE_TOO_LARGE, naming the entry. */
export function splitEntries(where: string, entries: readonly LogEntry[]): readonly (readonly LogEntry[])[] {
  const batches: LogEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [index, entry] of entries.entries()) {
    const entryBytes = checkedBytes(where, entry, index);
    if (bytes + entryBytes > BATCH_BYTES_MAX) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(entry);
    bytes += entryBytes;
  }
  return batches;
}

function checkedBytes(where: string, { key, value, header }: LogEntry, index: number): number {
  const keyBytes = Buffer.byteLength(key);
  if (value.length <= VALUE_BYTES_MAX && header.length <= HEADER_BYTES_MAX && keyBytes <= KEY_BYTES_MAX)
    return keyBytes + value.length + header.length + RECORD_OVERHEAD_BYTES;
  throw new EventLogError(
    "VALUE_TOO_LARGE",
    `${where}, entry ${index}: value of ${value.length}, header of ${header.length} and key of ${keyBytes} bytes; at most ${VALUE_BYTES_MAX}, ${HEADER_BYTES_MAX} and ${KEY_BYTES_MAX} are taken`,
  );
}
