import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { LogProducer } from "../../platform/event-log/event-log.js";
import { loadCompression } from "../../platform/event-log/kafka/compression.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { numberedEntries, numberedEntry } from "../contract/numbered-entry.js";
import { KafkaOracle } from "../support/kafka-oracle.js";
import { openProducer } from "../support/kafka-producing.js";
import { addresses } from "../support/servers/addresses.js";

const PARTITIONS = 12;

/** Produce response, version 8: DUPLICATE_SEQUENCE_NUMBER without an offset. */
function duplicateAnswer(topic: string, partition: number): Buffer {
  const name = Buffer.from(topic);
  const head = Buffer.alloc(4 + 2 + name.length + 4);
  head.writeInt32BE(1, 0);
  head.writeInt16BE(name.length, 4);
  name.copy(head, 6);
  head.writeInt32BE(1, 6 + name.length);
  const answer = Buffer.alloc(4 + 2 + 8 + 8 + 8 + 4 + 2 + 4);
  answer.writeInt32BE(partition, 0);
  answer.writeInt16BE(46, 4);
  answer.writeBigInt64BE(-1n, 6);
  answer.writeBigInt64BE(-1n, 14);
  answer.writeInt16BE(-1, 34);
  return Buffer.concat([head, answer]);
}

describe("appends to Kafka", () => {
  const oracle = new KafkaOracle(addresses().kafka);
  let cluster: KafkaCluster;
  let topic: string;
  let producer: LogProducer;

  beforeAll(async () => {
    topic = await oracle.createTopic({ partitions: PARTITIONS });
    cluster = await KafkaCluster.open({
      brokers: [addresses().kafka],
      clientId: "producer-test",
      tls: null,
      sasl: null,
    });
    producer = await openProducer(cluster, topic);
  });
  afterAll(async () => {
    await producer?.close();
    await cluster?.close();
    await oracle.deleteTopic(topic);
  });

  test("appends of one turn to twelve partitions cost one request", async () => {
    // A node that has just been told to lead a new topic's partition refuses for a moment.
    await Promise.all(
      Array.from({ length: PARTITIONS }, (_, partition) => producer.append(partition, [numberedEntry(0)])),
    );
    const sent: string[] = [];
    const send = cluster.send.bind(cluster);
    cluster.send = (nodeId, request) => {
      sent.push(request.apiName);
      return send(nodeId, request);
    };
    try {
      const all = Array.from({ length: PARTITIONS }, (_, partition) =>
        producer.append(partition, numberedEntries(0, 3)),
      );
      expect((await Promise.all(all)).map(({ firstOffset }) => firstOffset)).toEqual(
        new Array(PARTITIONS).fill(1),
      );
      expect(sent).toEqual(["Produce"]);
    } finally {
      cluster.send = send;
    }
  });

  test("an append above the topic's limit of a batch goes in several, in order", async () => {
    const before = await producer.append(1, []);
    const entries = Array.from({ length: 40 }, (_, index) => numberedEntry(index, 100_000));
    const { firstOffset } = await producer.append(1, entries);
    expect(firstOffset).toBe(before.firstOffset);
    const next = await producer.append(1, [numberedEntry(40)]);
    expect(next.firstOffset).toBe(firstOffset + 40);
    const keys = (await oracle.read(topic))[1]!.slice(firstOffset).map(({ key }) => key);
    expect(keys).toEqual(Array.from({ length: 41 }, (_, index) => `key-${index}`));
  });

  describe("a batch that the server has and does not say where", () => {
    /** The next produce request lands where `lands`, and is answered as one that the server knew. */
    function knowsIt(nextProduce: { readonly lands: boolean; readonly meanwhile?: () => Promise<unknown> }) {
      const send = cluster.send.bind(cluster);
      let isNext = true;
      cluster.send = async (nodeId, request) => {
        if (!isNext || request.apiName !== "Produce") return send(nodeId, request);
        isNext = false;
        if (nextProduce.lands) await send(nodeId, request);
        await nextProduce.meanwhile?.();
        return request.decode(duplicateAnswer(topic, 5));
      };
      return () => {
        cluster.send = send;
      };
    }

    test.each([["none"], ["gzip"]] as const)(
      "is found among what others appended: compression %s",
      async (compression) => {
        await loadCompression(compression);
        const [mine, others] = [
          await openProducer(cluster, topic, { compression }),
          await openProducer(cluster, topic),
        ];
        const { firstOffset: before } = await mine.append(5, numberedEntries(0, 3));
        await others.append(5, numberedEntries(100, 400));
        const restore = knowsIt({
          lands: true,
          meanwhile: () => others.append(5, numberedEntries(500, 400)),
        });
        try {
          const { firstOffset, appendedAtMs } = await mine.append(5, numberedEntries(3, 2));
          expect(firstOffset).toBe(before + 3 + 400);
          expect(Math.abs(appendedAtMs - Date.now())).toBeLessThan(60_000);
        } finally {
          restore();
        }
        expect((await mine.append(5, numberedEntries(5, 1))).firstOffset).toBe(before + 3 + 400 + 2 + 400);
        const keys = (await oracle.read(topic))[5]!.slice(before).map(({ key }) => key);
        for (const key of ["key-0", "key-3", "key-4", "key-5"])
          expect(keys.filter((each) => each === key)).toHaveLength(1);
        await mine.close();
        await others.close();
      },
    );

    test("and that cannot be found is sent again under its own sequence, which the server keeps once", async () => {
      const { firstOffset: before } = await producer.append(5, numberedEntries(0, 1));
      const restore = knowsIt({ lands: false });
      try {
        expect((await producer.append(5, numberedEntries(1, 1))).firstOffset).toBe(before + 1);
      } finally {
        restore();
      }
    });
  });

  test("appendedAtMs is the server's time", async () => {
    const began = Date.now();
    const { appendedAtMs } = await producer.append(2, [numberedEntry(0)]);
    expect(appendedAtMs).toBeGreaterThanOrEqual(began - 1000);
    expect(appendedAtMs).toBeLessThanOrEqual(Date.now() + 1000);
  });

  test("a topic that takes smaller batches only is named with the setting to change, and goes on with what fits", async () => {
    const small = await oracle.createTopic({ partitions: 1, settings: { "max.message.bytes": "2000" } });
    const ofSmall = await openProducer(cluster, small);
    try {
      await expect(ofSmall.append(0, [numberedEntry(0, 5000)])).rejects.toMatchObject({
        code: "VALUE_TOO_LARGE",
        retryable: false,
        message: expect.stringContaining("max.message.bytes"),
      });
      expect((await ofSmall.append(0, [numberedEntry(0)])).firstOffset).toBe(0);
    } finally {
      await ofSmall.close();
      await oracle.deleteTopic(small);
    }
  });

  test("a topic made anew under the producer is told: what it acknowledged is gone", async () => {
    const doomed = await oracle.createTopic({ partitions: 1 });
    const ofDoomed = await openProducer(cluster, doomed);
    try {
      await ofDoomed.append(0, numberedEntries(0, 5));
      await oracle.deleteTopic(doomed);
      await oracle.createTopic({ partitions: 1, name: doomed });
      await expect(ofDoomed.append(0, numberedEntries(5, 1))).rejects.toMatchObject({
        code: "CORRUPT",
        retryable: false,
      });
      await expect(ofDoomed.append(0, numberedEntries(5, 1))).rejects.toMatchObject({ code: "CORRUPT" });
      expect((await oracle.read(doomed))[0]!.length).toBeLessThanOrEqual(1);
    } finally {
      await ofDoomed.close();
      await oracle.deleteTopic(doomed);
    }
  });
});
