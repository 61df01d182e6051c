/** The log on Kafka as the suites open it: topics of one run carry a suffix. */

import { randomBytes } from "node:crypto";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { createTopics, deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { openKafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import type { KafkaOptions } from "../../platform/event-log/kafka/kafka-options.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { withTopicsRenamed } from "../support/renamed-topics.js";

export interface KafkaLogPlace {
  /** host:port, with commas. */
  readonly bootstrap: string;
  readonly suffix: string;
}

export function randomSuffix(): string {
  return randomBytes(6).toString("hex");
}

export function optionsOf(bootstrap: string): KafkaOptions {
  return { brokers: bootstrap.split(","), clientId: "kadun-test", tls: null, sasl: null };
}

export async function openRenamedLog({ bootstrap, suffix }: KafkaLogPlace): Promise<EventLog> {
  const log = await openKafkaEventLog({ ...optionsOf(bootstrap), clock: systemClock, logger: silentLogger });
  return withTopicsRenamed(log, (topic) => `${topic}.${suffix}`);
}

export interface TestTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

/** With LogAppendTime. */
export async function makeTopics(cluster: KafkaCluster, topics: readonly TestTopic[]): Promise<void> {
  const wanted = topics.map(({ topic, partitions, replicationFactor = 1, configs }) => ({
    topic,
    partitions,
    replicationFactor,
    configs: { "message.timestamp.type": "LogAppendTime", ...configs },
  }));
  await createTopics(cluster, wanted);
}

export async function removeTopics(bootstrap: string, topics: readonly string[]): Promise<void> {
  const cluster = await KafkaCluster.open(optionsOf(bootstrap));
  await deleteTopics(cluster, topics);
  await cluster.close();
}
