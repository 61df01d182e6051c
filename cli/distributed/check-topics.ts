/** What a role checks before it starts: topics that are missing or set otherwise lose records later, silently. */

import { checkTopics } from "../../platform/event-log/kafka/check-topics.js";
import { describeTopicProblem } from "../../platform/event-log/kafka/wanted-topic.js";
import { Topic } from "../../schemas/topics.js";
import type { KafkaParts } from "../compose/kafka.js";
import { OperatingError } from "../exit-status.js";
import { topicsOf } from "./topics.js";

/** @returns how many partitions the journal has. @throws OperatingError, a line for each topic or setting that is wrong. */
export async function checkLogTopics({ cluster, log }: KafkaParts): Promise<number> {
  const partitions = await log.partitionCount(Topic.JOURNAL);
  const decisions = await log.partitionCount(Topic.DECISIONS);
  if (partitions !== decisions)
    throw new OperatingError(
      `${Topic.JOURNAL} has ${partitions} partitions, ${Topic.DECISIONS} ${decisions}: they must be equal, and never change; restore the one that was changed, or make both anew with 'kadun topics create'`,
    );
  const problems = await checkTopics(cluster, topicsOf({ partitions, replicationFactor: 1 }));
  if (problems.length > 0) throw new OperatingError(problems.map(describeTopicProblem).join("\n"));
  return partitions;
}
