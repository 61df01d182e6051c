/** Topics made and read by stock kafkajs: an opinion of a log that shares no code with the adapter. */

import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Admin, type Batch, Kafka, logLevel } from "kafkajs";

export interface OracleTopic {
  /** A random one unless given. */
  readonly name?: string;
  readonly partitions: number;
  readonly replicationFactor?: number;
  readonly settings?: Readonly<Record<string, string>>;
}

export interface OracleRecord {
  readonly offset: number;
  readonly key: string;
  readonly value: string;
}

const IN_SYNC_LOOK_MS = 100;
const READ_MS_MAX = 60_000;
const LEADERS_MS_MAX = 30_000;
const LEADERS_PAUSE_MS = 50;

export class KafkaOracle {
  private readonly kafka: Kafka;

  /** "host:port", comma between several. */
  constructor(bootstrap: string) {
    this.kafka = new Kafka({
      clientId: "oracle",
      brokers: bootstrap.split(","),
      logLevel: logLevel.NOTHING,
      retry: { retries: 40, initialRetryTime: 100, maxRetryTime: 500 },
    });
  }

  /** Its name. */
  async createTopic({
    name,
    partitions,
    replicationFactor = 1,
    settings = {},
  }: OracleTopic): Promise<string> {
    const topic = name ?? `oracle-${randomUUID()}`;
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const configEntries = Object.entries({ "message.timestamp.type": "LogAppendTime", ...settings }).map(
        ([setting, value]) => ({ name: setting, value }),
      );
      const wanted = { topic, numPartitions: partitions, replicationFactor, configEntries };
      // Its own waiting for leaders fails where the node that it asks has not heard of the topic yet.
      await admin.createTopics({ topics: [wanted], waitForLeaders: false });
      await untilLed(admin, topic, partitions);
    } finally {
      await admin.disconnect();
    }
    return topic;
  }

  async deleteTopic(topic: string): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      await admin.deleteTopics({ topics: [topic] });
    } finally {
      await admin.disconnect();
    }
  }

  /** Members of the group and their partitions, as Kafka's own tools see them. */
  async members(groupId: string): Promise<{ state: string; count: number }> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const { groups } = await admin.describeGroups([groupId]);
      return { state: groups[0]!.state, count: groups[0]!.members.length };
    } finally {
      await admin.disconnect();
    }
  }

  /** Resolves when every partition has so many replicas in sync. */
  async untilInSync(topic: string, replicas: number): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      for (;;) {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        if (topics[0]!.partitions.every(({ isr }) => isr.length >= replicas)) return;
        await wait(IN_SYNC_LOOK_MS);
      }
    } finally {
      await admin.disconnect();
    }
  }

  /** A member of stock kafkajs; resolves with its end when it has joined. */
  async joinStock(groupId: string, topic: string): Promise<() => Promise<void>> {
    const consumer = this.kafka.consumer({ groupId });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({ eachMessage: async () => {} });
    await joined;
    return () => consumer.disconnect();
  }

  /** All records by partition, in their order. */
  async read(topic: string): Promise<readonly (readonly OracleRecord[])[]> {
    const ends = await this.ends(topic);
    const found: OracleRecord[][] = ends.map(() => []);
    const isComplete = () =>
      found.every((records, partition) => (records.at(-1)?.offset ?? -1) >= ends[partition]! - 1);
    if (isComplete()) return found;
    const consumer = this.kafka.consumer({ groupId: `oracle-${randomUUID()}`, maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${topic}: not read to its ends ${ends}`)),
          READ_MS_MAX,
        );
        const eachBatch = async ({ batch }: { batch: Batch }) => {
          for (const { offset, key, value } of batch.messages)
            found[batch.partition]!.push({
              offset: Number(offset),
              key: key?.toString() ?? "",
              value: value?.toString() ?? "",
            });
          if (!isComplete()) return;
          clearTimeout(timer);
          resolve();
        };
        consumer.run({ eachBatch }).catch(reject);
      });
    } finally {
      await consumer.disconnect();
    }
    return found;
  }

  private async ends(topic: string): Promise<readonly number[]> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const offsets = await admin.fetchTopicOffsets(topic);
      const ends: number[] = [];
      for (const { partition, high } of offsets) ends[partition] = Number(high);
      return ends;
    } finally {
      await admin.disconnect();
    }
  }
}

async function untilLed(admin: Admin, topic: string, partitions: number): Promise<void> {
  const deadlineMs = performance.now() + LEADERS_MS_MAX;
  for (;;) {
    const metadata = await admin.fetchTopicMetadata({ topics: [topic] }).catch((error: Error) => error);
    const places = metadata instanceof Error ? [] : (metadata.topics[0]?.partitions ?? []);
    if (places.length === partitions && places.every(({ leader }) => leader >= 0)) return;
    if (performance.now() >= deadlineMs)
      throw new Error(`${topic}: no leaders after ${LEADERS_MS_MAX} ms`, { cause: metadata });
    await wait(LEADERS_PAUSE_MS);
  }
}
