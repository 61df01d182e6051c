/** A node that answers fetches from a few batches, as a test tells it. */

import { gzipSync } from "node:zlib";
import { crc32c } from "../../../../platform/checksum/crc32c.js";
import * as layout from "../../../../platform/event-log/kafka/batch-layout.js";
import { COMPRESSION_IDS } from "../../../../platform/event-log/kafka/compression.js";
import { encodeRecordBatch } from "../../../../platform/event-log/kafka/encode-record-batch.js";
import type { FetchAnswer, FetchedPartition } from "../../../../platform/event-log/kafka/fetch-request.js";
import { writeInt64 } from "../../../../platform/event-log/kafka/int64.js";
import { WireCursor } from "../../../../platform/event-log/kafka/wire-cursor.js";
import type { WireRequest } from "../../../../platform/event-log/kafka/wire-request.js";
import { PackedEntries } from "../../../../platform/event-log/packed-entries.js";
import { numberedEntries } from "../../../contract/numbered-entry.js";

export interface AskedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface AskedFetch {
  readonly nodeId: number;
  readonly lane: string;
  readonly waitMs: number;
  readonly partitions: readonly AskedPartition[];
}

/** Returns null to let the request wait until its time has passed. */
export type Respond = (asked: AskedPartition, fetch: AskedFetch) => Partial<FetchedPartition> | null;

/** Records numbered by their offsets, 100 bytes each. */
export function batchOf(baseOffset: number, count: number, valueBytes = 100): Buffer {
  const batch = encodeRecordBatch({
    entries: new PackedEntries().refill(numberedEntries(baseOffset, count, valueBytes)),
    producerId: 1,
    producerEpoch: 0,
    firstSequence: 0,
    compression: "none",
    timestampMs: 0,
  });
  writeInt64(batch, baseOffset, 0);
  return batch;
}

/** With another first offset: no checksum covers it. */
export function moved(batch: Buffer, baseOffset: number): Buffer {
  const copy = Buffer.from(batch);
  writeInt64(copy, baseOffset, 0);
  return copy;
}

export function damaged(batch: Buffer): Buffer {
  const copy = Buffer.from(batch);
  copy[layout.RECORDS_AT + 9]! ^= 1;
  return copy;
}

/** The same records compressed, without a codec of this process. */
export function gzipped(batch: Buffer): Buffer {
  const copy = Buffer.concat([
    batch.subarray(0, layout.RECORDS_AT),
    gzipSync(batch.subarray(layout.RECORDS_AT)),
  ]);
  copy.writeInt32BE(copy.length - layout.LENGTH_COUNTS_FROM, layout.LENGTH_AT);
  copy.writeInt16BE(COMPRESSION_IDS.gzip, layout.ATTRIBUTES_AT);
  copy.writeUInt32BE(crc32c(copy.subarray(layout.ATTRIBUTES_AT)), layout.CRC_AT);
  return copy;
}

export class ScriptedCluster {
  readonly fetches: AskedFetch[] = [];
  leader = 1;
  refreshes = 0;
  respond: Respond;

  constructor(respond: Respond) {
    this.respond = respond;
  }

  async leaderOf(): Promise<number> {
    return this.leader;
  }

  async refresh(): Promise<void> {
    this.refreshes++;
  }

  async send<Answer>(nodeId: number, request: WireRequest<Answer>): Promise<Answer> {
    const fetch = askedOf(nodeId, request);
    this.fetches.push(fetch);
    const answers = this.answersTo(fetch);
    if (answers.every(({ records, errorCode }) => records.length === 0 && errorCode === 0))
      await new Promise((resolve) => setTimeout(resolve, fetch.waitMs));
    return request.decode(encodeAnswer({ errorCode: 0, partitions: this.answersTo(fetch) }));
  }

  private answersTo(fetch: AskedFetch): FetchedPartition[] {
    return fetch.partitions.map((asked) => ({
      topic: asked.topic,
      partition: asked.partition,
      errorCode: 0,
      highWatermark: asked.offset,
      records: Buffer.alloc(0),
      ...this.respond(asked, fetch),
    }));
  }
}

function askedOf<Answer>(nodeId: number, request: WireRequest<Answer>): AskedFetch {
  const encoded = request.encode();
  const body = Buffer.isBuffer(encoded) ? encoded : Buffer.concat(encoded);
  const waitMs = body.readInt32BE(4);
  const cursor = new WireCursor(body.subarray(25));
  const partitions = cursor.array(() => {
    const topic = cursor.text();
    return cursor.array(() => {
      const partition = cursor.int32();
      cursor.int32();
      const offset = cursor.int64();
      cursor.int64();
      cursor.int32();
      return { topic, partition, offset };
    });
  });
  return { nodeId, lane: request.lane ?? "", waitMs, partitions: partitions.flat() };
}

function encodeAnswer({ errorCode, partitions }: FetchAnswer): Buffer {
  const head = Buffer.alloc(14);
  head.writeInt16BE(errorCode, 4);
  head.writeInt32BE(partitions.length, 10);
  return Buffer.concat([head, ...partitions.map(encodePartition)]);
}

function encodePartition({ topic, partition, errorCode, highWatermark, records }: FetchedPartition): Buffer {
  const name = Buffer.from(topic);
  const bytes = Buffer.alloc(2 + name.length + 4 + 4 + 2 + 24 + 4 + 4 + 4);
  let at = bytes.writeInt16BE(name.length, 0);
  at += name.copy(bytes, at);
  at = bytes.writeInt32BE(1, at);
  at = bytes.writeInt32BE(partition, at);
  at = bytes.writeInt16BE(errorCode, at);
  at = writeInt64(bytes, highWatermark, at);
  at = bytes.writeInt32BE(-1, at + 16); // No list of aborted transactions.
  at = bytes.writeInt32BE(-1, at);
  bytes.writeInt32BE(records.length, at);
  return Buffer.concat([bytes, records]);
}
