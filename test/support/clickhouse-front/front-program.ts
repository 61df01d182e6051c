/**
 * The front: ClickHouse's HTTP interface over chdb, as far as the official client uses it. It is no ClickHouse server:
 * users, queues, limits, merges of a cluster, TLS and everything else a server adds are not here.
 *
 * Owns: its HTTP server, its data directory.
 * node --import typescript-hooks.mjs front-program.ts ORDER (JSON); it ends with the process that started it.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { EngineError, FrontEngine } from "./front-engine.js";
import { type FaultPlan, FaultPlans, type FrontFault } from "./front-fault.js";
import { type FrontRequest, kindOf, readRequest } from "./front-request.js";

/** What the front is to be; travels as JSON. */
export interface FrontOrder {
  readonly directory: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly keepAliveMs: number;
  /** Not to be made by this user. */
  readonly databaseForbidden: boolean;
}

/** What it tells. */
export type FrontNews =
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "planned" }
  | { readonly type: "begun" | "done"; readonly on: ReturnType<typeof kindOf> }
  | { readonly type: "struck"; readonly kind: FrontFault["kind"] };

/** As a server has it: an address may carry parameters of 1 MB. */
const HEADER_BYTES_MAX = 1 << 20;
/** src/Server/HTTP/exceptionCodeToHTTPStatus.cpp: what is not named is 500. */
const STATUS: Readonly<Record<number, number>> = {
  ...Object.fromEntries([26, 27, 38, 41, 43, 53, 62, 72, 117, 456, 457].map((code) => [code, 400])),
  ...Object.fromEntries([16, 46, 47, 60, 81, 115].map((code) => [code, 404])),
  48: 501,
  159: 408,
  497: 403,
  516: 403,
};

const order: FrontOrder = JSON.parse(process.argv[2] ?? "{}");
const engine = new FrontEngine(order.directory);
const plans = new FaultPlans();

const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX }, (request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = order.keepAliveMs;
server.listen(order.port, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") tell({ type: "listening", port: address.port });
});
process.on("message", (plan: FaultPlan | { readonly clear: true }) => {
  if ("clear" in plan) plans.clear();
  else plans.add(plan);
  tell({ type: "planned" });
});
process.on("disconnect", () => process.exit());

async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
  if (message.url?.startsWith("/ping")) {
    response.end("Ok.\n");
    return;
  }
  const request = await readRequest(message);
  response.setHeader("X-ClickHouse-Query-Id", request.queryId);
  response.setHeader("X-ClickHouse-Server-Display-Name", "front over chdb");
  response.setHeader("X-ClickHouse-Timezone", "UTC");
  const on = kindOf(request);
  const fault = plans.take(on);
  if (fault !== null) tell({ type: "struck", kind: fault.kind });
  tell({ type: "begun", on });
  try {
    checkUser(message);
    if (fault !== null && (await strikeBefore(fault, response))) return;
    const body = await run(request);
    tell({ type: "done", on });
    if (fault !== null && (await strikeBehind(fault, response, body))) return;
    send(response, request, body);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    sendError(response, error);
  }
}

async function run(request: FrontRequest): Promise<Uint8Array> {
  if (order.databaseForbidden && /^CREATE DATABASE/.test(request.sql))
    throw engineError(497, `${order.user}: Not enough privileges`, "ACCESS_DENIED");
  return engine.run(request);
}

function checkUser({ headers }: IncomingMessage): void {
  const [, encoded = ""] = /^Basic (.*)$/.exec(headers.authorization ?? "") ?? [];
  const given =
    headers["x-clickhouse-user"] === undefined
      ? Buffer.from(encoded, "base64").toString()
      : `${headers["x-clickhouse-user"]}:${headers["x-clickhouse-key"]}`;
  if (given === `${order.user}:${order.password}`) return;
  const user = given.split(":")[0];
  throw engineError(516, `${user}: Authentication failed: password is incorrect`, "AUTHENTICATION_FAILED");
}

/** True where this was the answer. */
async function strikeBefore(fault: FrontFault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case "status":
      response.writeHead(fault.status, { "Content-Type": "text/html" });
      response.end(`<html><head><title>${fault.status}</title></head><body>proxy</body></html>`);
      return true;
    case "exception":
      throw engineError(fault.code, "told to", fault.name);
    case "cut-before":
      response.destroy();
      return true;
    case "hang":
      return true;
    default:
      return false;
  }
}

/** True where this was the answer. */
async function strikeBehind(fault: FrontFault, response: ServerResponse, body: Uint8Array): Promise<boolean> {
  const half = Buffer.from(body.subarray(0, Math.ceil(body.length / 2)));
  switch (fault.kind) {
    case "cut-applied":
      response.destroy();
      return true;
    case "cut-answer":
      await begin(response, half);
      response.destroy();
      return true;
    case "stall-answer":
      await begin(response, half);
      return true;
    case "exception-behind-rows":
      await begin(response, half);
      response.end(`${engineError(395, "told to", "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO").message}\n`);
      return true;
    case "slow":
      await wait(fault.ms);
      return false;
    default:
      return false;
  }
}

/** Sends what there is; more is expected. */
function begin(response: ServerResponse, part: Buffer): Promise<void> {
  response.writeHead(200);
  response.flushHeaders();
  return new Promise((resolve) => response.write(part.length === 0 ? "\n" : part, () => resolve()));
}

function send(response: ServerResponse, { wantsGzip, format }: FrontRequest, body: Uint8Array): void {
  response.setHeader("X-ClickHouse-Format", format);
  if (wantsGzip) response.setHeader("Content-Encoding", "gzip");
  response.writeHead(200, { "Transfer-Encoding": "chunked" });
  response.end(wantsGzip ? gzipSync(body) : body);
}

function sendError(response: ServerResponse, { code, message }: EngineError): void {
  response.setHeader("X-ClickHouse-Exception-Code", code);
  response.writeHead(STATUS[code] ?? 500, { "Content-Type": "text/plain; charset=UTF-8" });
  response.end(`${message}\n`);
}

function engineError(code: number, text: string, name: string): EngineError {
  return new EngineError(code, `Code: ${code}. DB::Exception: ${text}. (${name}) (version of the front)`);
}

function tell(news: FrontNews): void {
  process.send?.(news);
}
