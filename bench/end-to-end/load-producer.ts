/**
 * Appends of a generator, for all engines alike: what is due, of all partitions, goes in one request. Kadun's producer would
 * do it too, but its bookkeeping for each partition (sequences, tries) takes processor time from whoever is measured.
 *
 * 1. Every partition's acknowledgement is checked. What may be in the log is not sent again: a load with a hole, or with
 *    a double, is no load.
 * 2. Leaders are looked up once, at the start.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { encodeRecordBatch } from "../../platform/event-log/kafka/encode-record-batch.js";
import type { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { eventLogErrorOfCode } from "../../platform/event-log/kafka/kafka-errors.js";
import { type ProduceBatch, produceRequest } from "../../platform/event-log/kafka/produce-request.js";
import { PackedEntries } from "../../platform/event-log/packed-entries.js";
import type { DueEntries, DueTopic } from "./due-sender.js";
import { isNotYet, leadersOf, NOT_YET_PAUSE_MS } from "./load-cluster.js";

const NO_SEQUENCE = { producerId: -1, producerEpoch: -1, firstSequence: -1 } as const;
/** Seconds: a topic is known everywhere long before. */
const TRIES_MAX = 100;
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
  static async open(cluster: KafkaCluster, topic: string): Promise<LoadProducer> {
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

  private async send(nodeId: number, all: readonly ProduceBatch[]): Promise<void> {
    let left = all;
    for (let tries = 1; left.length > 0; tries++) {
      if (tries > 1) await sleep(NOT_YET_PAUSE_MS);
      const answers = await this.cluster.send(nodeId, produceRequest(left, TIMES));
      if (answers.length !== left.length)
        throw new Error(`${this.topic}: ${left.length} partitions were sent, ${answers.length} answered`);
      for (const { partition, errorCode, errorText } of answers)
        if (errorCode !== 0 && !(isNotYet(errorCode) && tries < TRIES_MAX))
          throw eventLogErrorOfCode(errorCode, `append to ${this.topic}/${partition}`, errorText);
      left = left.filter(({ partition }) =>
        answers.some((answer) => answer.partition === partition && answer.errorCode !== 0),
      );
    }
  }
}
