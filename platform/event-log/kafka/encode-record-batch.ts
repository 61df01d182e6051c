/** Record batches as this process sends them: one allocation of the right size, every byte written once. */

import { crc32c } from "../../checksum/crc32c.js";
import type { LogEntry } from "../event-log.js";
import * as layout from "./batch-layout.js";
import { COMPRESSION_IDS, type Compression, codecOf } from "./compression.js";
import { writeInt64 } from "./int64.js";
import { varintBytes, writeVarint } from "./varint.js";

export interface RecordBatchOptions {
  /** At least one. */
  readonly records: readonly LogEntry[];
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  /** Loaded by `loadCompression` before. */
  readonly compression: Compression;
  /** One for all: the broker puts its own in its place. */
  readonly timestampMs: number;
}

/** Copies all it is given; the entries may change afterwards. */
export function encodeRecordBatch(options: RecordBatchOptions): Buffer {
  const codec = codecOf(options.compression);
  if (codec === null) return sealed(encodedRecords(options.records, layout.RECORDS_AT), options);
  const records = codec.compress(encodedRecords(options.records, 0));
  const batch = Buffer.allocUnsafe(layout.RECORDS_AT + records.length);
  records.copy(batch, layout.RECORDS_AT);
  return sealed(batch, options);
}

/** Records from byte `start` on; what lies before is left to the caller. */
function encodedRecords(records: readonly LogEntry[], start: number): Buffer {
  const keyLengths = records.map(({ key }) => Buffer.byteLength(key));
  const bodyLengths = records.map((record, index) => bodyBytes(record, keyLengths[index]!, index));
  const total = bodyLengths.reduce((sum, length) => sum + varintBytes(length) + length, start);
  const bytes = Buffer.allocUnsafe(total);
  let at = start;
  records.forEach((record, index) => {
    at = writeVarint(bytes, at, bodyLengths[index]!);
    at = writeBody(bytes, at, record, keyLengths[index]!, index);
  });
  return bytes;
}

/** Attributes and the difference of the time are one byte each. */
function bodyBytes({ value, header }: LogEntry, keyLength: number, index: number): number {
  const contents = varintBytes(keyLength) + keyLength + varintBytes(value.length) + value.length;
  const headers = header.length === 0 ? 1 : 3 + varintBytes(header.length) + header.length;
  return 2 + varintBytes(index) + contents + headers;
}

function writeBody(bytes: Buffer, start: number, entry: LogEntry, keyLength: number, index: number): number {
  bytes[start] = 0;
  bytes[start + 1] = 0;
  let at = writeVarint(bytes, start + 2, index);
  at = writeVarint(bytes, at, keyLength);
  at += bytes.write(entry.key, at);
  at = writeBytes(bytes, at, entry.value);
  at = writeVarint(bytes, at, entry.header.length === 0 ? 0 : 1);
  if (entry.header.length === 0) return at;
  at = writeVarint(bytes, at, layout.HEADER_KEY.length);
  at += bytes.write(layout.HEADER_KEY, at);
  return writeBytes(bytes, at, entry.header);
}

function writeBytes(bytes: Buffer, start: number, content: Uint8Array): number {
  const at = writeVarint(bytes, start, content.length);
  bytes.set(content, at);
  return at + content.length;
}

function sealed(batch: Buffer, options: RecordBatchOptions): Buffer {
  const { records, timestampMs } = options;
  batch.fill(0, 0, layout.LENGTH_AT);
  batch.writeInt32BE(batch.length - layout.LENGTH_COUNTS_FROM, layout.LENGTH_AT);
  batch.writeInt32BE(-1, layout.LEADER_EPOCH_AT);
  batch.writeInt8(layout.MAGIC, layout.MAGIC_AT);
  batch.writeInt16BE(COMPRESSION_IDS[options.compression], layout.ATTRIBUTES_AT);
  batch.writeInt32BE(records.length - 1, layout.LAST_OFFSET_DELTA_AT);
  writeInt64(batch, timestampMs, layout.FIRST_TIMESTAMP_AT);
  writeInt64(batch, timestampMs, layout.MAX_TIMESTAMP_AT);
  writeInt64(batch, options.producerId, layout.PRODUCER_ID_AT);
  batch.writeInt16BE(options.producerEpoch, layout.PRODUCER_EPOCH_AT);
  batch.writeInt32BE(options.firstSequence, layout.FIRST_SEQUENCE_AT);
  batch.writeInt32BE(records.length, layout.COUNT_AT);
  batch.writeUInt32BE(crc32c(batch, layout.ATTRIBUTES_AT), layout.CRC_AT);
  return batch;
}
