/** The records within a batch, decompressed: each as its length, its fields, its headers. */

import type { LoggedRecord } from "../event-log.js";
import { HEADER_KEY } from "./batch-layout.js";
import { VarintCursor } from "./varint.js";

export interface RecordsSource {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** What the records refer to. */
export interface BatchFacts {
  readonly baseOffset: number;
  readonly count: number;
  readonly firstTimestampMs: number;
  /** The broker's clock, one for the batch; null where the producer's times were kept. */
  readonly logAppendTimeMs: number | null;
}

const EMPTY: Buffer = Buffer.alloc(0);
const ATTRIBUTES_BYTES = 1;
const HEADER_KEY_CODE = HEADER_KEY.charCodeAt(0);
const NOTHING = -1;

/**
 * Those from `fromOffset` on. A missing key or value (a tombstone) is an empty one.
 * @throws RangeError where lengths and count do not fit the bytes.
 */
export function parseRecords(source: RecordsSource, batch: BatchFacts, fromOffset: number): LoggedRecord[] {
  const cursor = new VarintCursor(source.bytes, source.start, source.end);
  const records: LoggedRecord[] = [];
  for (let index = 0; index < batch.count; index++) {
    const length = cursor.next();
    const end = cursor.at + length;
    const record = parseRecord(source.bytes, cursor, batch, fromOffset);
    if (record === null) cursor.at = end;
    else records.push(record);
    if (cursor.at !== end) throw new RangeError(`record ${index} ends at byte ${cursor.at}, not at ${end}`);
  }
  if (cursor.at !== source.end)
    throw new RangeError(`${source.end - cursor.at} bytes behind the last of ${batch.count} records`);
  return records;
}

/** Null for one that lies before `fromOffset`. */
function parseRecord(
  bytes: Buffer,
  cursor: VarintCursor,
  batch: BatchFacts,
  fromOffset: number,
): LoggedRecord | null {
  cursor.skip(ATTRIBUTES_BYTES);
  const timestampDelta = cursor.next();
  const offset = batch.baseOffset + cursor.next();
  if (offset < fromOffset) return null;
  const appendedAtMs = batch.logAppendTimeMs ?? batch.firstTimestampMs + timestampDelta;
  const key = nextText(bytes, cursor);
  const value = nextBytes(bytes, cursor);
  return { offset, appendedAtMs, key, value, header: nextHeader(bytes, cursor) };
}

function nextText(bytes: Buffer, cursor: VarintCursor): string {
  const length = cursor.next();
  if (length === 0 || length === NOTHING) return "";
  const start = cursor.skip(length);
  return bytes.toString("utf8", start, start + length);
}

function nextBytes(bytes: Buffer, cursor: VarintCursor): Buffer {
  const length = cursor.next();
  if (length === 0 || length === NOTHING) return EMPTY;
  const start = cursor.skip(length);
  return bytes.subarray(start, start + length);
}

/** Ours; headers of other producers are passed over. */
function nextHeader(bytes: Buffer, cursor: VarintCursor): Buffer {
  let header = EMPTY;
  for (let left = cursor.next(); left > 0; left--) {
    const keyLength = cursor.next();
    const keyAt = cursor.skip(keyLength);
    const value = nextBytes(bytes, cursor);
    if (keyLength === 1 && bytes[keyAt] === HEADER_KEY_CODE) header = value;
  }
  return header;
}
