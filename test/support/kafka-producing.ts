/** Producers as the event log opens them, with times short enough for tests. */

import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLogError } from "../../platform/event-log/event-log.js";
import { BatchDelivery } from "../../platform/event-log/kafka/batch-delivery.js";
import type { Compression } from "../../platform/event-log/kafka/compression.js";
import type { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { KafkaProducer } from "../../platform/event-log/kafka/kafka-producer.js";
import { listOffsetsRequest } from "../../platform/event-log/kafka/list-offsets.js";
import { newProducerId } from "../../platform/event-log/kafka/producer-id.js";

export interface Producing {
  readonly deadlineMs?: number;
  /** Longest wait for one answer. */
  readonly answerMs?: number;
  readonly compression?: Compression;
  readonly onAgain?: (error: EventLogError) => void;
}

export async function openProducer(
  cluster: KafkaCluster,
  topic: string,
  { deadlineMs, answerMs = 4_000, compression = "none", onAgain }: Producing = {},
): Promise<KafkaProducer> {
  const times = { acknowledgeMs: answerMs * 0.75, answerMs };
  return KafkaProducer.open({
    topic,
    partitionCount: await cluster.partitionCount(topic),
    delivery: new BatchDelivery({ cluster, clock: systemClock, deadlineMs, times, onAgain }),
    newProducerId: () => newProducerId(cluster, systemClock),
    endOf: async (partition) => {
      const leader = await cluster.leaderOf(topic, partition);
      return (await cluster.send(leader, listOffsetsRequest(topic, partition, "end"))).offset;
    },
    compression,
    clock: systemClock,
  });
}
