/** Record batches by kafkajs' own encoder and decoder: the other implementation that ours are compared with. */

import { createRequire } from "node:module";
import type { LogEntry } from "../../platform/event-log/event-log.js";

const require = createRequire(import.meta.url);

interface Encoder {
  readonly buffer: Buffer;
}
interface KafkajsRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}
export interface KafkajsBatch {
  readonly firstOffset: string;
  readonly firstSequence: number;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly records: readonly KafkajsRecord[];
}

const batchEncoder: {
  RecordBatch(fields: object): Promise<Encoder>;
} = require("kafkajs/src/protocol/recordBatch/v0");
const recordEncoder: (fields: object) => Encoder = require("kafkajs/src/protocol/recordBatch/record/v0");
const batchDecoder: (
  decoder: object,
) => Promise<KafkajsBatch> = require("kafkajs/src/protocol/recordBatch/v0/decoder");
const Decoder: new (bytes: Buffer) => object = require("kafkajs/src/protocol/decoder");
const Long: { fromValue(value: number): unknown } = require("kafkajs/src/utils/long");

export interface BatchFields {
  readonly entries: readonly LogEntry[];
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly timestampMs: number;
}

export async function encodedByKafkajs(fields: BatchFields): Promise<Buffer> {
  const { entries, producerId, producerEpoch, firstSequence, timestampMs } = fields;
  const { buffer } = await batchEncoder.RecordBatch({
    producerId: Long.fromValue(producerId),
    producerEpoch,
    firstSequence,
    lastOffsetDelta: entries.length - 1,
    partitionLeaderEpoch: -1,
    firstTimestamp: timestampMs,
    maxTimestamp: timestampMs,
    records: entries.map(({ key, value, header }, offsetDelta) =>
      recordEncoder({
        offsetDelta,
        timestampDelta: 0,
        key: Buffer.from(key),
        value: Buffer.from(value),
        headers: header.length === 0 ? {} : { h: Buffer.from(header) },
      }),
    ),
  });
  return buffer;
}

export function decodedByKafkajs(bytes: Buffer): Promise<KafkajsBatch> {
  return batchDecoder(new Decoder(bytes));
}
