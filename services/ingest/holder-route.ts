/** What cardholders do on Kadun's own pages in, durable when answered. What is refused is not kept: the office has it. */

import type { FastifyInstance } from "fastify";
import { admission } from "./admission.js";
import type { GatewayParts } from "./gateway-parts.js";
import { answerAccepted, type LineTaking, storeLines } from "./record-routes.js";
import { bodyLines, refusedLine } from "./request-body.js";

export function addHolderRoute(app: FastifyInstance, parts: GatewayParts): void {
  const { intake, limits, counters } = parts;
  const type = "holder-record";
  const taking: LineTaking = {
    type,
    accept: (bytes) => intake.acceptHolders(bytes),
    refuse: async (_request, line, refused) => {
      counters.records.add(1, { type, result: "refused" });
      return refusedLine(line.number, refused);
    },
  };
  app.post("/v1/holder-records", {
    bodyLimit: limits.bodyBytesMax,
    onRequest: admission(parts, "holder"),
    handler: async (request, reply) => {
      const lines = bodyLines(request, limits);
      return answerAccepted(reply, lines.length, await storeLines(parts, request, lines, taking));
    },
  });
}
