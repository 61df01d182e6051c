/**
 * Compressed batches against the broker's own codecs, which are those of Kafka's Java clients: a topic whose
 * `compression.type` differs from a batch's makes the broker decompress what we wrote, and compress what we read.
 */

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog, LogEntry, LoggedRecord } from "../../platform/event-log/event-log.js";
import { deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import { compressionAt, decodeRecordBatch } from "../../platform/event-log/kafka/decode-record-batch.js";
import { fetchRequest } from "../../platform/event-log/kafka/fetch-request.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { openKafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import type { KafkaCompression } from "../../platform/event-log/kafka/kafka-options.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { contentOf } from "../contract/numbered-entry.js";
import { addresses } from "../support/servers/addresses.js";
import { makeTopics, optionsOf, randomSuffix } from "./kafka-event-log-under-test.js";

const COMPRESSIONS: readonly KafkaCompression[] = ["none", "gzip", "snappy", "lz4", "zstd"];
/** What a topic keeps: as it comes, or as the broker's codec makes it. */
const KEPT = ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"] as const;
const suffix = randomSuffix();
const topicOf = (written: KafkaCompression, kept: string): string => `codecs.${written}.${kept}.${suffix}`;
const topics = COMPRESSIONS.flatMap((written) => KEPT.map((kept) => topicOf(written, kept)));
let cluster: KafkaCluster;

beforeAll(async () => {
  cluster = await KafkaCluster.open(optionsOf(addresses().kafka));
  const wanted = COMPRESSIONS.flatMap((written) =>
    KEPT.map((kept) => ({
      topic: topicOf(written, kept),
      partitions: 1,
      configs: { "compression.type": kept },
    })),
  );
  await makeTopics(cluster, wanted);
});
afterAll(async () => {
  await deleteTopics(cluster, topics);
  await cluster.close();
});

/** One of a byte, many that repeat, some above the blocks of 32 and 64 KiB, some that cannot be compressed. */
function entries(): LogEntry[] {
  const noise = (length: number) =>
    Buffer.from(Array.from({ length }, (_, at) => (at * at * 31 + (at >> 3)) & 0xff));
  const text = (index: number) =>
    Buffer.from(`{"eventId":"${index}","amountFen":${index * 7},"city":"杭州"}`.repeat(5));
  return [
    { key: "a", value: Buffer.from("1"), header: Buffer.alloc(0) },
    ...Array.from({ length: 400 }, (_, index) => ({
      key: `k${index}`,
      value: text(index),
      header: noise(12),
    })),
    { key: "large", value: Buffer.alloc(150_000, "卡盾"), header: Buffer.alloc(0) },
    { key: "noise", value: noise(90_000), header: noise(256) },
    { key: "", value: Buffer.alloc(0), header: Buffer.alloc(0) },
  ];
}

async function opened(compression: KafkaCompression): Promise<EventLog> {
  const options = optionsOf(addresses().kafka);
  return openKafkaEventLog({ ...options, compression, clock: systemClock, logger: silentLogger });
}

async function readBack(log: EventLog, topic: string): Promise<LoggedRecord[]> {
  const reader = await log.reader(topic, 0, 0);
  const records: LoggedRecord[] = [];
  for (;;) {
    const batch = await reader.read({ recordsMax: 1000, bytesMax: 1 << 20, waitMs: 0 });
    if (batch.length === 0) break;
    records.push(...batch);
  }
  await reader.close();
  return records;
}

function keptOf(written: KafkaCompression, kept: string): string {
  if (kept === "producer") return written;
  return kept === "uncompressed" ? "none" : kept;
}

/** What the broker holds: else the test would prove nothing about its codecs. */
async function compressionsKept(topic: string): Promise<ReadonlySet<string | null>> {
  const request = fetchRequest({
    lane: "main",
    waitMs: 0,
    spots: [{ topic, partition: 0, offset: 0 }],
    partitionBytesMax: 4 << 20,
    bytesMax: 4 << 20,
  });
  const { partitions } = await cluster.send(await cluster.leaderOf(topic, 0), request);
  const { records } = partitions[0]!;
  const place = { topic, partition: 0, fromOffset: 0 };
  const found = new Set<string | null>();
  for (let at = 0; at < records.length; ) {
    found.add(compressionAt(records, at, place));
    at = decodeRecordBatch(records, at, place)!.nextAt;
  }
  return found;
}

describe.each(COMPRESSIONS)("batches written with %s", (written) => {
  test.each(KEPT)("and kept as %s come back as they were", async (kept) => {
    const log = await opened(written);
    try {
      const topic = topicOf(written, kept);
      const producer = await log.producer(topic);
      await producer.append(0, entries());
      await producer.append(0, entries().slice(0, 1));
      const expected = [...entries(), ...entries().slice(0, 1)];
      const records = await readBack(log, topic);
      expect(records.map(contentOf)).toEqual(expected.map(contentOf));
      expect(records.map(({ offset }) => offset)).toEqual(expected.map((_, index) => index));
      expect((await log.tail(topic, 0))?.offset).toBe(expected.length - 1);
      expect(await compressionsKept(topic)).toEqual(new Set([keptOf(written, kept)]));
    } finally {
      await log.close();
    }
  });
});
