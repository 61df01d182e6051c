/**
 * Tokens of OAuth 2.0's client credentials (RFC 6749, 4.4) for SASL OAUTHBEARER.
 *
 * Owns: the token, until shortly before it ends.
 * Invariants: one request at a time, however many connections ask; a token that still holds outlives a token endpoint
 * that is away; the secret is in no message.
 */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { textOf } from "./connect-failure.js";
import { KafkaWireError } from "./kafka-errors.js";
import type { OauthToken, OauthTokenProvider } from "./kafka-options.js";

export interface OauthClientCredentials {
  /** https://…; http:// only where the way there is guarded by other means. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  /** Certificates of the authorities to trust at the token endpoint, PEM; without it those that Node brings. */
  readonly ca?: string;
  readonly timeoutMs?: number;
}

const TIMEOUT_DEFAULT_MS = 5_000;
/** Of its time a token is used; the rest is for the endpoint to be away. */
const USED_SHARE = 0.8;
/** RFC 6749 only recommends `expires_in`. */
const LIFETIME_DEFAULT_S = 300;
/** Tokens are some kilobytes. */
const ANSWER_BYTES_MAX = 1_000_000;

interface HeldToken {
  readonly token: OauthToken;
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

/** `now` in milliseconds, of a clock that only goes forward. */
export function oauthClientCredentials(
  credentials: OauthClientCredentials,
  now: () => number = () => performance.now(),
): OauthTokenProvider {
  let held: HeldToken | null = null;
  let asking: Promise<HeldToken> | null = null;
  const renew = async (): Promise<OauthToken> => {
    asking ??= askForToken(credentials, now()).finally(() => {
      asking = null;
    });
    held = await asking;
    return held.token;
  };
  return async () => {
    const last = held;
    if (last !== null && now() < last.renewAtMs) return last.token;
    try {
      return await renew();
    } catch (error) {
      if (last !== null && now() < last.endsAtMs) return last.token;
      throw error;
    }
  };
}

async function askForToken(credentials: OauthClientCredentials, askedAtMs: number): Promise<HeldToken> {
  const { status, body } = await post(credentials).catch((error: unknown) => {
    const message = `no token from ${credentials.url}: ${textOf(error)}`;
    throw new KafkaWireError("unreachable", message, { cause: error });
  });
  const answer = parseJson(body);
  if (status !== 200) throw refused(credentials, status, answer);
  const value = answer.get("access_token");
  if (typeof value !== "string" || value === "") {
    throw new KafkaWireError("denied", `${credentials.url} answered without an access_token`);
  }
  const lifetimeMs = lifetimeSeconds(answer.get("expires_in")) * 1_000;
  const renewAtMs = askedAtMs + lifetimeMs * USED_SHARE;
  return { token: { value }, renewAtMs, endsAtMs: askedAtMs + lifetimeMs };
}

function refused(
  credentials: OauthClientCredentials,
  status: number,
  answer: ReadonlyMap<string, unknown>,
): KafkaWireError {
  const error = answer.get("error");
  const reason = typeof error === "string" ? `${status} ${error.slice(0, 100)}` : String(status);
  const message = `${credentials.url} gives client "${credentials.clientId}" no token (${reason})`;
  const isOurs = status >= 400 && status < 500 && status !== 429;
  return isOurs
    ? new KafkaWireError("denied", `${message}: correct client id, secret or scope`)
    : new KafkaWireError("unreachable", message);
}

function lifetimeSeconds(expiresIn: unknown): number {
  const seconds = Number(expiresIn);
  return seconds > 0 && Number.isFinite(seconds) ? seconds : LIFETIME_DEFAULT_S;
}

function parseJson(text: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return new Map(Object.entries(value ?? {}));
  } catch {
    return new Map();
  }
}

interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

function post(credentials: OauthClientCredentials): Promise<HttpAnswer> {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (credentials.scope !== undefined) form.set("scope", credentials.scope);
  const body = form.toString();
  const url = new URL(credentials.url);
  const options = {
    method: "POST",
    headers: {
      authorization: basicAuthorization(credentials),
      "content-type": "application/x-www-form-urlencoded",
      "content-length": Buffer.byteLength(body),
      accept: "application/json",
    },
    signal: AbortSignal.timeout(credentials.timeoutMs ?? TIMEOUT_DEFAULT_MS),
    // A request in hours: a kept connection would be dead when it is needed.
    agent: false as const,
    ...(credentials.ca === undefined ? {} : { ca: credentials.ca }),
  };
  return new Promise((resolve, reject) => {
    const request = url.protocol === "http:" ? httpRequest(url, options) : httpsRequest(url, options);
    request.on("error", reject);
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("error", reject);
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > ANSWER_BYTES_MAX) request.destroy(new Error("the answer is too long"));
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.end(body);
  });
}

/** RFC 6749, 2.3.1: both are form-encoded before they are joined. */
function basicAuthorization({ clientId, clientSecret }: OauthClientCredentials): string {
  const encode = (text: string): string => encodeURIComponent(text).replaceAll("%20", "+");
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString("base64")}`;
}
