/**
 * Record batches as brokers keep them.
 *
 * 1. Nothing is taken from a batch whose CRC32C is wrong.
 * 2. Values and headers are views into the bytes given, or into what they decompress to: whoever gives the bytes
 *    decides how long they stay.
 */

import { crc32c } from "../../checksum/crc32c.js";
import { EventLogError, type PlacedRecord } from "../event-log.js";
import * as layout from "./batch-layout.js";
import { type Compression, codecOf, compressionOf, DECOMPRESSED_BYTES_MAX } from "./compression.js";
import { readInt64 } from "./int64.js";
import { type BatchFacts, parseRecords } from "./parse-records.js";

/** For messages, and where reading begins: records before it belong to the batch but were not asked for. */
export interface BatchPlace {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
}

export interface RecordBatch {
  readonly baseOffset: number;
  /** Stays when compaction has taken the last record. */
  readonly lastOffset: number;
  readonly records: readonly PlacedRecord[];
  /** Where the next batch begins. */
  readonly nextAt: number;
}

/** The compression of the batch at `at`, which has to be loaded before; null where no whole batch is left. */
export function compressionAt(bytes: Buffer, at: number, place: BatchPlace): Compression | null {
  if (batchEnd(bytes, at) === null) return null;
  const attributes = bytes.readInt16BE(at + layout.ATTRIBUTES_AT);
  const compression = compressionOf(attributes);
  if (compression === null) throw corrupt(bytes, at, place, `compression ${attributes & 7} is unknown`);
  return compression;
}

/**
 * The batch at `at`, null where no whole one is left: brokers cut answers at a number of bytes.
 * @throws EventLogError CORRUPT.
 */
export function decodeRecordBatch(bytes: Buffer, at: number, place: BatchPlace): RecordBatch | null {
  const end = batchEnd(bytes, at);
  if (end === null) return null;
  checkBatch(bytes, at, end, place);
  const baseOffset = readInt64(bytes, at);
  const lastOffset = baseOffset + bytes.readInt32BE(at + layout.LAST_OFFSET_DELTA_AT);
  return { baseOffset, lastOffset, records: recordsOf(bytes, at, end, place), nextAt: end };
}

export interface WholeBatches {
  /** Where they end. */
  readonly end: number;
  /** Offset behind the last of them. */
  readonly nextOffset: number;
}

/** What of an answer can be decoded, by the batches' lengths alone; null where not one batch is whole. */
export function wholeBatches(bytes: Buffer): WholeBatches | null {
  let found: WholeBatches | null = null;
  for (let at = 0; ; ) {
    const end = batchEnd(bytes, at);
    if (end === null) return found;
    const nextOffset = readInt64(bytes, at) + bytes.readInt32BE(at + layout.LAST_OFFSET_DELTA_AT) + 1;
    found = { end, nextOffset };
    at = end;
  }
}

function batchEnd(bytes: Buffer, at: number): number | null {
  if (at + layout.RECORDS_AT > bytes.length) return null;
  const end = at + layout.LENGTH_COUNTS_FROM + bytes.readInt32BE(at + layout.LENGTH_AT);
  // A length below that of an empty batch is left to the checksum to refuse.
  return end > bytes.length ? null : Math.max(end, at + layout.RECORDS_AT);
}

function checkBatch(bytes: Buffer, at: number, end: number, place: BatchPlace): void {
  const magic = bytes.readInt8(at + layout.MAGIC_AT);
  if (magic !== layout.MAGIC)
    throw corrupt(bytes, at, place, `format ${magic}, expected ${layout.MAGIC} (Kafka 0.11 and later)`);
  const length = bytes.readInt32BE(at + layout.LENGTH_AT);
  const stored = bytes.readUInt32BE(at + layout.CRC_AT);
  const computed = crc32c(bytes, at + layout.ATTRIBUTES_AT, end);
  if (stored !== computed || length !== end - at - layout.LENGTH_COUNTS_FROM)
    throw corrupt(bytes, at, place, `CRC32C ${computed.toString(16)}, expected ${stored.toString(16)}`);
}

function recordsOf(bytes: Buffer, at: number, end: number, place: BatchPlace): PlacedRecord[] {
  if (bytes.readInt16BE(at + layout.ATTRIBUTES_AT) & layout.IS_CONTROL) return [];
  const codec = codecOf(compressionAt(bytes, at, place) ?? "none");
  const start = at + layout.RECORDS_AT;
  try {
    if (codec === null) return parseRecords({ bytes, start, end }, factsOf(bytes, at), place.fromOffset);
    const plain = codec.decompress(bytes.subarray(start, end), DECOMPRESSED_BYTES_MAX);
    return parseRecords({ bytes: plain, start: 0, end: plain.length }, factsOf(bytes, at), place.fromOffset);
  } catch (error) {
    throw corrupt(bytes, at, place, `its records cannot be read: ${reasonOf(error)}`, error);
  }
}

function factsOf(bytes: Buffer, at: number): BatchFacts {
  const isLogAppendTime = (bytes.readInt16BE(at + layout.ATTRIBUTES_AT) & layout.IS_LOG_APPEND_TIME) !== 0;
  return {
    baseOffset: readInt64(bytes, at),
    count: bytes.readInt32BE(at + layout.COUNT_AT),
    firstTimestampMs: readInt64(bytes, at + layout.FIRST_TIMESTAMP_AT),
    logAppendTimeMs: isLogAppendTime ? readInt64(bytes, at + layout.MAX_TIMESTAMP_AT) : null,
  };
}

function corrupt(bytes: Buffer, at: number, place: BatchPlace, what: string, cause?: unknown): EventLogError {
  const where = `${place.topic}/${place.partition}, batch at offset ${readInt64(bytes, at)} (asked for ${place.fromOffset})`;
  const next = "compare with another replica, or restore the partition";
  return new EventLogError("CORRUPT", `${where}: ${what}; ${next}`, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
