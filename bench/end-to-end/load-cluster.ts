/** The cluster as generator and observer use it: by Kadun's requests, for all engines alike. */

import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";

/** @throws EventLogError. */
export function loadCluster(brokers: string, clientId: string): Promise<KafkaCluster> {
  return KafkaCluster.open({ brokers: brokers.split(","), clientId, tls: null, sasl: null });
}

const UNKNOWN_TOPIC_OR_PARTITION = 3;
const NOT_LEADER_OR_FOLLOWER = 6;
/** Between two tries. */
export const NOT_YET_PAUSE_MS = 50;

/** What a node says of a topic that was just made, until it has heard of it: nothing was appended, or read. */
export function isNotYet(errorCode: number): boolean {
  return errorCode === UNKNOWN_TOPIC_OR_PARTITION || errorCode === NOT_LEADER_OR_FOLLOWER;
}

/** Node ids, by partition. @throws EventLogError. */
export async function leadersOf(cluster: KafkaCluster, topic: string): Promise<readonly number[]> {
  const count = await cluster.partitionCount(topic);
  return Promise.all(Array.from({ length: count }, (_, partition) => cluster.leaderOf(topic, partition)));
}
