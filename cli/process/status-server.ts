/**
 * The HTTP side of a process that takes nothing from outside: is it alive, is it ready, how far is it.
 *
 * 1. `/livez` says that the process turns; `/readyz` is red with reasons while it does not do all of its work.
 * 2. Without the machine's key nothing is told of persons, not even as tokens.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "../../platform/logger/logger.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import type { MetricsText } from "../platforms.js";
import type { Closers } from "./closers.js";
import { isBearer } from "./request-parts.js";

export interface StatusServerOptions {
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
  readonly metricsText: MetricsText;
  readonly readiness: () => Promise<Readiness>;
  /** Further answers as JSON, such as `GET /v1/status`. */
  readonly routes: Readonly<Record<string, () => Promise<unknown>>>;
  /** Answers that say something about persons: only with the machine's own key. */
  readonly guarded?: GuardedRoutes;
  /** Asked first: true where it has answered, or will. */
  readonly requests?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}

export interface GuardedRoutes {
  /** Asked at each call: the key can be made anew. */
  readonly key: () => string;
  readonly routes: Readonly<Record<string, (query: URLSearchParams) => Promise<unknown>>>;
}

/** Listens; the promise gives its address. Closing it cuts what is under way. */
export async function startStatusServer(options: StatusServerOptions, closers: Closers): Promise<string> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      options.logger.error("status.request-failed", { error });
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: "failed; the log has the reason" });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  closers.add({
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return `http://${options.host}:${(server.address() as AddressInfo).port}`;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, guarded, requests, readiness, metricsText }: StatusServerOptions,
): Promise<void> {
  if (requests !== undefined && (await requests(request, response))) return;
  const [path = "", search] = (request.url ?? "").split("?", 2);
  const asked = `${request.method} ${path}`;
  switch (asked) {
    case "GET /livez":
      return send(response, 200, { alive: true });
    case "GET /readyz": {
      const state = await readiness();
      return send(response, state.ready ? 200 : 503, state);
    }
    case "GET /metrics":
      response.writeHead(200, { "content-type": metricsText.contentType });
      response.end(await metricsText.text());
      return;
    default: {
      const route = Object.hasOwn(routes, asked) ? routes[asked] : undefined;
      if (route !== undefined) return send(response, 200, await route());
      if (guarded !== undefined && Object.hasOwn(guarded.routes, asked)) {
        if (!isBearer(request.headers.authorization, guarded.key()))
          return send(response, 401, { error: "needs the key of the network 'local'" });
        return send(response, 200, await guarded.routes[asked]!(new URLSearchParams(search)));
      }
      const known = ["GET /livez", "GET /readyz", "GET /metrics", ...Object.keys(routes)];
      return send(response, 404, { error: `known here: ${known.join(", ")}` });
    }
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}
