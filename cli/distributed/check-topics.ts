/** What a role checks before it starts: topics that are missing or set otherwise lose records later, silently. */

import { type EventLog, EventLogError } from "../../platform/event-log/event-log.js";
import { checkTopics } from "../../platform/event-log/kafka/check-topics.js";
import { describeTopicProblem, type TopicProblem } from "../../platform/event-log/kafka/wanted-topic.js";
import { Topic } from "../../schemas/topics.js";
import type { KafkaParts } from "../compose/kafka.js";
import { OperatingError } from "../exit-status.js";
import { topicsOf } from "./topics.js";

/** @returns how many partitions the journal has. @throws OperatingError, a line for each topic or setting that is wrong. */
export async function checkLogTopics({ cluster, log }: KafkaParts): Promise<number> {
  const partitions = await countOf(log, Topic.JOURNAL);
  const decisions = await countOf(log, Topic.DECISIONS);
  if (partitions !== decisions)
    throw new OperatingError(
      `${Topic.JOURNAL} has ${partitions} partitions, ${Topic.DECISIONS} ${decisions}: they must be equal, and never change; restore the one that was changed, or make both anew with 'kadun topics create'`,
    );
  const problems = await checkTopics(cluster, topicsOf({ partitions, replicationFactor: 1 }));
  if (problems.length > 0) throw topicsError(problems);
  return partitions;
}

/** One error for all of them, a line each. */
export function topicsError(problems: readonly TopicProblem[]): OperatingError {
  const lines = problems.map(describeTopicProblem);
  if (problems.some(({ setting }) => setting === "topic"))
    lines.push("'kadun topics create' makes all topics that are missing");
  return new OperatingError(lines.join("\n"));
}

async function countOf(log: EventLog, topic: Topic): Promise<number> {
  try {
    return await log.partitionCount(topic);
  } catch (error) {
    if (!(error instanceof EventLogError) || error.code !== "TOPIC_UNKNOWN") throw error;
    throw new OperatingError(
      `topic ${topic} is missing in the Kafka cluster (KADUN_KAFKA_BROKERS); 'kadun topics create' makes it and all others`,
    );
  }
}
