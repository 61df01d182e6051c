/**
 * What comes into a topic, as an observer receives it, for all engines alike: one fetch after another to a node, without a
 * pause, of all partitions that it leads. Kadun's readers would do it too, but each partition's reads and timers take
 * processor time from whoever is measured.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { loadCompression } from "../../platform/event-log/kafka/compression.js";
import { type FetchedPartition, fetchRequest } from "../../platform/event-log/kafka/fetch-request.js";
import type { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { eventLogErrorOfCode } from "../../platform/event-log/kafka/kafka-errors.js";
import { offsetOf } from "../../platform/event-log/kafka/partition-tail.js";
import { RecordQueue } from "../../platform/event-log/kafka/record-queue.js";
import { machineMs } from "./load.js";
import { isNotYet, leadersOf, NOT_YET_PAUSE_MS } from "./load-cluster.js";

const WAIT_MS = 1_000;
/** A topic's largest batch fits; what an answer has no room for comes with the next. */
const LIMITS = { partitionBytesMax: 1_114_112, bytesMax: 8_388_608 } as const;
const ALL = { recordsMax: 5_000, bytesMax: 4_194_304, waitMs: 0 } as const;

/** @param nowMs of machineMs(), when the answer was there. */
type Take = (message: Uint8Array, nowMs: number) => void;

export class LoadTail {
  private constructor(
    private readonly cluster: KafkaCluster,
    private readonly topic: string,
    private readonly queues: readonly RecordQueue[],
    /** Node ids, by partition. */
    private readonly leaders: readonly number[],
  ) {}

  /** From where the partitions end now. @throws EventLogError. */
  static async open(cluster: KafkaCluster, topic: string): Promise<LoadTail> {
    const leaders = await leadersOf(cluster, topic);
    const ends = await Promise.all(leaders.map((_, partition) => offsetOf(cluster, topic, partition, "end")));
    const queues = ends.map((end, partition) => new RecordQueue(topic, partition, end));
    return new LoadTail(cluster, topic, queues, leaders);
  }

  /** Does not end by itself. @throws EventLogError, KafkaWireError. */
  async follow(take: Take): Promise<never> {
    const nodes = [...new Set(this.leaders)];
    return Promise.race(nodes.map((nodeId) => this.followNode(nodeId, take)));
  }

  private async followNode(nodeId: number, take: Take): Promise<never> {
    const partitions = this.leaders.flatMap((leader, partition) => (leader === nodeId ? [partition] : []));
    for (;;) {
      const spots = partitions.map((partition) => ({
        topic: this.topic,
        partition,
        offset: this.queues[partition]!.fetchOffset,
      }));
      const request = fetchRequest({ lane: "fetch", waitMs: WAIT_MS, spots, ...LIMITS });
      const answer = await this.cluster.send(nodeId, request);
      const nowMs = machineMs();
      if (answer.errorCode !== 0) throw eventLogErrorOfCode(answer.errorCode, `read ${this.topic}`);
      if (answer.partitions.some(({ errorCode }) => isNotYet(errorCode))) await sleep(NOT_YET_PAUSE_MS);
      for (const fetched of answer.partitions) {
        const queue = this.added(fetched);
        this.takeAll(queue, nowMs, take);
        while (queue.missingCodec !== null) {
          await loadCompression(queue.missingCodec);
          this.takeAll(queue, nowMs, take);
        }
      }
    }
  }

  private added({ partition, errorCode, records }: FetchedPartition): RecordQueue {
    if (errorCode !== 0 && !isNotYet(errorCode))
      throw eventLogErrorOfCode(errorCode, `read ${this.topic}/${partition}`);
    const queue = this.queues[partition]!;
    queue.add(records);
    return queue;
  }

  private takeAll(queue: RecordQueue, nowMs: number, take: Take): void {
    for (let taken = queue.take(ALL); taken.length > 0; taken = queue.take(ALL))
      for (const { value } of taken) take(value, nowMs);
  }
}
