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
 *
 * Which topics there are the controller alone knows: a node goes on showing a topic for a while after it was deleted. One
 * that nodes still show is made only once they have forgotten it: otherwise a new topic could not be told from the old,
 * and whoever came next would read, or append to, what is being deleted.
 *
 * @throws EventLogError TOPIC_SETTINGS naming each topic the server refused and why; UNREACHABLE, NOT_AUTHORIZED.
 */
export async function createTopics(
  cluster: KafkaCluster,
  wanted: readonly WantedTopic[],
): Promise<CreatedTopics> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  const names = wanted.map(({ topic }) => topic);
  const created = new Set<string>();
  for (;;) {
    const waits = await nextStep(cluster, wanted, created);
    if (waits === null) break;
    if (performance.now() > deadlineMs)
      throw new EventLogError("UNREACHABLE", `${waits} after ${DEADLINE_MS / 1000} s; try again`, {
        retryable: true,
      });
    await pause();
  }
  await cluster.refresh(names);
  const existing = wanted.filter(({ topic }) => !created.has(topic));
  return {
    created: names.filter((topic) => created.has(topic)),
    existing: existing.map(({ topic }) => topic),
    problems: await checkTopics(cluster, existing),
  };
}

/** Makes what can be made now. @returns what is still waited for, null where all is done. */
async function nextStep(
  cluster: KafkaCluster,
  wanted: readonly WantedTopic[],
  created: Set<string>,
): Promise<string | null> {
  const missing = await missingAtController(cluster, wanted);
  if (missing === null) return `the controller does not say which of the topics ${namesOf(wanted)} there are`;
  const deleted = await shownByNodes(cluster, missing);
  if (deleted.length > 0) return `the topics ${namesOf(deleted)} were deleted, but nodes still show them`;
  const verdicts = await ask(cluster, missing, { validateOnly: false });
  for (const { topic, errorCode } of verdicts) if (errorCode === 0) created.add(topic);
  refuse(verdicts);
  if (verdicts.some(({ errorCode }) => isPassing(errorCode)))
    return `the controller does not make the topics ${namesOf(missing)}`;
  for (const nodeId of cluster.nodeIds)
    if (!(await knowsLeaders(cluster, nodeId, wanted)))
      return `the topics ${namesOf(wanted)} are there, but node ${nodeId} does not know all their leaders`;
  return null;
}

/** null where it has to be asked again. */
async function missingAtController(
  cluster: KafkaCluster,
  wanted: readonly WantedTopic[],
): Promise<WantedTopic[] | null> {
  const verdicts = await ask(cluster, wanted, { validateOnly: true });
  const denied = verdicts.filter(({ errorCode }) => NOT_AUTHORIZED.has(errorCode));
  // Who may not make topics may use those that there are.
  const shown = denied.length === 0 ? new Map() : await placesOf(cluster, wanted);
  const answers = verdicts.filter(({ topic }) => !shown.has(topic));
  refuse(answers);
  if (answers.some(({ errorCode }) => isPassing(errorCode))) return null;
  const missing = answers.filter(({ errorCode }) => errorCode === 0).map(({ topic }) => topic);
  return wanted.filter(({ topic }) => missing.includes(topic));
}

async function ask(
  cluster: KafkaCluster,
  topics: readonly WantedTopic[],
  how: { readonly validateOnly: boolean },
): Promise<TopicVerdict[]> {
  if (topics.length === 0) return [];
  const request = createTopicsRequest(topics, { timeoutMs: SERVER_TIMEOUT_MS, ...how });
  return cluster.sendToController(request, `create topics ${namesOf(topics)}`);
}

/** Of topics that there are not. */
async function shownByNodes(cluster: KafkaCluster, topics: readonly WantedTopic[]): Promise<WantedTopic[]> {
  if (topics.length === 0) return [];
  const shown = new Set<string>();
  for (const nodeId of cluster.nodeIds)
    for (const { topic, errorCode } of (await viewOf(cluster, nodeId, topics)) ?? [])
      if (errorCode !== UNKNOWN_TOPIC) shown.add(topic);
  return topics.filter(({ topic }) => shown.has(topic));
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

/** @throws EventLogError where one was refused for good. */
function refuse(verdicts: readonly TopicVerdict[]): void {
  const refused = verdicts.filter(({ errorCode }) => isRefusal(errorCode));
  if (refused.length > 0) throw refusal("create", refused);
}

function isPassing(errorCode: number): boolean {
  return errorCode !== 0 && kafkaErrorOf(errorCode).retryable;
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

async function knowsLeaders(
  cluster: KafkaCluster,
  nodeId: number,
  topics: readonly WantedTopic[],
): Promise<boolean> {
  const view = await viewOf(cluster, nodeId, topics);
  if (view === null) return !cluster.nodeIds.includes(nodeId);
  return view.length === topics.length && view.every(hasLeaders);
}

/** null where the node does not answer: one that is down now learns everything when it comes back. */
async function viewOf(
  cluster: KafkaCluster,
  nodeId: number,
  topics: readonly WantedTopic[],
): Promise<readonly TopicPartitions[] | null> {
  if (!cluster.nodeIds.includes(nodeId)) return null;
  try {
    const { topics: view } = await cluster.send(nodeId, metadataRequest(topics.map(({ topic }) => topic)));
    return view;
  } catch (error) {
    if (error instanceof EventLogError) throw error;
    await cluster.metadata([]);
    return null;
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
