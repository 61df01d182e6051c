/** Why the cluster could not be opened, as one message with the fix. */
import { EventLogError } from "../event-log.js";
import { saslHandshakeRequest } from "./control-requests.js";
import { KafkaWireError } from "./kafka-errors.js";
import {
  type BrokerAddress,
  CONNECT_TIMEOUT_DEFAULT_MS,
  describeSecurity,
  formatBrokerAddress,
  type KafkaOptions,
  parseBrokerAddress,
} from "./kafka-options.js";
import { openConnection } from "./open-connection.js";

/** `toldAddresses`: those that the servers gave out as their own; empty where none answered. */
export async function openFailure(
  error: unknown,
  options: KafkaOptions,
  toldAddresses: readonly BrokerAddress[],
): Promise<unknown> {
  if (!(error instanceof KafkaWireError)) return error;
  const doing = `Kafka at ${options.brokers.join(", ")} (${describeSecurity(options)})`;
  if (toldAddresses.length > 0) return givenOutUnreachable(error, doing, toldAddresses);
  const offered = options.sasl === null ? await saslOffered(options) : null;
  if (offered !== null) {
    const message = `${doing}: the server asks who we are: give SASL user and password; it offers ${offered.join(", ")}`;
    return new EventLogError("NOT_AUTHORIZED", message, { cause: error });
  }
  const code = error.kind === "denied" ? "NOT_AUTHORIZED" : "UNREACHABLE";
  return new EventLogError(code, `${doing}: ${error.message}`, { retryable: error.retryable, cause: error });
}

function givenOutUnreachable(
  error: KafkaWireError,
  doing: string,
  addresses: readonly BrokerAddress[],
): EventLogError {
  const given = addresses.map(formatBrokerAddress).join(", ");
  const message =
    `${doing}: the server answers, but the addresses it gives out (${given}) cannot be used: ${error.message}; ` +
    "correct advertised.listeners of the servers";
  return new EventLogError("UNREACHABLE", message, { retryable: error.retryable, cause: error });
}

/** A listener that wants SASL just closes on who does not authenticate: ask it what it wants. */
async function saslOffered(options: KafkaOptions): Promise<readonly string[] | null> {
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_DEFAULT_MS;
  for (const address of options.brokers.map(parseBrokerAddress)) {
    try {
      const connection = await openConnection(address, { ...options, sasl: null, connectTimeoutMs });
      const asked = connection.request(saslHandshakeRequest("PLAIN"), connectTimeoutMs);
      const { mechanisms } = await asked.finally(() => connection.wire.closeWhenIdle());
      if (mechanisms.length > 0) return mechanisms;
    } catch (error) {
      if (!(error instanceof KafkaWireError)) throw error;
    }
  }
  return null;
}
