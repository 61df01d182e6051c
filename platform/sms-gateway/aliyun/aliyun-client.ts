/**
 * Aliyun's SDK, loaded when it is first needed (36 MB, 0.2 s).
 *
 * Met in the SDK (4.6.0 over openapi-core 1.0.8 and httpx 2.3):
 * - Its errors hold the address of the request, and with it the phone number and every value: none of them is passed on,
 *   not even as a cause.
 * - What it calls `ConnectTimeout` is the idle time of the socket, also after the request was sent: it does not mean that
 *   nothing was sent. Only an error of the connecting itself does.
 * - It keeps connections for later, without a limit: one that a firewall has forgotten meanwhile swallows a message, and
 *   nobody knows. Each request has a connection of its own.
 * - It retries only with `retryOptions`; none are given. Both time limits are the same, lest the shorter one wins.
 */

import type Dysms from "@alicloud/dysmsapi20170525";
import { type ProviderOptions, TIME_LIMIT_MS } from "../provider-options.js";

export interface AliyunClient {
  /** @throws whatever the SDK throws: read it with `failureOf`. */
  send(request: Readonly<Record<string, string>>): Promise<unknown>;
  details(request: Readonly<Record<string, string | number>>): Promise<unknown>;
}

const ENDPOINT = "dysmsapi.aliyuncs.com";

export async function openAliyunClient(options: ProviderOptions): Promise<AliyunClient> {
  // CommonJS with an `exports.default` of its own: the default of the module is its exports.
  const { default: sdk } = await import("@alicloud/dysmsapi20170525");
  const client = new sdk.default(configOf(options) as Config);
  const runtime = { extendsParameters: { headers: { connection: "close" } } } as unknown as Runtime;
  return {
    async send(request) {
      const { body } = await client.sendSmsWithOptions(new sdk.SendSmsRequest(request), runtime);
      return body;
    },
    async details(request) {
      const { body } = await client.querySendDetailsWithOptions(
        new sdk.QuerySendDetailsRequest(request),
        runtime,
      );
      return body;
    },
  };
}

/** The SDK only reads these fields of them; their classes are in packages that are not ours. */
type Config = ConstructorParameters<typeof Dysms.default>[0];
type Runtime = Parameters<InstanceType<typeof Dysms.default>["sendSmsWithOptions"]>[1];

function configOf({ key, endpoint, timeLimitMs = TIME_LIMIT_MS }: ProviderOptions) {
  return {
    accessKeyId: key.id,
    accessKeySecret: key.secret,
    endpoint: endpoint?.host ?? ENDPOINT,
    protocol: endpoint?.protocol ?? "https",
    readTimeout: timeLimitMs,
    connectTimeout: timeLimitMs,
  };
}

export type Failure =
  | {
      readonly kind: "answered";
      readonly statusCode: number;
      readonly code: string;
      readonly requestId: unknown;
    }
  /** No connection: nothing was sent. */
  | { readonly kind: "not-connected"; readonly code: string }
  | { readonly kind: "unanswered" };

/** Never a text of the SDK. */
export function failureOf(error: unknown): Failure {
  if (typeof error !== "object" || error === null) return { kind: "unanswered" };
  const { statusCode, code, requestId } = error as {
    statusCode?: unknown;
    code?: unknown;
    requestId?: unknown;
  };
  if (typeof statusCode === "number" && typeof code === "string")
    return { kind: "answered", statusCode, code, requestId };
  if (isOfConnecting(error)) return { kind: "not-connected", code: String(code) };
  return { kind: "unanswered" };
}

const CONNECTING = new Set(["connect", "getaddrinfo"]);
/** A certificate is looked at before anything is sent. */
const CERTIFICATE_PATTERN = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;

/** Of several addresses of one name all have failed. */
function isOfConnecting(error: object): boolean {
  const several = "errors" in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [error];
  return several.length > 0 && several.every((one) => isBeforeSending(one as NodeJS.ErrnoException));
}

function isBeforeSending({ syscall = "", code = "" }: NodeJS.ErrnoException): boolean {
  return CONNECTING.has(syscall) || CERTIFICATE_PATTERN.test(code);
}
