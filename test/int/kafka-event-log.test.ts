/** What only the log on Kafka has: records others wrote, removed or compacted, and how soon a waiting reader hears. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Kafka, logLevel } from "kafkajs";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { kafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { numberedEntries, numberedEntry, strangers } from "../contract/numbered-entry.js";
import { addresses } from "../support/servers/addresses.js";
import { makeTopics, optionsOf, randomSuffix } from "./kafka-event-log-under-test.js";

const AT_ONCE = { recordsMax: 10_000, bytesMax: 100_000_000, waitMs: 0 };
const PATIENT = { ...AT_ONCE, waitMs: 5000 };
let cluster: KafkaCluster;
let log: EventLog;
let topic: string;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await KafkaCluster.open(optionsOf(addresses().kafka));
  kafka = new Kafka({ brokers: [addresses().kafka], logLevel: logLevel.NOTHING });
});
afterAll(() => cluster.close());
beforeEach(async () => {
  topic = `log.${randomSuffix()}`;
  await makeTopics(cluster, [{ topic, partitions: 24 }]);
  log = kafkaEventLog(cluster, { clock: systemClock, logger: silentLogger });
});
afterEach(async () => {
  await log.close();
  await deleteTopics(cluster, [topic]);
});

async function readAll(partition = 0, from = 0): Promise<LoggedRecord[]> {
  const reader = await log.reader(topic, partition, from);
  const records: LoggedRecord[] = [];
  for (;;) {
    const batch = await reader.read(AT_ONCE);
    if (batch.length === 0) break;
    records.push(...batch);
  }
  await reader.close();
  return records;
}

async function removeBefore(offset: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    // It deletes nothing of a topic it has not heard of yet, and a topic just made has no leader for a moment.
    while (!(await admin.fetchTopicOffsets(topic).then(Boolean, () => false)));
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  } finally {
    await admin.disconnect();
  }
}

test("a second producer of a topic is LOCKED until the first is closed", async () => {
  const first = await log.producer(topic);
  await expect(log.producer(topic)).rejects.toMatchObject({ code: "LOCKED" });
  await first.close();
  await expect(log.producer(topic)).resolves.toBeDefined();
});

test("the time of a record is the broker's, the same in the answer to the append and in what is read", async () => {
  const producer = await log.producer(topic);
  const before = Date.now();
  const { appendedAtMs } = await producer.append(0, numberedEntries(0, 3));
  expect(appendedAtMs).toBeGreaterThanOrEqual(before);
  expect((await readAll()).map((record) => record.appendedAtMs)).toEqual(new Array(3).fill(appendedAtMs));
});

test("records removed by the server: a reader before the first kept one is refused, bounds and tail are right", async () => {
  const producer = await log.producer(topic);
  for (let first = 0; first < 40; first += 10) await producer.append(0, numberedEntries(first, 10));
  await removeBefore("25");
  expect(await log.bounds(topic, 0)).toEqual({ start: 25, end: 40 });
  await expect(readAll(0, 24)).rejects.toMatchObject({ code: "OFFSET_OUT_OF_RANGE", retryable: false });
  expect(strangers(await readAll(0, 25), 25)).toEqual([]);
  await removeBefore("40");
  expect(await log.bounds(topic, 0)).toEqual({ start: 40, end: 40 });
  expect(await log.tail(topic, 0)).toBeNull();
  expect(await readAll(0, 40)).toEqual([]);
});

test("markers of transactions are passed over: position reaches the end, the tail is the last record", async () => {
  const producer = kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (const number of [0, 1, 2]) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ partition: 0, key: `key-${number}`, value: "v" }] });
    await transaction.commit();
  }
  await producer.disconnect();
  // A commit is answered before its marker lies in the log.
  let { end } = await log.bounds(topic, 0);
  while (end < 6) ({ end } = await log.bounds(topic, 0));
  expect(end).toBe(6);
  const records = await readAll();
  expect(records.map(({ offset, key }) => [offset, key])).toEqual([
    [0, "key-0"],
    [2, "key-1"],
    [4, "key-2"],
  ]);
  expect((await log.tail(topic, 0))?.offset).toBe(4);
  const reader = await log.reader(topic, 0, 5);
  expect(await reader.read(AT_ONCE)).toEqual([]);
  expect(reader.position).toBe(6);
  await reader.close();
});

test("a batch larger than a request's share of a partition, and than what is left of an answer, is read", async () => {
  const producer = await log.producer(topic);
  const partitions = Array.from({ length: 12 }, (_, index) => index);
  const large = { ...numberedEntry(0), value: Buffer.alloc(990_000, 5) };
  for (let round = 0; round < 3; round++)
    await Promise.all(partitions.map((partition) => producer.append(partition, [large])));
  const counts = await Promise.all(partitions.map(async (partition) => (await readAll(partition)).length));
  expect(counts).toEqual(partitions.map(() => 3));
});

test("a waiting reader among 24 has a new record a few milliseconds after its append", async () => {
  const producer = await log.producer(topic);
  const readers = await Promise.all(
    Array.from({ length: 24 }, (_, partition) => log.reader(topic, partition, 0)),
  );
  const heardMs: number[] = [];
  const appendMs: number[] = [];
  for (let round = 0; round < 60; round++) {
    const partition = round % 24;
    const waits = readers.map((reader, index) => (index === partition ? reader.read(PATIENT) : null));
    const begunMs = performance.now();
    const appending = producer.append(partition, [numberedEntry(round)]);
    await Promise.all([
      appending.then(() => appendMs.push(performance.now() - begunMs)),
      waits[partition]!.then(() => heardMs.push(performance.now() - begunMs)),
    ]);
  }
  await Promise.all(readers.map((reader) => reader.close()));
  // What the append itself takes is the broker's and the machine's affair.
  expect(median(heardMs) - median(appendMs)).toBeLessThan(10);
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
