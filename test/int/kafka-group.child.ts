/** A member of a partition group in a process of its own: argument is the order, as JSON; tells its assignments. */

import { systemClock } from "../../platform/clock/system-clock.js";
import { kafkaPartitionGroups } from "../../platform/event-log/kafka/group/kafka-partition-group.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { silentLogger } from "../../platform/logger/logger.js";

const [{ bootstrap, groupId, topic, sessionTimeoutMs }] = process.argv
  .slice(2)
  .map((each) => JSON.parse(each));
const cluster = await KafkaCluster.open({
  brokers: [bootstrap],
  clientId: "group-child",
  tls: null,
  sasl: null,
});
const join = kafkaPartitionGroups({ cluster, clock: systemClock, logger: silentLogger, sessionTimeoutMs });
await join({
  groupId,
  topic,
  onAssignment: (partitions) => process.send?.({ type: "assignment", partitions }),
  onFailure: (error) => process.send?.({ type: "failure", message: String(error) }),
});
process.on("disconnect", () => process.exit(0));
