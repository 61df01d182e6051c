/** A connection ready for use: dialled, told what the node speaks, authenticated. */
import { authenticate } from "./authenticate.js";
import { textOf } from "./connect-failure.js";
import { apiVersionsRequest, type VersionRange } from "./control-requests.js";
import { KafkaWireError, kafkaErrorOf } from "./kafka-errors.js";
import { type BrokerAddress, formatBrokerAddress, type KafkaSasl, type KafkaTls } from "./kafka-options.js";
import { WireConnection } from "./wire-connection.js";
import type { WireRequest } from "./wire-request.js";

export interface ConnectOptions {
  readonly clientId: string;
  readonly tls: KafkaTls | null;
  readonly sasl: KafkaSasl | null;
  readonly connectTimeoutMs: number;
}

/** Of a session's time: a connection is replaced before the server ends it in the middle of a request. */
const SESSION_USED_SHARE = 0.8;

export class ReadyConnection {
  readonly #ranges: ReadonlyMap<number, VersionRange>;
  readonly #retireAtMs: number;

  constructor(
    readonly wire: WireConnection,
    ranges: ReadonlyMap<number, VersionRange>,
    sessionMs: number | null,
  ) {
    this.#ranges = ranges;
    this.#retireAtMs =
      sessionMs === null ? Number.POSITIVE_INFINITY : performance.now() + sessionMs * SESSION_USED_SHARE;
  }

  get isSpent(): boolean {
    return performance.now() >= this.#retireAtMs;
  }

  /** @throws KafkaWireError */
  request<Answer>(request: WireRequest<Answer>, timeoutMs: number): Promise<Answer> {
    const range = this.#ranges.get(request.apiKey);
    if (range !== undefined && request.apiVersion >= range.min && request.apiVersion <= range.max) {
      return this.wire.request(request, timeoutMs);
    }
    const spoken = range === undefined ? "no version of it" : `versions ${range.min} to ${range.max}`;
    const at = formatBrokerAddress(this.wire.address);
    const message = `${at}: ${request.apiName} is asked in version ${request.apiVersion}, the server speaks ${spoken}`;
    return Promise.reject(new KafkaWireError("protocol", `${message}: Kafka 2.5 or later is needed`));
  }
}

/** @throws KafkaWireError */
export async function openConnection(
  address: BrokerAddress,
  options: ConnectOptions,
): Promise<ReadyConnection> {
  const wire = await WireConnection.dial({ address, ...options });
  try {
    const ranges = await askVersions(wire, options);
    const { sasl, connectTimeoutMs } = options;
    const sessionMs = sasl === null ? null : await authenticate(wire, sasl, connectTimeoutMs);
    return new ReadyConnection(wire, ranges, sessionMs);
  } catch (error) {
    wire.destroy(new KafkaWireError("closed", "the connection was not made ready for use"));
    throw asNotConnected(error, address);
  }
}

/** Whatever went wrong before the connection was ready: no request was carried out. */
function asNotConnected(error: unknown, address: BrokerAddress): KafkaWireError {
  if (!(error instanceof KafkaWireError)) {
    const message = `${formatBrokerAddress(address)}: the connection could not be made ready (${textOf(error)})`;
    return new KafkaWireError("unreachable", message, { cause: error });
  }
  if (error.kind === "denied" || error.kind === "protocol" || error.kind === "unreachable") return error;
  return new KafkaWireError("unreachable", error.message, { cause: error });
}

async function askVersions(
  wire: WireConnection,
  options: ConnectOptions,
): Promise<ReadonlyMap<number, VersionRange>> {
  try {
    const answer = await wire.request(apiVersionsRequest(), options.connectTimeoutMs);
    if (answer.errorCode === 0) return answer.ranges;
    const name = kafkaErrorOf(answer.errorCode).name;
    throw new KafkaWireError(
      "protocol",
      `${formatBrokerAddress(wire.address)}: ApiVersions was answered with ${name}`,
    );
  } catch (error) {
    throw explainFirstAnswer(error, options.tls);
  }
}

/** The first question is harmless: who does not answer it speaks something else. Nothing was carried out. */
function explainFirstAnswer(error: unknown, tls: KafkaTls | null): unknown {
  if (!(error instanceof KafkaWireError) || error.kind === "denied") return error;
  const advice =
    tls === null
      ? "this may be no Kafka, or a listener that speaks TLS: turn TLS on or use the port without it"
      : "this may be no Kafka";
  return new KafkaWireError("unreachable", `${error.message}; ${advice}`, {
    cause: error,
    retryable: error.kind !== "protocol",
  });
}
