/**
 * The HTTP gateway: records and questions of the networks in, answers out (docs/design.md sections 3 and 5).
 *
 * Owns: routes, what a request may be (size, type, key, rate), errors as problem+json.
 * Does not own: listening and closing (the caller's), the journal, the answers, the stores.
 *
 * 1. What was answered with 2xx is durable.
 * 2. Nothing that was sent is written to a log line or repeated in an error.
 */

import type { Socket } from "node:net";
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { PROBLEM_CONTENT_TYPE, type ProblemCode } from "../../schemas/http/problem.js";
import { addAuthorizationRoute } from "./authorization-route.js";
import { addContactRoute } from "./contact-route.js";
import type { GatewayOptions } from "./gateway-options.js";
import { type GatewayParts, gatewayParts } from "./gateway-parts.js";
import { addHealthRoutes } from "./health-routes.js";
import { addHolderRoute } from "./holder-route.js";
import { addInstitutionRoute } from "./institution-route.js";
import { addNationalRoute } from "./national/national-route.js";
import { expectedProblem, Problem, sendProblem } from "./problem.js";
import { addRecordRoutes } from "./record-routes.js";
import { JSON_TYPE, NDJSON_TYPE } from "./request-body.js";

/** A balancer's idle connections close at its own, earlier time. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

declare module "fastify" {
  interface FastifyInstance {
    /** Methods by address, of every route. */
    readonly knownRoutes: ReadonlyMap<string, ReadonlySet<string>>;
  }
}

/** The app, not yet listening. More routes (metrics) may be added before it does. */
export function createGateway(options: GatewayOptions): FastifyInstance {
  const parts = gatewayParts(options);
  const app = Fastify({
    logger: false,
    bodyLimit: parts.limits.bodyBytesMax,
    requestTimeout: parts.limits.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requestIdHeader: false,
    // Our own answer, as a problem: see refuseWhenStopping.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, expectedProblem(error) ?? new Problem("REQUEST_INVALID"));
    },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error.code, socket),
  });
  const routes = rememberRoutes(app);
  parseNothing(app);
  app.decorateRequest("network", null);
  refuseWhenStopping(app, parts);
  measure(app, parts);
  answerErrors(app, parts, routes);
  addHealthRoutes(app, parts);
  addRecordRoutes(app, parts);
  addHolderRoute(app, parts);
  addAuthorizationRoute(app, parts);
  addContactRoute(app, parts);
  addInstitutionRoute(app, parts);
  addNationalRoute(app, parts);
  return app;
}

function rememberRoutes(app: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> {
  const routes = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method }) => {
    const methods = routes.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    routes.set(url, methods);
  });
  app.decorate("knownRoutes", routes);
  return routes;
}

/** Bodies stay bytes: the intake decodes and checks them once. */
function parseNothing(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([JSON_TYPE, NDJSON_TYPE], { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
}

function refuseWhenStopping(app: FastifyInstance, { limits }: GatewayParts): void {
  let isStopping = false;
  app.addHook("preClose", async () => {
    isStopping = true;
  });
  app.addHook("onRequest", (_request, reply, done) => {
    if (!isStopping) return done();
    reply.header("connection", "close");
    done(new Problem("STOPPING", { retryAfterSeconds: limits.retryAfterSeconds }));
  });
}

function measure(app: FastifyInstance, { counters }: GatewayParts): void {
  app.addHook("onResponse", (request, reply, done) => {
    const route = routeOf(request);
    counters.requests.add(1, { route, status: String(reply.statusCode) });
    counters.requestSeconds.observe(reply.elapsedTime / 1000, { route });
    done();
  });
}

/** The route's own address, never what was asked for: labels and log lines are a fixed set. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? "unknown";
}

function answerErrors(
  app: FastifyInstance,
  { logger }: GatewayParts,
  routes: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = expectedProblem(error);
    if (problem === null) logger.error("ingest.request-failed", { path: routeOf(request), error });
    sendProblem(reply, problem ?? new Problem("INTERNAL"));
  });
  app.setNotFoundHandler((request, reply) => {
    const methods = routes.get(request.url.split("?", 1)[0]!);
    if (methods === undefined) return sendProblem(reply, new Problem("NOT_FOUND"));
    const allowed = [...methods].join(", ");
    reply.header("allow", allowed);
    return sendProblem(reply, new Problem("METHOD_NOT_ALLOWED", { detail: `expected ${allowed}` }));
  });
}

const BROKEN_REQUESTS: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: "HEADERS_TOO_LARGE",
  ERR_HTTP_REQUEST_TIMEOUT: "REQUEST_TIMEOUT",
};

/** What is no HTTP request never becomes one: answered on the bare connection. */
function answerBrokenRequest(code: string | undefined, socket: Socket): void {
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const problem = new Problem(BROKEN_REQUESTS[code ?? ""] ?? "REQUEST_INVALID");
  const body = JSON.stringify(problem.body());
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.message}\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
