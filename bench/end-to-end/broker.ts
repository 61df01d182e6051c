/** The broker of the comparison: topics, their filling, where they end. By Kadun's own Kafka client, for all engines alike. */

import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog, LogEntry } from "../../platform/event-log/event-log.js";
import { createTopics, deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { kafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { offsetOf } from "../../platform/event-log/kafka/partition-tail.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { partitionOf } from "../../schemas/topics.js";
import { isLost, psnNoOf } from "../swipe-5/job.js";
import { PARTITIONS, type StreamMessage, SwipeStream } from "./swipe-stream.js";

/** About 200 kB. */
const BATCH_RECORDS = 500;
const FOREVER = { "retention.ms": "-1", "retention.bytes": "-1" };
const READ_LIMITS = { recordsMax: 5_000, bytesMax: 4_194_304, waitMs: 5_000 } as const;
const NO_HEADER = new Uint8Array();
/** The value of a `card-status` record; its key is the psnNo. */
export const LOST_STATUS = Buffer.from('{"status":"LOST"}');

export class Broker {
  private constructor(
    readonly brokers: string,
    private readonly cluster: KafkaCluster,
    readonly log: EventLog,
    /** Of every topic. */
    private readonly partitions: number,
  ) {}

  /** @throws EventLogError. */
  static async open(brokers: string, partitions = PARTITIONS): Promise<Broker> {
    const cluster = await KafkaCluster.open({
      brokers: brokers.split(","),
      clientId: "bench-compare",
      tls: null,
      sasl: null,
    });
    const log = kafkaEventLog(cluster, { clock: systemClock, logger: silentLogger });
    return new Broker(brokers, cluster, log, partitions);
  }

  async create(
    topics: readonly string[],
    configs: Readonly<Record<string, string>> = FOREVER,
  ): Promise<void> {
    await createTopics(
      this.cluster,
      topics.map((topic) => ({ topic, partitions: this.partitions, replicationFactor: 1, configs })),
    );
  }

  delete(topics: readonly string[]): Promise<void> {
    return deleteTopics(this.cluster, topics);
  }

  /** A compacted topic that names everybody whose card is lost. */
  async createCardStatus(topic: string, persons: number): Promise<void> {
    await this.create([topic], { "cleanup.policy": "compact" });
    await this.append(topic, lostCards(persons, this.partitions));
  }

  async createSwipes(topic: string, { persons, seed, events }: SwipesWanted): Promise<void> {
    await this.create([topic]);
    const stream = new SwipeStream(persons, seed, this.partitions);
    await this.append(topic, swipesOf(stream, events));
  }

  /** Records that a reader of uncommitted ones sees, and markers. */
  async recordCount(topic: string): Promise<number> {
    const ends = await Promise.all(
      Array.from({ length: this.partitions }, (_, partition) =>
        offsetOf(this.cluster, topic, partition, "end"),
      ),
    );
    return ends.reduce((sum, end) => sum + end, 0);
  }

  /** Everything that is in the topic now. */
  async readAll(topic: string, take: (value: Uint8Array) => void): Promise<void> {
    await Promise.all(
      Array.from({ length: this.partitions }, (_, partition) => this.readPartition(topic, partition, take)),
    );
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.cluster.close();
  }

  private async readPartition(
    topic: string,
    partition: number,
    take: (value: Uint8Array) => void,
  ): Promise<void> {
    const { start, end } = await this.log.bounds(topic, partition);
    const reader = await this.log.reader(topic, partition, start);
    try {
      while (reader.position < end) {
        const records = await reader.read(READ_LIMITS);
        // Behind the last record there may be nothing but the marker of its transaction.
        if (records.length === 0) break;
        for (const { value } of records) take(value);
      }
    } finally {
      await reader.close();
    }
  }

  private async append(topic: string, messages: Iterable<StreamMessage>): Promise<void> {
    const producer = await this.log.producer(topic);
    try {
      const waiting: LogEntry[][] = Array.from({ length: this.partitions }, () => []);
      const sending: Promise<unknown>[] = Array.from({ length: this.partitions }, async () => {});
      const send = async (partition: number): Promise<void> => {
        await sending[partition];
        const entries = waiting[partition]!;
        waiting[partition] = [];
        sending[partition] = producer.append(partition, entries);
        // Its error is told where it is waited for.
        sending[partition].catch(() => {});
      };
      for (const { key, value, partition } of messages) {
        waiting[partition]!.push({ key, value, header: NO_HEADER });
        if (waiting[partition]!.length >= BATCH_RECORDS) await send(partition);
      }
      for (let partition = 0; partition < this.partitions; partition++)
        if (waiting[partition]!.length > 0) await send(partition);
      await Promise.all(sending);
    } finally {
      await producer.close();
    }
  }
}

export interface SwipesWanted {
  readonly persons: number;
  readonly seed: number;
  readonly events: number;
}

function* lostCards(persons: number, partitions: number): Generator<StreamMessage> {
  for (let person = 0; person < persons; person++) {
    if (!isLost(person)) continue;
    const key = psnNoOf(person);
    yield { key, value: LOST_STATUS, partition: partitionOf(key, partitions) };
  }
}

function* swipesOf(stream: SwipeStream, events: number): Generator<StreamMessage> {
  for (let number = 0; number < events; number++) yield stream.next();
}
