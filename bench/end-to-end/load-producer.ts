/**
 * Appends of a generator, for all engines alike: what is due, of all partitions, goes in one request. Kadun's producer would
 * do it too, but its bookkeeping for each partition (sequences, tries) takes processor time from whoever is measured.
 *
 * 1. Every partition's acknowledgement is checked. Nothing is sent again: a load with a hole is no load.
 * 2. Leaders are looked up once, at the start.
 */

import { encodeRecordBatch } from "../../platform/event-log/kafka/encode-record-batch.js";
import type { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { eventLogErrorOfCode } from "../../platform/event-log/kafka/kafka-errors.js";
import { type ProduceBatch, produceRequest } from "../../platform/event-log/kafka/produce-request.js";
import { PackedEntries } from "../../platform/event-log/packed-entries.js";
import type { DueEntries, DueTopic } from "./due-sender.js";
import { leadersOf, loadCluster } from "./load-cluster.js";

const NO_SEQUENCE = { producerId: -1, producerEpoch: -1, firstSequence: -1 } as const;
const TIMES = { acknowledgeMs: 8_000, answerMs: 10_000 } as const;

export class LoadProducer implements DueTopic {
  private readonly packed = new PackedEntries();

  private constructor(
    private readonly cluster: KafkaCluster,
    private readonly topic: string,
    /** Node ids, by partition. */
    private readonly leaders: readonly number[],
  ) {}

  /** @throws EventLogError. */
  static async open(brokers: string, topic: string): Promise<LoadProducer> {
    const cluster = await loadCluster(brokers, "bench-generator");
    return new LoadProducer(cluster, topic, await leadersOf(cluster, topic));
  }

  get partitions(): number {
    return this.leaders.length;
  }

  /** @throws EventLogError, KafkaWireError. */
  async append(due: readonly DueEntries[]): Promise<void> {
    const byNode = new Map<number, ProduceBatch[]>();
    for (const { partition, entries } of due) {
      const nodeId = this.leaders[partition]!;
      const ofNode = byNode.get(nodeId) ?? [];
      byNode.set(nodeId, ofNode);
      ofNode.push({ topic: this.topic, partition, bytes: this.encoded(entries) });
    }
    await Promise.all([...byNode].map(([nodeId, batches]) => this.send(nodeId, batches)));
  }

  private encoded(entries: DueEntries["entries"]): Buffer {
    return encodeRecordBatch({
      entries: this.packed.refill(entries),
      ...NO_SEQUENCE,
      compression: "none",
      timestampMs: Date.now(),
    });
  }

  private async send(nodeId: number, batches: readonly ProduceBatch[]): Promise<void> {
    const answers = await this.cluster.send(nodeId, produceRequest(batches, TIMES));
    for (const { partition, errorCode, errorText } of answers)
      if (errorCode !== 0)
        throw eventLogErrorOfCode(errorCode, `append to ${this.topic}/${partition}`, errorText);
    if (answers.length !== batches.length)
      throw new Error(`${this.topic}: ${batches.length} partitions were sent, ${answers.length} answered`);
  }
}
