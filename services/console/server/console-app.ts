/**
 * The console's HTTP: who is it, what is asked, what comes back. Routes come from tables; who answers them is given.
 *
 * Owns: the fastify app, who is let in where, bodies, errors as problem+json.
 * Does not own: the socket (a process hands requests over), what the routes do (the desks).
 *
 * 1. Without a key or session nothing is told: neither which cases there are nor whether an address exists.
 * 2. The key of the network `local` is no person's: it reads, and decides nothing.
 * 3. Nothing that was sent is written to a log line.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "../../../platform/logger/logger.js";
import type { AdmissionRefusal, Admit, AskedRequest, Caller } from "../../../schemas/console/caller.js";
import { PROBLEM_CONTENT_TYPE } from "../../../schemas/http/problem.js";
import { type ConsoleRefusal, casesRefusal, problemBody } from "./console-problem.js";
import { type ConsoleRoutes, routeHandler } from "./console-routes.js";
import { consoleAnswerHeaders } from "./page-headers.js";
import { refusalOf } from "./unexpected.js";

/** A note of 4,000 signs of Chinese in JSON is 12 to 24 kB. */
const BODY_BYTES_MAX = 65_536;

export interface ConsoleAppOptions {
  readonly gate: ConsoleGate;
  readonly parts: readonly ConsoleRoutes[];
  /** Addresses or networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  readonly logger: Logger;
}

export interface ConsoleGate {
  /** Whose key, or session? Refused ones are answered with their code. */
  readonly admit: Admit;
  /** The same again while an answer goes on: that nobody sits there does not count as use. */
  readonly readmit: Admit;
  /** Of routes before anybody has signed in: null where nothing stands against it. */
  admitNobody(request: AskedRequest): AdmissionRefusal | null;
}

export interface ConsoleApp {
  /** Takes a request of its addresses; false for all others. The body was not read. */
  requests(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

export async function openConsoleApp(options: ConsoleAppOptions): Promise<ConsoleApp> {
  const { trustedProxies = [] } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestIdHeader: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
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
  interface FastifyContextConfig {
    /** Asked before anybody has signed in. */
    readonly isOpen?: boolean;
  }
}

function admitCallers(app: FastifyInstance, { gate }: ConsoleAppOptions): void {
  app.decorateRequest("caller", null);
  app.decorateRequest("readmitted", async () => null);
  const headers = consoleAnswerHeaders();
  app.addHook("onRequest", async (request: FastifyRequest, reply) => {
    reply.headers(headers);
    const isOpen = request.routeOptions.config.isOpen === true;
    const admitted = isOpen ? gate.admitNobody(request) : await gate.admit(request);
    if (admitted === null) return;
    if ("refused" in admitted) throw casesRefusal(admitted.refused, admitted.detail);
    request.caller = admitted;
    request.readmitted = async () => {
      const again = await gate.readmit(request);
      return "refused" in again ? null : again;
    };
  });
}

function addPart(app: FastifyInstance, { routes, handlers }: ConsoleRoutes): void {
  for (const [name, route] of Object.entries(routes))
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      config: { isOpen: route.key === "none" },
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
