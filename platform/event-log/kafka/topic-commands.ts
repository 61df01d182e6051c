/** The lines by which an operator mends a topic with Kafka's own tools. */
import type { WantedTopic } from "./wanted-topic.js";

export function createCommand(bootstrap: string, wanted: WantedTopic): string {
  const configs = Object.entries(wanted.configs).map(([name, value]) => `--config ${name}=${value}`);
  return [
    `kafka-topics.sh --bootstrap-server ${bootstrap} --create --topic ${wanted.topic}`,
    `--partitions ${wanted.partitions} --replication-factor ${wanted.replicationFactor}`,
    ...configs,
  ].join(" ");
}

export function setConfigCommand(bootstrap: string, topic: string, name: string, value: string): string {
  const quoted = value.includes(",") ? `[${value}]` : value;
  return `kafka-configs.sh --bootstrap-server ${bootstrap} --alter --entity-type topics --entity-name ${topic} --add-config ${name}=${quoted}`;
}

export function growCommand(bootstrap: string, topic: string, partitions: number): string {
  return `kafka-topics.sh --bootstrap-server ${bootstrap} --alter --topic ${topic} --partitions ${partitions}`;
}

export function reassignCommand(bootstrap: string, topic: string, replicas: number): string {
  return (
    `list ${replicas} nodes for each of its partitions in a file and run ` +
    `kafka-reassign-partitions.sh --bootstrap-server ${bootstrap} --reassignment-json-file FILE --execute ` +
    `(FILE: {"version":1,"partitions":[{"topic":"${topic}","partition":0,"replicas":[…]},…]})`
  );
}
