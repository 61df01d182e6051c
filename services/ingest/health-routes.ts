/** For whoever supervises the process (livez) or sends it traffic (readyz). Open: they say nothing of anybody. */

import type { FastifyInstance } from "fastify";
import type { GatewayParts } from "./gateway-parts.js";
import { JSON_TYPE } from "./request-body.js";

export function addHealthRoutes(app: FastifyInstance, { readiness }: GatewayParts): void {
  app.get("/livez", (_request, reply) => {
    reply.header("content-type", JSON_TYPE).send('{"alive":true}');
  });
  app.get("/readyz", (_request, reply) => {
    const state = readiness();
    reply
      .code(state.ready ? 200 : 503)
      .header("content-type", JSON_TYPE)
      .send(JSON.stringify(state));
  });
}
