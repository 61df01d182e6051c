/** The institution register, one entry or many. */

import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { institution } from "../../schemas/institution.js";
import { admission } from "./admission.js";
import type { BodyLine } from "./body-lines.js";
import type { GatewayParts } from "./gateway-parts.js";
import { notStored } from "./not-stored.js";
import { Problem } from "./problem.js";
import { answerAccepted } from "./record-routes.js";
import type { Refusal } from "./refusal.js";
import { bodyLines, parseLine, refusedLine } from "./request-body.js";

const shape = z.compile(institution, { strict: true });

export function addInstitutionRoute(app: FastifyInstance, parts: GatewayParts): void {
  const { limits } = parts;
  app.put("/v1/institutions", {
    bodyLimit: limits.bodyBytesMax,
    onRequest: admission(parts, "institutions"),
    handler: async (request, reply) => {
      const lines = bodyLines(request, limits);
      const results = await Promise.all(lines.map((line) => putLine(parts, line)));
      const refused = results.flatMap((result, index) =>
        result === null ? [] : [refusedLine(lines[index]!.number, result)],
      );
      return answerAccepted(reply, lines.length, refused);
    },
  });
}

async function putLine(parts: GatewayParts, { bytes }: BodyLine): Promise<Refusal | null> {
  const entry = parseLine(bytes, shape);
  if ("refused" in entry) return entry;
  if (!parts.institutions.hasRoomFor(entry.institutionId))
    throw new Problem("REGISTER_FULL", {
      detail: `the register holds ${parts.institutions.size} institutions`,
    });
  await parts.institutions.put(entry).catch((error: unknown) => {
    throw notStored(parts, error);
  });
  return null;
}
