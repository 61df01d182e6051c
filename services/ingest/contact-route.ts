/** How to reach a person goes to the vault, never to the journal. */

import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { contactRequest } from "../../schemas/http/contact-request.js";
import { admission } from "./admission.js";
import type { GatewayParts } from "./gateway-parts.js";
import { notStored } from "./not-stored.js";
import { Problem } from "./problem.js";
import { refusal } from "./refusal.js";
import { objectBytes, parseLine, refusedLine } from "./request-body.js";

const shape = z.compile(contactRequest, { strict: true });
/** Names and numbers. */
const BODY_BYTES_MAX = 16 << 10;
const HALF_CHARACTER = /\p{Surrogate}/u;

export function addContactRoute(app: FastifyInstance, parts: GatewayParts): void {
  const { vault, tokens, keyOf } = parts;
  app.put("/v1/contacts", {
    bodyLimit: BODY_BYTES_MAX,
    onRequest: admission(parts, "contacts"),
    handler: async (request, reply) => {
      const parsed = parseLine(objectBytes(request), shape);
      const result =
        !("refused" in parsed) && HALF_CHARACTER.test(parsed.personId)
          ? refusal("FIELD_INVALID", { field: "personId", expected: "whole characters (no lone surrogate)" })
          : parsed;
      if ("refused" in result)
        throw new Problem("BODY_INVALID", { more: { refused: [refusedLine(1, result)] } });
      const { personId, ...contact } = result;
      const personKey = tokens.token(personId);
      await vault.put(keyOf?.(personKey) ?? personKey, contact).catch((error: unknown) => {
        throw notStored(parts, error);
      });
      return reply.code(204).send();
    },
  });
}
