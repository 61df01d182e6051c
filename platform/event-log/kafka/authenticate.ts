/** SASL over a fresh connection: PLAIN and SCRAM with kafkajs's exchanges, OAUTHBEARER with our own. */
import { textOf } from "./connect-failure.js";
import {
  type SaslAuthenticateAnswer,
  saslAuthenticateRequest,
  saslHandshakeRequest,
} from "./control-requests.js";
import { KafkaWireError, kafkaErrorOf } from "./kafka-errors.js";
import { formatBrokerAddress, type KafkaSasl, type OauthToken } from "./kafka-options.js";
import { Encoder, plainMechanism, scram256Mechanism, scram512Mechanism } from "./kafkajs-internals.js";
import type { WireConnection } from "./wire-connection.js";

const UNSUPPORTED_MECHANISM = 33;
const ILLEGAL_SASL_STATE = 34;
/** kafkajs puts a length in front of what it exchanges; on the wire the request's own length does. */
const LENGTH_BYTES = 4;

const MECHANISMS = {
  PLAIN: plainMechanism,
  "SCRAM-SHA-256": scram256Mechanism,
  "SCRAM-SHA-512": scram512Mechanism,
};

/** Its messages may hold what the server sent; ours say what is needed. */
const silent = { debug: () => {}, error: () => {} };

/** How long the session lasts, in milliseconds; null where it has no end. @throws KafkaWireError */
export async function authenticate(
  connection: WireConnection,
  sasl: KafkaSasl,
  timeoutMs: number,
): Promise<number | null> {
  await shakeHands(connection, sasl.mechanism, timeoutMs);
  const session = new SaslSession(connection, sasl.mechanism, timeoutMs);
  if (sasl.mechanism === "OAUTHBEARER") await sendToken(session, await sasl.token());
  else await exchangePassword(session, sasl);
  return session.lifetimeMs;
}

async function shakeHands(connection: WireConnection, mechanism: string, timeoutMs: number): Promise<void> {
  const answer = await connection.request(saslHandshakeRequest(mechanism), timeoutMs);
  if (answer.errorCode === 0) return;
  const at = formatBrokerAddress(connection.address);
  throw new KafkaWireError(
    "denied",
    `${at}: ${handshakeReason(answer.errorCode, answer.mechanisms, mechanism)}`,
  );
}

function handshakeReason(code: number, offered: readonly string[], mechanism: string): string {
  if (code === ILLEGAL_SASL_STATE) {
    return "this listener takes no SASL: leave user and password out, or use the SASL listener's port";
  }
  if (code === UNSUPPORTED_MECHANISM)
    return `SASL ${mechanism} is not offered here, only ${offered.join(", ")}`;
  return `SASL ${mechanism} was refused with ${kafkaErrorOf(code).name}`;
}

class SaslSession {
  lifetimeMs: number | null = null;

  constructor(
    readonly connection: WireConnection,
    readonly mechanism: string,
    readonly timeoutMs: number,
  ) {}

  async send(bytes: Buffer): Promise<Buffer> {
    const answer = await this.connection.request(saslAuthenticateRequest(bytes), this.timeoutMs);
    if (answer.errorCode !== 0)
      throw this.refused(answer.errorMessage ?? kafkaErrorOf(answer.errorCode).name);
    this.#keepLifetime(answer);
    return answer.bytes;
  }

  refused(reason: string): KafkaWireError {
    const at = formatBrokerAddress(this.connection.address);
    return new KafkaWireError("denied", `${at}: SASL ${this.mechanism} was refused (${reason})`);
  }

  #keepLifetime(answer: SaslAuthenticateAnswer): void {
    this.lifetimeMs = answer.sessionLifetimeMs > 0 ? answer.sessionLifetimeMs : null;
  }
}

async function exchangePassword(
  session: SaslSession,
  sasl: Exclude<KafkaSasl, { mechanism: "OAUTHBEARER" }>,
): Promise<void> {
  let failure: unknown = null;
  const exchange = MECHANISMS[sasl.mechanism]({ username: sasl.username, password: sasl.password })({
    ...session.connection.address,
    logger: silent,
    saslAuthenticate: async ({ request, response }) => {
      try {
        const answer = await session.send((await request.encode()).subarray(LENGTH_BYTES));
        if (response === undefined) return undefined;
        return await response.parse(await response.decode(new Encoder().writeBytes(answer).buffer));
      } catch (error) {
        // kafkajs wraps it into an error of its own that no longer tells a closed connection from a wrong password.
        failure = error;
        throw error;
      }
    },
  });
  try {
    await exchange.authenticate();
  } catch (error) {
    throw failure instanceof KafkaWireError ? failure : session.refused(textOf(error));
  }
}

/** RFC 7628: an answer with content is the server's complaint; it waits for one more byte before it ends the session. */
async function sendToken(session: SaslSession, token: OauthToken): Promise<void> {
  const complaint = await session.send(Buffer.from(oauthMessage(token)));
  if (complaint.length === 0) return;
  await session.send(Buffer.from("\u0001")).catch((error: unknown) => {
    if (error instanceof KafkaWireError && error.kind === "denied") throw error;
  });
  throw session.refused(complaint.toString("utf8").slice(0, 200));
}

function oauthMessage(token: OauthToken): string {
  const extensions = Object.entries(token.extensions ?? {}).map(([name, value]) => `${name}=${value}\u0001`);
  return `n,,\u0001auth=Bearer ${token.value}\u0001${extensions.join("")}\u0001`;
}
