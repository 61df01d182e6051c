/** Makes the topics that are missing; those that exist are looked at and never changed. */
import { EventLogError } from "../event-log.js";
import { checkTopics, placesOf } from "./check-topics.js";
import type { KafkaCluster } from "./kafka-cluster.js";
import { kafkaErrorOf } from "./kafka-errors.js";
import { metadataRequest, type TopicPartitions } from "./metadata-request.js";
import { createTopicsRequest, deleteTopicsRequest, type TopicVerdict } from "./topic-requests.js";
import type { TopicProblem, WantedTopic } from "./wanted-topic.js";

/** The server's own limit for making them; some hundred partitions take a second or two. */
const SERVER_TIMEOUT_MS = 10_000;
/** From the first request until every node knows every leader. */
const DEADLINE_MS = 30_000;
const PAUSE_MS = 100;
const NOT_AUTHORIZED: ReadonlySet<number> = new Set([29, 31]);
const UNKNOWN_TOPIC = 3;
const ALREADY_EXISTS = 36;

export interface CreatedTopics {
  readonly created: readonly string[];
  readonly existing: readonly string[];
  /** Of those that existed and are otherwise than wanted. */
  readonly problems: readonly TopicProblem[];
}

/**
 * Resolves when every node of the cluster knows a leader of every partition.
 * @throws EventLogError TOPIC_SETTINGS naming each topic the server refused and why; UNREACHABLE, NOT_AUTHORIZED.
 */
export async function createTopics(
  cluster: KafkaCluster,
  wanted: readonly WantedTopic[],
): Promise<CreatedTopics> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  const before = await placesOf(cluster, wanted);
  const missing = wanted.filter(({ topic }) => !before.has(topic));
  const created = await createMissing(cluster, missing, deadlineMs);
  await leadersEverywhere(
    cluster,
    wanted.map(({ topic }) => topic),
    deadlineMs,
  );
  const existing = wanted.filter(({ topic }) => !created.includes(topic));
  return {
    created,
    existing: existing.map(({ topic }) => topic),
    problems: await checkTopics(cluster, existing),
  };
}

/** Those that are not there are passed over. For tests and for tearing down what was tried. */
export async function deleteTopics(cluster: KafkaCluster, topics: readonly string[]): Promise<void> {
  if (topics.length === 0) return;
  const verdicts = await cluster.sendToController(
    deleteTopicsRequest(topics, SERVER_TIMEOUT_MS),
    "delete topics",
  );
  const refused = verdicts.filter(({ errorCode }) => errorCode !== 0 && errorCode !== UNKNOWN_TOPIC);
  if (refused.length > 0) throw refusal("delete", refused);
}

/** Names of those made by this call: another process may have been quicker with the others. */
async function createMissing(
  cluster: KafkaCluster,
  missing: readonly WantedTopic[],
  deadlineMs: number,
): Promise<string[]> {
  const created: string[] = [];
  let left = missing;
  while (left.length > 0) {
    const request = createTopicsRequest(left, SERVER_TIMEOUT_MS);
    const verdicts = await cluster.sendToController(request, `create topics ${namesOf(left)}`);
    created.push(...verdicts.filter(({ errorCode }) => errorCode === 0).map(({ topic }) => topic));
    const again = verdicts.filter(({ errorCode }) => errorCode !== 0 && kafkaErrorOf(errorCode).retryable);
    const refused = verdicts.filter((verdict) => isRefusal(verdict.errorCode));
    if (refused.length > 0 || (again.length > 0 && performance.now() > deadlineMs)) {
      throw refusal("create", [...refused, ...again]);
    }
    left = left.filter(({ topic }) => again.some((verdict) => verdict.topic === topic));
    if (left.length > 0) await pause();
  }
  return created;
}

function isRefusal(errorCode: number): boolean {
  return errorCode !== 0 && errorCode !== ALREADY_EXISTS && !kafkaErrorOf(errorCode).retryable;
}

function refusal(doing: "create" | "delete", refused: readonly TopicVerdict[]): EventLogError {
  const reasons = refused.map(({ topic, errorCode, errorMessage }) => {
    const { name } = kafkaErrorOf(errorCode);
    return `${topic}: ${errorMessage === null ? name : `${name} (${errorMessage})`}`;
  });
  const denied = refused.every(({ errorCode }) => NOT_AUTHORIZED.has(errorCode));
  const advice = denied ? `; the user needs the right to ${doing} topics` : "";
  const message = `the server refused to ${doing} topics: ${reasons.join("; ")}${advice}`;
  return new EventLogError(denied ? "NOT_AUTHORIZED" : "TOPIC_SETTINGS", message, {
    retryable: refused.every(({ errorCode }) => kafkaErrorOf(errorCode).retryable),
  });
}

async function leadersEverywhere(
  cluster: KafkaCluster,
  topics: readonly string[],
  deadlineMs: number,
): Promise<void> {
  for (const nodeId of cluster.nodeIds) {
    while (!(await knowsLeaders(cluster, nodeId, topics))) {
      if (performance.now() > deadlineMs) {
        const message = `the topics ${topics.join(", ")} were made, but node ${nodeId} does not know all leaders after ${DEADLINE_MS} ms`;
        throw new EventLogError("UNREACHABLE", message, { retryable: true });
      }
      await pause();
    }
  }
  await cluster.refresh(topics);
}

async function knowsLeaders(
  cluster: KafkaCluster,
  nodeId: number,
  topics: readonly string[],
): Promise<boolean> {
  // A node that is down now learns it when it comes back.
  if (!cluster.nodeIds.includes(nodeId)) return true;
  try {
    const answer = await cluster.send(nodeId, metadataRequest(topics));
    return answer.topics.length === topics.length && answer.topics.every(hasLeaders);
  } catch (error) {
    if (error instanceof EventLogError) throw error;
    await cluster.metadata([]);
    return false;
  }
}

function hasLeaders({ errorCode, partitions }: TopicPartitions): boolean {
  return errorCode === 0 && partitions.every(({ leader }) => leader >= 0);
}

function namesOf(topics: readonly WantedTopic[]): string {
  return topics.map(({ topic }) => topic).join(", ");
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
