/**
 * A Kafka cluster as its clients need it: who leads a partition, who coordinates a group, requests to nodes.
 *
 * Owns: the connections, the picture of the cluster.
 * Does not own: sending again (who sends knows whether that is safe), what answers mean.
 *
 * Invariants
 * 1. A request is sent at most once per `send`; its outcome is its answer or a KafkaWireError, never silence.
 * 2. However many ask for fresh metadata at once, one question is asked, and the next no sooner than 250 ms later.
 * 3. No failure of a connection reaches the process but through a promise that somebody awaits.
 */
import { EventLogError } from "../event-log.js";
import { ClusterNodes } from "./cluster-nodes.js";
import { eventLogErrorOfCode, eventLogErrorOfWire, KafkaWireError } from "./kafka-errors.js";
import {
  CONNECT_TIMEOUT_DEFAULT_MS,
  type KafkaOptions,
  parseBrokerAddress,
  REQUEST_TIMEOUT_DEFAULT_MS,
} from "./kafka-options.js";
import { type CoordinatorAnswer, findCoordinatorRequest, type MetadataAnswer } from "./metadata-request.js";
import { openFailure } from "./open-failure.js";
import { PacedLookups } from "./paced-lookups.js";
import { TopicLeaders } from "./topic-leaders.js";
import type { WireRequest } from "./wire-request.js";

/** A topic just created is known to every node after some hundred milliseconds. */
const UNKNOWN_TOPIC_TRIES_MAX = 3;
const COORDINATOR_NOT_AVAILABLE = 15;
/** A new cluster's first group waits for its offsets' topic to be made: a second or two. */
const COORDINATOR_TRIES_MAX = 20;
const COORDINATOR_PAUSE_MS = 250;

export class KafkaCluster {
  readonly #leaders = new TopicLeaders();
  readonly #topicLookups = new PacedLookups();
  readonly #coordinators = new Map<string, number>();
  readonly #coordinatorLookups = new PacedLookups();
  #closed = false;

  readonly #nodes: ClusterNodes;

  private constructor(
    readonly options: KafkaOptions,
    nodes: ClusterNodes,
  ) {
    this.#nodes = nodes;
  }

  /** @throws EventLogError UNREACHABLE, NOT_AUTHORIZED: one message with addresses, what was expected, and the fix. */
  static async open(options: KafkaOptions): Promise<KafkaCluster> {
    if (options.brokers.length === 0) {
      throw new EventLogError("UNREACHABLE", "no Kafka address was given: give at least one host:port");
    }
    const nodes = new ClusterNodes(options.brokers.map(parseBrokerAddress), {
      clientId: options.clientId,
      tls: options.tls,
      sasl: options.sasl,
      connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_DEFAULT_MS,
      requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_DEFAULT_MS,
    });
    try {
      await nodes.metadata([]);
      // Asked again, of the nodes themselves: the addresses they give out must be reachable too.
      await nodes.metadataOfNodes();
    } catch (error) {
      nodes.close();
      throw await openFailure(error, options, nodes.addresses);
    }
    return new KafkaCluster(options, nodes);
  }

  /** Ids of the nodes that are up, as last heard. */
  get nodeIds(): readonly number[] {
    return this.#nodes.ids;
  }

  /** @throws EventLogError TOPIC_UNKNOWN, UNREACHABLE, NOT_AUTHORIZED, CLOSED. */
  async partitionCount(topic: string): Promise<number> {
    await this.#know(topic);
    return this.#leaders.partitionCount(topic);
  }

  /** Node id, at once from what is known; asks where nothing is. Rejects with EventLogError, retryable while there is none. */
  leaderOf(topic: string, partition: number): number | Promise<number> {
    const leader = this.#closed ? -1 : this.#leaders.knownLeader(topic, partition);
    if (leader < 0) return this.#askForLeader(topic, partition);
    this.#renewIfOld(topic);
    return leader;
  }

  /** Asks where the topics' partitions are now. @throws EventLogError UNREACHABLE, NOT_AUTHORIZED, CLOSED. */
  async refresh(topics: readonly string[]): Promise<void> {
    await this.#topicLookups.run(topics, async (wanted) => {
      const answer = await this.metadata(wanted);
      this.#leaders.heard(answer.topics);
    });
  }

  /** A node's own answer, of any node: partitions with replicas, the controller. Error codes are the caller's to look at. */
  async metadata(topics: readonly string[]): Promise<MetadataAnswer> {
    this.#mustBeOpen();
    return this.#orEventLogError("ask for the cluster's metadata", () => this.#nodes.metadata(topics));
  }

  /**
   * @throws KafkaWireError; after it the next send connects again. Where it is "closed" or "timeout" the request may
   *   have been carried out. EventLogError CLOSED after close().
   */
  async send<Answer>(nodeId: number, request: WireRequest<Answer>): Promise<Answer> {
    this.#mustBeOpen();
    return this.#nodes.node(nodeId).send(request);
  }

  /** To whichever node answers. `doing` is for messages. @throws EventLogError UNREACHABLE, NOT_AUTHORIZED, CLOSED. */
  async sendToAny<Answer>(request: WireRequest<Answer>, doing: string): Promise<Answer> {
    this.#mustBeOpen();
    return this.#orEventLogError(doing, () => this.#nodes.askAny(request));
  }

  /** To the node that takes changes of the cluster. @throws as `sendToAny`. */
  async sendToController<Answer>(request: WireRequest<Answer>, doing: string): Promise<Answer> {
    const { controllerId } = await this.metadata([]);
    return this.#orEventLogError(doing, () => this.#nodes.node(controllerId).send(request));
  }

  /** Node id of the group's coordinator, from what is known; asks where nothing is. @throws EventLogError */
  async coordinatorOf(groupId: string): Promise<number> {
    this.#mustBeOpen();
    const known = this.#coordinators.get(groupId);
    return known ?? this.refreshCoordinator(groupId);
  }

  /** Asks who coordinates the group now. @throws EventLogError; retryable while there is none. */
  async refreshCoordinator(groupId: string): Promise<number> {
    this.#mustBeOpen();
    this.#coordinators.delete(groupId);
    await this.#coordinatorLookups.run([groupId], () => this.#findCoordinator(groupId));
    const nodeId = this.#coordinators.get(groupId);
    if (nodeId !== undefined) return nodeId;
    throw new EventLogError("UNREACHABLE", `group "${groupId}" has no coordinator now`, { retryable: true });
  }

  /** Ends all connections; what waits is rejected. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#nodes.close();
  }

  async #know(topic: string): Promise<void> {
    this.#mustBeOpen();
    for (let tries = 0; !this.#leaders.isKnown(topic) && tries < UNKNOWN_TOPIC_TRIES_MAX; tries += 1) {
      await this.refresh([topic]);
    }
    this.#renewIfOld(topic);
  }

  /** What is known goes on being used meanwhile; a failure shows where a request fails. */
  #renewIfOld(topic: string): void {
    if (this.#leaders.isOld(topic)) this.refresh([topic]).catch(() => {});
  }

  async #askForLeader(topic: string, partition: number): Promise<number> {
    await this.#know(topic);
    if (this.#leaders.leader(topic, partition) < 0) await this.refresh([topic]);
    const leader = this.#leaders.leader(topic, partition);
    if (leader >= 0) return leader;
    const message = `partition ${partition} of topic "${topic}" has no leader now: all its replicas are down`;
    throw new EventLogError("UNREACHABLE", message, { retryable: true });
  }

  async #findCoordinator(groupId: string): Promise<void> {
    const doing = `look for the coordinator of group "${groupId}"`;
    const answer = await this.#orEventLogError(doing, () => this.#askForCoordinator(groupId));
    if (answer.errorCode !== 0) throw eventLogErrorOfCode(answer.errorCode, doing, answer.errorMessage);
    // A coordinator may be a node that has just come: its address is in the metadata.
    if (!this.#nodes.ids.includes(answer.nodeId)) await this.metadata([]);
    this.#coordinators.set(groupId, answer.nodeId);
  }

  async #askForCoordinator(groupId: string): Promise<CoordinatorAnswer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#nodes.askAny(findCoordinatorRequest(groupId));
      if (answer.errorCode !== COORDINATOR_NOT_AVAILABLE || tries === COORDINATOR_TRIES_MAX) return answer;
      await new Promise((resolve) => setTimeout(resolve, COORDINATOR_PAUSE_MS));
    }
  }

  async #orEventLogError<Result>(doing: string, act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      this.#mustBeOpen();
      throw error instanceof KafkaWireError ? eventLogErrorOfWire(error, doing) : error;
    }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new EventLogError("CLOSED", "the Kafka cluster's connections were closed");
  }
}
