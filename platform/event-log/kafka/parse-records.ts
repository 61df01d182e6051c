/** The records within a batch, decompressed: each as its length, its fields, its headers. */

import type { PlacedRecord } from "../event-log.js";
import { type ByteSource, viewOf } from "../packed-entries.js";
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

const EMPTY: Uint8Array = Buffer.alloc(0);
const ATTRIBUTES_BYTES = 1;
const HEADER_KEY_CODE = HEADER_KEY.charCodeAt(0);
const NOTHING = -1;

/**
 * Those from `fromOffset` on. A missing key or value (a tombstone) is an empty one.
 * @throws RangeError where lengths and count do not fit the bytes.
 */
export function parseRecords(source: RecordsSource, batch: BatchFacts, fromOffset: number): PlacedRecord[] {
  const cursor = new VarintCursor(source.bytes, source.start, source.end);
  const from = { bytes: source.bytes, view: viewOf(source.bytes) };
  const records: PlacedRecord[] = [];
  for (let index = 0; index < batch.count; index++) {
    const length = cursor.next();
    const end = cursor.at + length;
    const record = parseRecord(from, cursor, batch, fromOffset);
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
  source: ByteSource,
  cursor: VarintCursor,
  batch: BatchFacts,
  fromOffset: number,
): KafkaRecord | null {
  cursor.skip(ATTRIBUTES_BYTES);
  const timestampDelta = cursor.next();
  const offset = batch.baseOffset + cursor.next();
  if (offset < fromOffset) return null;
  const appendedAtMs = batch.logAppendTimeMs ?? batch.firstTimestampMs + timestampDelta;
  const keyBytes = lengthOf(cursor);
  const keyAt = cursor.skip(keyBytes);
  const valueBytes = lengthOf(cursor);
  const valueAt = cursor.skip(valueBytes);
  const header = nextHeader(source.bytes, cursor);
  return new KafkaRecord(source, offset, appendedAtMs, keyAt, keyBytes, valueAt, valueBytes, header);
}

function lengthOf(cursor: VarintCursor): number {
  const length = cursor.next();
  return length === NOTHING ? 0 : length;
}

/** Ours; headers of other producers are passed over. */
function nextHeader(bytes: Uint8Array, cursor: VarintCursor): Uint8Array {
  let header = EMPTY;
  for (let left = cursor.next(); left > 0; left--) {
    const keyLength = cursor.next();
    const keyAt = cursor.skip(keyLength);
    const length = lengthOf(cursor);
    const at = cursor.skip(length);
    if (keyLength === 1 && bytes[keyAt] === HEADER_KEY_CODE) header = bytes.subarray(at, at + length);
  }
  return header;
}

class KafkaRecord implements PlacedRecord {
  constructor(
    readonly source: ByteSource,
    readonly offset: number,
    readonly appendedAtMs: number,
    readonly keyAt: number,
    readonly keyBytes: number,
    readonly valueAt: number,
    readonly valueBytes: number,
    readonly header: Uint8Array,
  ) {}

  get key(): string {
    return textOf(this.source.bytes, this.keyAt, this.keyBytes);
  }

  get value(): Uint8Array {
    return this.source.bytes.subarray(this.valueAt, this.valueAt + this.valueBytes);
  }
}

function textOf(bytes: Uint8Array, at: number, count: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, count).toString("utf8");
}
