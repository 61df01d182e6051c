/** Entries whose number can be read from every part of them: a lost, doubled or mixed up one is seen. */

import type { LogEntry, LoggedRecord } from "../../platform/event-log/event-log.js";

export function numberedEntry(number: number, valueBytes = 100): LogEntry {
  const value = Buffer.alloc(valueBytes, number % 251);
  value.writeDoubleBE(number, 0);
  return { key: `key-${number}`, value, header: Buffer.from(number % 3 === 0 ? "" : `header-${number}`) };
}

export function numberedEntries(first: number, count: number, valueBytes = 100): LogEntry[] {
  return Array.from({ length: count }, (_, index) => numberedEntry(first + index, valueBytes));
}

/** The entry in a form that compares by content, whichever kind of bytes an adapter gives. */
export function contentOf({ key, value, header }: LogEntry): readonly string[] {
  return [key, Buffer.from(value).toString("hex"), Buffer.from(header).toString("hex")];
}

/** What of the records is not the numbered entry of its own offset; empty where all are as written. */
export function strangers(records: readonly LoggedRecord[], firstOffset: number, valueBytes = 100): string[] {
  return records
    .map((record, index) => ({ record, offset: firstOffset + index }))
    .filter(({ record, offset }) => {
      const expected = contentOf(numberedEntry(offset, valueBytes));
      return record.offset !== offset || contentOf(record).join() !== expected.join();
    })
    .map(({ record, offset }) => `offset ${record.offset} where ${offset} belongs: key ${record.key}`);
}
