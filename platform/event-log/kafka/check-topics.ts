/** Are the topics there, and as they have to be? */

import type { KafkaCluster } from "./kafka-cluster.js";
import { eventLogErrorOfCode } from "./kafka-errors.js";
import type { TopicPartitions } from "./metadata-request.js";
import { topicProblems } from "./topic-problems.js";
import { type DescribedTopic, describeTopicsRequest } from "./topic-requests.js";
import type { TopicProblem, WantedTopic } from "./wanted-topic.js";

const UNKNOWN_TOPIC = 3;

/** Empty where all is well. Nothing is changed. @throws EventLogError UNREACHABLE, NOT_AUTHORIZED, CLOSED. */
export async function checkTopics(
  cluster: KafkaCluster,
  wanted: readonly WantedTopic[],
): Promise<TopicProblem[]> {
  const placed = await placesOf(cluster, wanted);
  const present = wanted.filter(({ topic }) => placed.has(topic));
  const configs = await configsOf(cluster, present);
  const bootstrap = cluster.options.brokers.join(",");
  return wanted.flatMap((each) => {
    const partitions = placed.get(each.topic)?.partitions;
    const found = partitions && {
      partitions,
      configs: configs.get(each.topic) ?? new Map<string, string | null>(),
    };
    return topicProblems(each, found ?? null, bootstrap);
  });
}

/** Of those that there are. */
export async function placesOf(
  cluster: KafkaCluster,
  wanted: readonly WantedTopic[],
): Promise<ReadonlyMap<string, TopicPartitions>> {
  if (wanted.length === 0) return new Map();
  const { topics } = await cluster.metadata(wanted.map(({ topic }) => topic));
  const refused = topics.find(({ errorCode }) => errorCode !== 0 && errorCode !== UNKNOWN_TOPIC);
  if (refused !== undefined) throw eventLogErrorOfCode(refused.errorCode, `look at topic "${refused.topic}"`);
  return new Map(topics.filter(({ errorCode }) => errorCode === 0).map((topic) => [topic.topic, topic]));
}

async function configsOf(
  cluster: KafkaCluster,
  topics: readonly WantedTopic[],
): Promise<ReadonlyMap<string, DescribedTopic["configs"]>> {
  const asked = topics.map(({ topic, configs }) => ({ topic, configs: Object.keys(configs) }));
  if (asked.length === 0) return new Map();
  const described = await cluster.sendToAny(describeTopicsRequest(asked), "read the topics' settings");
  const refused = described.find(({ errorCode }) => errorCode !== 0 && errorCode !== UNKNOWN_TOPIC);
  if (refused === undefined) return new Map(described.map(({ topic, configs }) => [topic, configs]));
  const doing = `read the settings of topic "${refused.topic}"`;
  throw eventLogErrorOfCode(refused.errorCode, doing, refused.errorMessage);
}
