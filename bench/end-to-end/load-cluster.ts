/** The cluster as generator and observer use it: by Kadun's requests, for all engines alike. */

import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";

/** @throws EventLogError. */
export function loadCluster(brokers: string, clientId: string): Promise<KafkaCluster> {
  return KafkaCluster.open({ brokers: brokers.split(","), clientId, tls: null, sasl: null });
}

/** Node ids, by partition. @throws EventLogError. */
export async function leadersOf(cluster: KafkaCluster, topic: string): Promise<readonly number[]> {
  const count = await cluster.partitionCount(topic);
  return Promise.all(Array.from({ length: count }, (_, partition) => cluster.leaderOf(topic, partition)));
}
