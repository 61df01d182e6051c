/** Batches as another implementation writes and reads them: kafkajs's, field by field. */

import { createRequire } from "node:module";
import { beforeAll, expect, test } from "@jest/globals";
import type { LogEntry } from "../../../../platform/event-log/event-log.js";
import {
  COMPRESSION_IDS,
  type Compression,
  codecOf,
  loadCompression,
} from "../../../../platform/event-log/kafka/compression.js";
import { decodeRecordBatch } from "../../../../platform/event-log/kafka/decode-record-batch.js";
import { encodeRecordBatch } from "../../../../platform/event-log/kafka/encode-record-batch.js";
import { PackedEntries } from "../../../../platform/event-log/packed-entries.js";
import { contentOf, numberedEntry } from "../../../contract/numbered-entry.js";
import fc from "../../../support/properties.js";

interface Encoder {
  readonly buffer: Buffer;
}
interface KafkajsRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, Buffer>>;
}
interface KafkajsBatch {
  readonly firstSequence: number;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly lastOffsetDelta: number;
  readonly records: readonly KafkajsRecord[];
}
interface Codecs {
  readonly Codecs: Record<number, () => unknown>;
}

const require = createRequire(import.meta.url);
const {
  RecordBatch,
}: { RecordBatch(fields: object): Promise<Encoder> } = require("kafkajs/src/protocol/recordBatch/v0");
const KafkajsRecordEncoder: (
  fields: object,
) => Encoder = require("kafkajs/src/protocol/recordBatch/record/v0");
const decodeByKafkajs: (
  decoder: object,
) => Promise<KafkajsBatch> = require("kafkajs/src/protocol/recordBatch/v0/decoder");
const KafkajsDecoder: new (bytes: Buffer) => object = require("kafkajs/src/protocol/decoder");
const Long: { fromValue(value: number): unknown } = require("kafkajs/src/utils/long");
const { Codecs }: Codecs = require("kafkajs/src/protocol/message/compression");

const COMPRESSIONS: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];
const TIMESTAMP_MS = 1_764_000_000_123;
const anyEntry: fc.Arbitrary<LogEntry> = fc.record({
  key: fc.string({ unit: "grapheme", maxLength: 40 }),
  value: fc.uint8Array({ maxLength: 200 }),
  header: fc.uint8Array({ maxLength: 100 }),
});

beforeAll(async () => {
  for (const compression of COMPRESSIONS) await loadCompression(compression);
  for (const compression of ["snappy", "lz4", "zstd"] satisfies Compression[]) {
    const codec = codecOf(compression)!;
    Codecs[COMPRESSION_IDS[compression]] = () => ({
      compress: async ({ buffer }: Encoder) => codec.compress(buffer),
      decompress: async (bytes: Buffer) => codec.decompress(bytes, 1 << 24),
    });
  }
});

test.each(COMPRESSIONS)("kafkajs reads what is encoded here, compression %s", async (compression) => {
  const property = fc.asyncProperty(fc.array(anyEntry, { minLength: 1, maxLength: 50 }), async (records) => {
    const batch = encodeRecordBatch({
      entries: new PackedEntries().refill(records),
      producerId: 2 ** 45 + 1,
      producerEpoch: 3,
      firstSequence: 77,
      compression,
      timestampMs: TIMESTAMP_MS,
    });
    const read = await decodeByKafkajs(new KafkajsDecoder(batch));
    expect(read).toMatchObject({
      firstSequence: 77,
      producerId: String(2 ** 45 + 1),
      producerEpoch: 3,
      lastOffsetDelta: records.length - 1,
    });
    expect(read.records.map(entryOf).map(contentOf)).toEqual(records.map(contentOf));
    expect(new Set(read.records.map(({ timestamp }) => timestamp))).toEqual(new Set([String(TIMESTAMP_MS)]));
  });
  await fc.assert(property, { numRuns: 40 });
});

test.each(COMPRESSIONS)("what kafkajs encodes is read here, compression %s", async (compression) => {
  const property = fc.asyncProperty(fc.array(anyEntry, { minLength: 1, maxLength: 50 }), async (entries) => {
    const batch = await encodedByKafkajs(entries, compression);
    const read = decodeRecordBatch(batch, 0, { topic: "t", partition: 0, fromOffset: 0 });
    expect(read?.records.map(contentOf)).toEqual(entries.map(contentOf));
    expect(read?.records.map(({ offset, appendedAtMs }) => [offset, appendedAtMs])).toEqual(
      entries.map((_, index) => [9000 + index, TIMESTAMP_MS + index * 40]),
    );
  });
  await fc.assert(property, { numRuns: 40 });
});

test("byte for byte the same where both say the same", async () => {
  const entries = [0, 1, 2].map((number) => numberedEntry(number, 30));
  const records = entries.map((entry, index) => kafkajsRecord(entry, index, 0));
  const options = { producerEpoch: 1, firstSequence: 5, lastOffsetDelta: 2, partitionLeaderEpoch: -1 };
  const times = { firstTimestamp: TIMESTAMP_MS, maxTimestamp: TIMESTAMP_MS };
  const theirs = await RecordBatch({ ...options, ...times, producerId: Long.fromValue(12), records });
  const ours = encodeRecordBatch({
    entries: new PackedEntries().refill(entries),
    producerId: 12,
    producerEpoch: 1,
    firstSequence: 5,
    compression: "none",
    timestampMs: TIMESTAMP_MS,
  });
  expect(ours.toString("hex")).toBe(theirs.buffer.toString("hex"));
});

test("a tombstone, a record without key and headers of others are read", async () => {
  const records = [
    KafkajsRecordEncoder({ key: null, value: null, headers: { trace: "abc", h: Buffer.from("ours") } }),
  ];
  const { buffer } = await RecordBatch({ records, firstTimestamp: 5, maxTimestamp: 5 });
  const read = decodeRecordBatch(buffer, 0, { topic: "t", partition: 0, fromOffset: 0 });
  expect(read?.records.map(contentOf)).toEqual([["", "", Buffer.from("ours").toString("hex")]]);
});

function entryOf({ key, value, headers }: KafkajsRecord): LogEntry {
  return { key: key.toString(), value, header: headers.h ?? Buffer.alloc(0) };
}

function kafkajsRecord(
  { key, value, header }: LogEntry,
  offsetDelta: number,
  timestampDelta: number,
): Encoder {
  const headers = header.length === 0 ? {} : { h: Buffer.from(header) };
  return KafkajsRecordEncoder({
    offsetDelta,
    timestampDelta,
    key: Buffer.from(key),
    value: Buffer.from(value),
    headers,
  });
}

async function encodedByKafkajs(entries: readonly LogEntry[], compression: Compression): Promise<Buffer> {
  const batch = await RecordBatch({
    compression: COMPRESSION_IDS[compression],
    firstOffset: Long.fromValue(9000),
    firstTimestamp: TIMESTAMP_MS,
    maxTimestamp: TIMESTAMP_MS + (entries.length - 1) * 40,
    lastOffsetDelta: entries.length - 1,
    records: entries.map((entry, index) => kafkajsRecord(entry, index, index * 40)),
  });
  return batch.buffer;
}
