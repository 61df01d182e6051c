/**
 * The console's HTTP: who is it, what is asked, what comes back. Routes come from tables; who answers them is given.
 *
 * Owns: the fastify app, keys, bodies, errors as problem+json.
 * Does not own: the socket (a process hands requests over), what the routes do (the desks).
 *
 * 1. Without a key nothing is told: neither which cases there are nor whether an address exists.
 * 2. The key of the network `local` is no person's: it reads, and decides nothing.
 * 3. Nothing that was sent is written to a log line.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "../../../platform/logger/logger.js";
import { PROBLEM_CONTENT_TYPE } from "../../../schemas/http/problem.js";
import { type ConsoleRefusal, casesRefusal, problemBody } from "./console-problem.js";
import { type Caller, type ConsoleRoutes, routeHandler } from "./console-routes.js";
import { refusalOf } from "./unexpected.js";

/** A note of 4,000 signs of Chinese in JSON is 12 to 24 kB. */
const BODY_BYTES_MAX = 65_536;

export interface ConsoleAppOptions {
  /** Whose key? Refused ones are answered with their code. */
  readonly admit: (authorization: string | undefined) => Promise<Caller | KeyRefusal>;
  readonly parts: readonly ConsoleRoutes[];
  readonly logger: Logger;
}

export interface KeyRefusal {
  readonly refused: "KEY_MISSING" | "KEY_INVALID" | "KEY_REVOKED";
  readonly detail: string;
}

export interface ConsoleApp {
  /** Takes a request of its addresses; false for all others. The body was not read. */
  requests(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

export async function openConsoleApp(options: ConsoleAppOptions): Promise<ConsoleApp> {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestIdHeader: false,
    frameworkErrors: (_error, _request, reply) => {
      sendProblem(reply as FastifyReply, casesRefusal("NOT_FOUND", "the address is not one"));
    },
  });
  admitCallers(app, options);
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, refusalOf(error, options.logger)));
  app.setNotFoundHandler(async () => {
    throw casesRefusal("NOT_FOUND", "no such address here; docs/cases.md lists them");
  });
  for (const part of options.parts) addPart(app, part);
  await app.ready();
  const isOwn = ownPaths(options.parts.map(({ prefix }) => prefix));
  return {
    requests: async (request, response) => {
      if (!isOwn(request.url ?? "/")) return false;
      app.routing(request, response);
      return true;
    },
    close: () => app.close(),
  };
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
    readmitted: () => Promise<Caller | null>;
  }
}

function admitCallers(app: FastifyInstance, { admit }: ConsoleAppOptions): void {
  app.decorateRequest("caller", null);
  app.decorateRequest("readmitted", async () => null);
  app.addHook("onRequest", async (request: FastifyRequest) => {
    const admitted = await admit(request.headers.authorization);
    if ("refused" in admitted) throw casesRefusal(admitted.refused, admitted.detail);
    request.caller = admitted;
    request.readmitted = async () => {
      const again = await admit(request.headers.authorization);
      return "refused" in again ? null : again;
    };
  });
}

function addPart(app: FastifyInstance, { routes, handlers }: ConsoleRoutes): void {
  for (const [name, route] of Object.entries(routes))
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      handler: routeHandler(route, handlers[name]!),
    });
}

function ownPaths(prefixes: readonly string[]): (url: string) => boolean {
  return (url) => {
    const path = url.split("?", 1)[0]!;
    return prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  };
}

function sendProblem(reply: FastifyReply, refusal: ConsoleRefusal): void {
  reply
    .code(refusal.kind.status)
    .header("content-type", PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problemBody(refusal)));
}
