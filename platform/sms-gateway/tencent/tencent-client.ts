/**
 * Tencent's SDK, loaded when it is first needed.
 *
 * Met in the SDK (4.1.306 over common 4.1.220):
 * - It turns every failure into a text; whether a connection was there at all is gone. So each call has its own agent,
 *   which sees the connection. It sends `Connection: close` anyway: nothing is lost by it.
 * - Its time limit is given in seconds (60 without one) and starts anew for the body.
 * - Broken JSON comes with a piece of the body in the message: texts are not passed on.
 * - Without an agent it would read `http_proxy` of the environment; with ours it does not.
 * - It has no retry.
 */

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Duplex } from "node:stream";
import { type ProviderOptions, TIME_LIMIT_MS } from "../provider-options.js";

export type TencentAction = "SendSms" | "DescribeSendRecordList" | "PullSmsSendStatusByPhoneNumber";

export interface TencentClient {
  /** @throws TencentFailure. */
  call(action: TencentAction, request: object): Promise<unknown>;
}

export type Failure =
  | { readonly kind: "answered"; readonly code: string; readonly requestId: unknown }
  /** A status of HTTP that is no success. */
  | { readonly kind: "status"; readonly status: number }
  /** No connection: nothing was sent. */
  | { readonly kind: "not-connected" }
  | { readonly kind: "unanswered" };

export class TencentFailure extends Error {
  override readonly name = "TencentFailure";
  constructor(readonly failure: Failure) {
    super(failure.kind);
  }
}

const ENDPOINT = { protocol: "https", host: "sms.tencentcloudapi.com" } as const;

export interface TencentClientOptions extends ProviderOptions {
  readonly region: string;
}

export async function openTencentClient(options: TencentClientOptions): Promise<TencentClient> {
  const { Client } = await import(
    "tencentcloud-sdk-nodejs-sms/tencentcloud/services/sms/v20210111/sms_client.js"
  );
  return {
    async call(action, request) {
      const witness = new ConnectionWitness(options.endpoint?.protocol ?? ENDPOINT.protocol);
      const client = new Client({ ...credentialOf(options), profile: profileOf(options, witness) } as never);
      try {
        return await client.request(action, request);
      } catch (error) {
        throw new TencentFailure(failureOf(error, witness.hasConnected));
      }
    },
  };
}

function credentialOf({ key, region }: TencentClientOptions) {
  return { credential: { secretId: key.id, secretKey: key.secret }, region };
}

function profileOf(
  { endpoint = ENDPOINT, timeLimitMs = TIME_LIMIT_MS }: ProviderOptions,
  { agent }: ConnectionWitness,
) {
  const { protocol, host } = endpoint;
  return {
    signMethod: "TC3-HMAC-SHA256",
    httpProfile: { endpoint: host, protocol: `${protocol}://`, reqTimeout: timeLimitMs / 1_000, agent },
  };
}

/** An agent of one request, that knows whether there ever was somebody to send it to. */
class ConnectionWitness {
  hasConnected = false;
  readonly agent: HttpAgent;

  constructor(protocol: "http" | "https") {
    this.agent = protocol === "https" ? new HttpsAgent() : new HttpAgent();
    const connect = this.agent.createConnection.bind(this.agent);
    this.agent.createConnection = (options, callback) => {
      const socket = connect(options, callback) as Duplex;
      socket.once(protocol === "https" ? "secureConnect" : "connect", () => {
        this.hasConnected = true;
      });
      return socket;
    };
  }
}

function failureOf(error: unknown, hasConnected: boolean): Failure {
  if (!hasConnected) return { kind: "not-connected" };
  const { code, requestId, httpCode } = error as { code?: unknown; requestId?: unknown; httpCode?: unknown };
  if (typeof httpCode === "number") return { kind: "status", status: httpCode };
  // Codes of Tencent are words with points, those of the transport are not (`ECONNRESET`).
  if (typeof code === "string" && requestId !== undefined && requestId !== "")
    return { kind: "answered", code, requestId };
  return { kind: "unanswered" };
}
