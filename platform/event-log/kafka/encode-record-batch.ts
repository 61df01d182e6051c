/** Record batches as this process sends them: one allocation, every byte written once. */

import { crc32c } from "../../checksum/crc32c.js";
import { type ByteSource, copyBytes, type PackedEntries, viewOf } from "../packed-entries.js";
import * as layout from "./batch-layout.js";
import { COMPRESSION_IDS, type Compression, codecOf } from "./compression.js";
import { writeInt64 } from "./int64.js";
import { varintBytes, writeVarint } from "./varint.js";

/** Entries of an append from `first` to before `end`; their bytes begin at `bytesAt`. */
export interface EntryRange {
  readonly first: number;
  readonly end: number;
  readonly bytesAt: number;
}

export interface RecordBatchOptions {
  readonly entries: PackedEntries;
  /** At least one entry; all of them unless given. */
  readonly range?: EntryRange;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  /** Loaded by `loadCompression` before. */
  readonly compression: Compression;
  /** One for all: the broker puts its own in its place. */
  readonly timestampMs: number;
}

/** Lengths, attributes, differences, the header's name: at most so many bytes a record. */
export const RECORD_OVERHEAD_BYTES = 32;
const HEADER_KEY_CODE = layout.HEADER_KEY.charCodeAt(0);

/** Copies all it is given; the entries may change afterwards. */
export function encodeRecordBatch(options: RecordBatchOptions): Buffer {
  const { entries, compression } = options;
  const range = options.range ?? { first: 0, end: entries.length, bytesAt: 0 };
  const codec = codecOf(compression);
  if (codec === null) return sealed(encodedRecords(entries, range, layout.RECORDS_AT), range, options);
  const records = codec.compress(encodedRecords(entries, range, 0));
  const batch = Buffer.allocUnsafe(layout.RECORDS_AT + records.length);
  records.copy(batch, layout.RECORDS_AT);
  return sealed(batch, range, options);
}

/** Records from byte `start` on; what lies before is left to the caller. */
function encodedRecords(entries: PackedEntries, { first, end, bytesAt }: EntryRange, start: number): Buffer {
  const bytes = Buffer.allocUnsafe(start + bytesMax(entries, first, end));
  const to = { bytes, view: viewOf(bytes) };
  let at = start;
  let from = bytesAt;
  for (let index = first; index < end; index++) {
    at = writeRecord(to, at, entries, index, index - first, from);
    from += entries.keyBytes(index) + entries.valueBytes(index) + entries.headerBytes(index);
  }
  return bytes.subarray(0, at);
}

function bytesMax(entries: PackedEntries, first: number, end: number): number {
  let bytes = 0;
  for (let index = first; index < end; index++)
    bytes +=
      entries.keyBytes(index) +
      entries.valueBytes(index) +
      entries.headerBytes(index) +
      RECORD_OVERHEAD_BYTES;
  return bytes;
}

/** Attributes and the difference of the time are one byte each, both 0. */
function writeRecord(
  to: ByteSource,
  start: number,
  entries: PackedEntries,
  index: number,
  delta: number,
  from: number,
): number {
  const keyBytes = entries.keyBytes(index);
  const valueBytes = entries.valueBytes(index);
  const headerBytes = entries.headerBytes(index);
  const { bytes } = to;
  const contents = varintBytes(keyBytes) + keyBytes + varintBytes(valueBytes) + valueBytes;
  const headers = headerBytes === 0 ? 1 : 3 + varintBytes(headerBytes) + headerBytes;
  let at = writeVarint(bytes, start, 2 + varintBytes(delta) + contents + headers);
  bytes[at] = 0;
  bytes[at + 1] = 0;
  at = writeVarint(bytes, at + 2, delta);
  at = writeVarint(bytes, at, keyBytes);
  copyBytes(entries, from, to, at, keyBytes);
  at = writeVarint(bytes, at + keyBytes, valueBytes);
  copyBytes(entries, from + keyBytes, to, at, valueBytes);
  at = writeVarint(bytes, at + valueBytes, headerBytes === 0 ? 0 : 1);
  if (headerBytes === 0) return at;
  at = writeVarint(bytes, at, layout.HEADER_KEY.length);
  bytes[at] = HEADER_KEY_CODE;
  at = writeVarint(bytes, at + 1, headerBytes);
  copyBytes(entries, from + keyBytes + valueBytes, to, at, headerBytes);
  return at + headerBytes;
}

function sealed(batch: Buffer, { first, end }: EntryRange, options: RecordBatchOptions): Buffer {
  const { timestampMs } = options;
  batch.fill(0, 0, layout.LENGTH_AT);
  batch.writeInt32BE(batch.length - layout.LENGTH_COUNTS_FROM, layout.LENGTH_AT);
  batch.writeInt32BE(-1, layout.LEADER_EPOCH_AT);
  batch.writeInt8(layout.MAGIC, layout.MAGIC_AT);
  batch.writeInt16BE(COMPRESSION_IDS[options.compression], layout.ATTRIBUTES_AT);
  batch.writeInt32BE(end - first - 1, layout.LAST_OFFSET_DELTA_AT);
  writeInt64(batch, timestampMs, layout.FIRST_TIMESTAMP_AT);
  writeInt64(batch, timestampMs, layout.MAX_TIMESTAMP_AT);
  writeInt64(batch, options.producerId, layout.PRODUCER_ID_AT);
  batch.writeInt16BE(options.producerEpoch, layout.PRODUCER_EPOCH_AT);
  batch.writeInt32BE(options.firstSequence, layout.FIRST_SEQUENCE_AT);
  batch.writeInt32BE(end - first, layout.COUNT_AT);
  batch.writeUInt32BE(crc32c(batch, layout.ATTRIBUTES_AT), layout.CRC_AT);
  return batch;
}
