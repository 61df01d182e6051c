/** A table of routes with who answers each: keys, bodies and answers are looked at in one place. */

import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type * as z from "zod";
import type { Permission } from "../../../schemas/console/access.js";
import type { AskedRequest, Caller } from "../../../schemas/console/caller.js";
import { casesRefusal } from "./console-problem.js";
import { StreamedAnswer } from "./streamed-answer.js";

export interface ConsoleRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `{name}` is what lies between two slashes. */
  readonly path: string;
  /** `none`: before anybody has signed in. */
  readonly key: "none" | "person" | "either";
  /** null: whoever has signed in. */
  readonly permission: Permission | null;
  readonly body?: z.ZodType;
  readonly status: number;
}

export interface Asked {
  readonly caller: Caller;
  /** What stands in the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Of the route's shape. */
  readonly body: unknown;
  /** What the browser sends when it asks again for a stream that broke off. */
  readonly lastEventId: string | null;
  /** Aborted when the caller has gone. */
  readonly gone: AbortSignal;
  /** Who the caller is now; null where the key or the session no longer stands. For answers that take long. */
  readonly readmitted: () => Promise<Caller | null>;
  readonly http: AskedHttp;
}

/** Of the request itself, for the few that need it. */
export interface AskedHttp {
  readonly request: AskedRequest;
  /** Of the client, as far as the proxies say. */
  readonly address: string;
  setCookie(cookie: string): void;
}

/** A StreamedAnswer is sent bit by bit; everything else as JSON. */
export type Handler = (asked: Asked) => Promise<unknown>;

export interface ConsoleRoutes {
  /** Of all its paths. */
  readonly prefix: string;
  readonly routes: Readonly<Record<string, ConsoleRoute>>;
  /** One for each route. What is thrown as ConsoleRefusal is answered as a problem. */
  readonly handlers: Readonly<Record<string, Handler>>;
}

export function routeHandler(route: ConsoleRoute, handler: Handler) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = request.caller ?? (route.key === "none" ? NOBODY : null);
    if (caller === null) throw new Error("a request came past its admission");
    if (route.key === "person" && caller.isLocal)
      throw casesRefusal(
        "KEY_INVALID",
        "people answer for it by name: give the key that 'kadun people add NAME' printed",
      );
    if (route.permission !== null && !caller.permissions.has(route.permission))
      throw casesRefusal(
        "NOT_ALLOWED",
        `it needs the permission ${route.permission}; an administrator gives roles`,
      );
    const body = bodyOf(route, request.body);
    const path = request.params as Readonly<Record<string, string>>;
    const answer = await handler({
      caller,
      path,
      query: queryOf(request),
      body,
      http: httpOf(request, reply),
      ...streamParts(request, reply),
    });
    reply.code(route.status);
    if (answer instanceof StreamedAnswer)
      return reply.type(answer.contentType).headers(answer.headers).send(Readable.from(answer.chunks));
    reply.header("content-type", "application/json");
    return JSON.stringify(answer);
  };
}

/** May nothing and sees nothing. */
const NOBODY: Caller = {
  name: "",
  isLocal: false,
  roles: [],
  permissions: new Set(),
  scope: [],
  session: null,
};

function streamParts(request: FastifyRequest, reply: FastifyReply) {
  const going = new AbortController();
  reply.raw.once("close", () => going.abort());
  const lastEventId = request.headers["last-event-id"];
  return {
    lastEventId: typeof lastEventId === "string" ? lastEventId : null,
    gone: going.signal,
    readmitted: () => request.readmitted(),
  };
}

function httpOf(request: FastifyRequest, reply: FastifyReply): AskedHttp {
  return {
    request,
    address: request.ip,
    setCookie: (cookie) => void reply.header("set-cookie", cookie),
  };
}

/** What is given twice counts once: the last. */
function queryOf({ url }: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(new URL(url, "http://console").searchParams);
}

function bodyOf({ body: shape }: ConsoleRoute, given: unknown): unknown {
  if (shape === undefined) return undefined;
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "(body)"}: ${message}`);
  throw casesRefusal("BODY_INVALID", told.join("; "));
}
