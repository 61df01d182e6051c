/**
 * One node of the cluster: its connections, one a lane, made when first needed and again after they ended.
 *
 * Owns: the connections of this process to the node.
 * Does not own: which node leads what (kafka-cluster.ts), when to send again (who sends).
 *
 * Invariants
 * 1. At most one connection of a lane is being made or used; a spent one may still wait for its last answers.
 * 2. After a failed connect the next begins no sooner than RECONNECT_PAUSE_MS later, however many ask.
 * 3. After close() nothing is connected and nothing connects.
 */
import { KafkaWireError } from "./kafka-errors.js";
import { type BrokerAddress, formatBrokerAddress } from "./kafka-options.js";
import { type ConnectOptions, openConnection, type ReadyConnection } from "./open-connection.js";
import { type Lane, laneOf, type WireRequest } from "./wire-request.js";

/** A refused connect costs the server and us little; ten a second and lane are enough to see it come back. */
const RECONNECT_PAUSE_MS = 100;

export interface NodeOptions extends ConnectOptions {
  readonly requestTimeoutMs: number;
}

interface LaneConnection {
  readonly ready: Promise<ReadyConnection>;
  connection: ReadyConnection | null;
}

export class KafkaNode {
  readonly #lanes = new Map<Lane, LaneConnection>();
  readonly #open = new Set<ReadyConnection>();
  #connectAgainAtMs = 0;
  #closed: KafkaWireError | null = null;

  constructor(
    readonly address: BrokerAddress,
    readonly options: NodeOptions,
  ) {}

  get isConnected(): boolean {
    return this.#open.size > 0;
  }

  /** @throws KafkaWireError */
  async send<Answer>(request: WireRequest<Answer>): Promise<Answer> {
    const connection = await this.#connection(laneOf(request));
    return connection.request(request, request.timeoutMs ?? this.options.requestTimeoutMs);
  }

  close(reason: string): void {
    if (this.#closed !== null) return;
    this.#closed = new KafkaWireError("closed", `${formatBrokerAddress(this.address)}: ${reason}`);
    for (const connection of [...this.#open]) connection.wire.destroy(this.#closed);
  }

  #connection(lane: Lane): Promise<ReadyConnection> {
    const current = this.#lanes.get(lane);
    if (current !== undefined && !current.connection?.isSpent) return current.ready;
    current?.connection?.wire.closeWhenIdle();
    const fresh: LaneConnection = { ready: this.#connect(), connection: null };
    this.#lanes.set(lane, fresh);
    const forget = (): void => {
      if (this.#lanes.get(lane) === fresh) this.#lanes.delete(lane);
    };
    fresh.ready.then((connection) => {
      fresh.connection = connection;
      connection.wire.onEnd(forget);
    }, forget);
    return fresh.ready;
  }

  async #connect(): Promise<ReadyConnection> {
    const pauseMs = this.#connectAgainAtMs - performance.now();
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (this.#closed !== null) throw this.#closed;
    try {
      return this.#keep(await openConnection(this.address, this.options));
    } catch (error) {
      this.#connectAgainAtMs = performance.now() + RECONNECT_PAUSE_MS;
      throw error;
    }
  }

  #keep(connection: ReadyConnection): ReadyConnection {
    this.#open.add(connection);
    connection.wire.onEnd(() => this.#open.delete(connection));
    if (this.#closed !== null) connection.wire.destroy(this.#closed);
    return connection;
  }
}
