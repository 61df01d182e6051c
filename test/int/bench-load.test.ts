/**
 * How the comparison's generators and observers use a broker: what is appended comes to who follows, once and in order; what is
 * sent is observed.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { DueEntries } from "../../bench/end-to-end/due-sender.js";
import { buildJavaPeer } from "../../bench/end-to-end/engines/java-peer.js";
import {
  KAFKA_CLIENTS,
  kafkaClientsLoads,
  newKafkaClientsLoads,
} from "../../bench/end-to-end/kafka-clients-load.js";
import { dueTimes, type Load, machineMs } from "../../bench/end-to-end/load.js";
import { loadCluster } from "../../bench/end-to-end/load-cluster.js";
import { LoadProducer } from "../../bench/end-to-end/load-producer.js";
import { LoadTail } from "../../bench/end-to-end/load-tail.js";
import { PARTITIONS as STREAM_PARTITIONS } from "../../bench/end-to-end/swipe-stream.js";
import { deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import type { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { addresses } from "../support/servers/addresses.js";
import { makeTopics, randomSuffix } from "./kafka-event-log-under-test.js";

const PARTITIONS = 3;
const suffix = randomSuffix();
const WIDE = `load.wide.${suffix}`;
/** Takes batches of a kilobyte. */
const NARROW = `load.narrow.${suffix}`;
const GZIPPED = `load.gzipped.${suffix}`;
const ECHOED = `load.echoed.${suffix}`;
/** Maven compiles three small classes; where it never ran it fetches what it needs first. */
const BUILD_MS = 300_000;
let cluster: KafkaCluster;

beforeAll(async () => {
  cluster = await loadCluster(addresses().kafka, "load-test");
  await makeTopics(cluster, [
    { topic: WIDE, partitions: PARTITIONS },
    { topic: NARROW, partitions: PARTITIONS, configs: { "max.message.bytes": "1024" } },
    { topic: GZIPPED, partitions: PARTITIONS, configs: { "compression.type": "gzip" } },
    { topic: ECHOED, partitions: STREAM_PARTITIONS },
  ]);
});

afterAll(async () => {
  await deleteTopics(cluster, [WIDE, NARROW, GZIPPED, ECHOED]);
  await cluster.close();
});

function due(partition: number, from: number, count: number, bytes = 20): DueEntries {
  const entries = Array.from({ length: count }, (_, index) => ({
    key: "k",
    value: Buffer.from(`${partition}/${from + index}`.padEnd(bytes)),
    header: new Uint8Array(),
  }));
  return { partition, entries };
}

test.each([
  ["as they were sent", WIDE],
  ["compressed by the broker", GZIPPED],
])("what comes after it was opened is followed, partition by partition in order: %s", async (_, topic) => {
  const producer = await LoadProducer.open(cluster, topic);
  expect(producer.partitions).toBe(PARTITIONS);
  await producer.append([due(0, 0, 5)]);
  const followed = await loadCluster(addresses().kafka, "load-test-tail");
  const tail = await LoadTail.open(followed, topic);
  const came: string[] = [];
  const ended = tail.follow((message) => came.push(Buffer.from(message).toString().trim()));
  const closed = expect(ended).rejects.toMatchObject({ kind: "closed" });
  for (let from = 0; from < 1_000; from += 250)
    await producer.append([due(0, 1_000 + from, 250), due(2, 1_000 + from, 250)]);
  while (came.length < 2_000) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const partition of [0, 2]) {
    const expected = Array.from({ length: 1_000 }, (__, index) => `${partition}/${1_000 + index}`);
    expect(came.filter((each) => each.startsWith(`${partition}/`))).toEqual(expected);
  }
  await followed.close();
  await closed;
});

test("a partition that does not take its batch fails the append, whatever the others say", async () => {
  const producer = await LoadProducer.open(cluster, NARROW);
  await expect(producer.append([due(0, 0, 1), due(1, 0, 1, 5_000)])).rejects.toMatchObject({
    message: expect.stringContaining(`${NARROW}/1`),
  });
});

test.each([
  ["one process", kafkaClientsLoads],
  ["a new one for each load", newKafkaClientsLoads],
])(
  "by Kafka's own producer and consumer, %s, of load after load each swipe is sent when due and observed once",
  async (_, driversOf) => {
    expect(await buildJavaPeer(KAFKA_CLIENTS, () => {})).toBeNull();
    const folder = mkdtempSync(join(tmpdir(), "load-"));
    const brokers = addresses().kafka;
    const drivers = driversOf(brokers, folder);
    try {
      const topics = { brokers, input: ECHOED, output: ECHOED, persons: 500, seed: 3 };
      // Of an engine's run before.
      await (await drivers.start({ ...topics, output: WIDE })).close();
      const driver = await drivers.start(topics);
      try {
        for (const number of [1, 2]) {
          const times = { ratePerSecond: 300, warmUpSeconds: 0, seconds: 1, patienceMs: 30_000 };
          const load: Load = { number, seed: 3, ...times };
          const { length } = dueTimes(load);
          await driver.prepare(load);
          const { sent, observed } = await driver.run(machineMs() + 50);
          expect(sent).toMatchObject({ count: length, delay: { count: length } });
          expect(observed).toMatchObject({ count: length, unanswered: 0, latency: { count: length } });
          // Both clocks are one: what takes milliseconds has not taken a minute, nor less than nothing.
          expect(observed.latency.p50Ms).toBeGreaterThan(sent.delay.p50Ms);
          expect(observed.latency.maxMs).toBeLessThan(60_000);
        }
      } finally {
        await driver.close();
      }
    } finally {
      await drivers.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  BUILD_MS,
);
