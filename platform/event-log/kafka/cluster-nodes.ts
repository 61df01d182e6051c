/**
 * The nodes that make up the cluster now, as its metadata tells, and the addresses it was first reached by.
 *
 * Invariants
 * 1. A node that the metadata no longer tells of is closed: what waited for it is rejected, not left to time out.
 * 2. A node's object stays the same while its address does.
 */
import { KafkaWireError } from "./kafka-errors.js";
import { KafkaNode, type NodeOptions } from "./kafka-node.js";
import { type BrokerAddress, formatBrokerAddress } from "./kafka-options.js";
import { type MetadataAnswer, metadataRequest } from "./metadata-request.js";
import type { WireRequest } from "./wire-request.js";

export class ClusterNodes {
  readonly #nodes = new Map<number, KafkaNode>();
  readonly #seeds: readonly BrokerAddress[];
  readonly #options: NodeOptions;
  #closed = false;
  #turn = 0;

  constructor(seeds: readonly BrokerAddress[], options: NodeOptions) {
    this.#seeds = seeds;
    this.#options = options;
  }

  get ids(): number[] {
    return [...this.#nodes.keys()].sort((a, b) => a - b);
  }

  get addresses(): BrokerAddress[] {
    return [...this.#nodes.values()].map((node) => node.address);
  }

  /** @throws KafkaWireError unreachable where the cluster has no such node now. */
  node(nodeId: number): KafkaNode {
    const node = this.#nodes.get(nodeId);
    if (node !== undefined) return node;
    const known = this.#closed ? "the cluster was closed" : `it has nodes ${this.ids.join(", ")}`;
    throw new KafkaWireError("unreachable", `node ${nodeId} is not in the cluster now: ${known}`);
  }

  /**
   * Asks one node after the other, connected ones first, then the addresses of the beginning, until one answers.
   * @throws KafkaWireError with what each of them said.
   */
  async askAny<Answer>(request: WireRequest<Answer>): Promise<Answer> {
    const failures: KafkaWireError[] = [];
    return (await this.#askNodes(request, failures)) ?? this.#askSeeds(request, failures);
  }

  /** What the cluster looks like now, from any node; the nodes are brought up to date by it. */
  async metadata(topics: readonly string[]): Promise<MetadataAnswer> {
    const answer = await this.askAny(metadataRequest(topics));
    this.#adopt(answer);
    return answer;
  }

  /** As `metadata` without topics, but of the nodes themselves, by the addresses they give out. */
  async metadataOfNodes(): Promise<void> {
    const failures: KafkaWireError[] = [];
    const answer = await this.#askNodes(metadataRequest([]), failures);
    if (answer === null) throw summary(failures);
  }

  close(): void {
    this.#closed = true;
    for (const node of this.#nodes.values()) node.close("the cluster was closed");
    this.#nodes.clear();
  }

  /** Not always the same first: one that lags behind the cluster would be asked again and again. */
  #inOrderOfHope(): KafkaNode[] {
    const nodes = [...this.#nodes.values()];
    this.#turn = (this.#turn + 1) % Math.max(1, nodes.length);
    const turned = [...nodes.slice(this.#turn), ...nodes.slice(0, this.#turn)];
    return [...turned.filter((node) => node.isConnected), ...turned.filter((node) => !node.isConnected)];
  }

  async #askNodes<Answer>(request: WireRequest<Answer>, failures: KafkaWireError[]): Promise<Answer | null> {
    for (const node of this.#inOrderOfHope()) {
      try {
        return await node.send(request);
      } catch (error) {
        failures.push(asWireError(error));
      }
    }
    return null;
  }

  async #askSeeds<Answer>(request: WireRequest<Answer>, failures: KafkaWireError[]): Promise<Answer> {
    for (const address of this.#seeds) {
      if (this.#closed) break;
      const seed = new KafkaNode(address, this.#options);
      try {
        return await seed.send(request);
      } catch (error) {
        failures.push(asWireError(error));
      } finally {
        seed.close("it was needed for one question only");
      }
    }
    throw summary(failures);
  }

  #adopt(answer: MetadataAnswer): void {
    if (this.#closed || answer.brokers.length === 0) return;
    const present = new Set(answer.brokers.map((broker) => broker.nodeId));
    for (const nodeId of this.#nodes.keys()) {
      if (!present.has(nodeId)) this.#remove(nodeId, "the cluster no longer tells of this node");
    }
    for (const { nodeId, host, port } of answer.brokers) this.#place(nodeId, { host, port });
  }

  #place(nodeId: number, address: BrokerAddress): void {
    const known = this.#nodes.get(nodeId)?.address;
    if (known !== undefined && formatBrokerAddress(known) === formatBrokerAddress(address)) return;
    this.#remove(nodeId, "the node has another address now");
    this.#nodes.set(nodeId, new KafkaNode(address, this.#options));
  }

  #remove(nodeId: number, reason: string): void {
    this.#nodes.get(nodeId)?.close(reason);
    this.#nodes.delete(nodeId);
  }
}

function asWireError(error: unknown): KafkaWireError {
  if (error instanceof KafkaWireError) return error;
  throw error;
}

/** Nodes and seeds are often the same: each reason is told once. */
function summary(failures: readonly KafkaWireError[]): KafkaWireError {
  const told = [...new Set(failures.map((failure) => failure.message))].join("; ");
  const decisive =
    failures.find((failure) => failure.kind === "denied") ?? failures.find((f) => f.kind === "protocol");
  const message = told === "" ? "the cluster was closed" : told;
  return new KafkaWireError(decisive?.kind ?? "unreachable", message, {
    retryable: failures.some((failure) => failure.retryable),
    cause: decisive ?? failures.at(-1),
  });
}
