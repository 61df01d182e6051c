/**
 * Routes for whoever runs this machine, beside those of the networks: metrics, the end of a snapshot import, dead
 * letters, networks, activations of bundles. All but the metrics need the key of the network `local`.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import { problemsOfIssues } from "../../schemas/bundle/problem.js";
import { identifier } from "../../schemas/fields.js";
import { type ActivationRefusal, activationRequest } from "../../schemas/http/activations.js";
import { formatInstant } from "../../schemas/instant.js";
import type { GatewayOptions } from "../../services/ingest/gateway-options.js";
import { Intake } from "../../services/ingest/intake.js";
import { NetworksError } from "../../services/ingest/networks.js";
import type { MetricsText } from "../platforms.js";
import { ActivationError, type Activations, requestInvalid } from "./activations.js";
import { LOCAL_NETWORK } from "./local-key.js";

const bootstrapRequest = z.object({ snapshot: identifier, records: z.number().int().min(0) });
const networkRequest = z.object({ name: z.string(), action: z.enum(["add", "revoke"]) });

export interface LocalParts {
  readonly metricsText: MetricsText;
  readonly activations: Activations;
}

export function addLocalRoutes(
  app: FastifyInstance,
  options: GatewayOptions,
  { metricsText, activations }: LocalParts,
): void {
  const { networks, writer, deadLetters, clock } = options;
  app.get("/metrics", async (_request, reply) => {
    reply.header("content-type", metricsText.contentType);
    return metricsText.text();
  });
  app.register(async (local) => {
    local.addHook("onRequest", async (request, reply) => requireLocal(options, request, reply));
    local.post("/local/bootstrap", async (request, reply) => {
      const parsed = bootstrapRequest.safeParse(json(request));
      if (!parsed.success) return reply.code(400).send({ error: parsed.error.issues[0]?.message });
      const { snapshot, records } = parsed.data;
      const occurredAt = formatInstant(clock.now());
      await writer.appendToAll({ type: "bootstrap", source: "snapshot", occurredAt, snapshot, records });
      return { appended: true };
    });
    local.get("/local/dead-letters", async (request) => {
      const { from, max } = lettersAsked.parse(request.query);
      const letters: unknown[] = [];
      for await (const letter of deadLetters.list(from, max)) {
        // The original is personal: it is driven again, never shown.
        const { original, ...shown } = letter;
        letters.push({ ...shown, bytes: original.length });
      }
      return { letters };
    });
    local.post("/local/dead-letters/redrive", async () => {
      const intake = new Intake(options);
      return deadLetters.redrive({
        accept: (original, expects) => intake.acceptEither(original, [expects]),
        append: (record) => intake.append(record),
      });
    });
    local.get("/local/networks", async () => ({ networks: networks.list() }));
    local.post("/local/networks", async (request, reply) => changeNetwork(options, json(request), reply));
    local.get("/local/activations", async () => activations.running);
    local.post("/local/activations", async (request, reply) => publish(activations, json(request), reply));
  });
}

const LETTERS_MAX = 1000;
/** What is no number begins anew. */
const lettersAsked = z.object({
  from: z.coerce.number().int().min(0).catch(0),
  max: z.coerce.number().int().min(1).max(LETTERS_MAX).catch(LETTERS_MAX),
});

async function changeNetwork({ networks }: GatewayOptions, body: unknown, reply: FastifyReply) {
  const parsed = networkRequest.safeParse(body);
  if (!parsed.success) return reply.code(400).send({ error: parsed.error.issues[0]?.message });
  try {
    if (parsed.data.action === "add") return { key: await networks.add(parsed.data.name) };
    await networks.revoke(parsed.data.name);
    return { revoked: true };
  } catch (error) {
    if (error instanceof NetworksError) return reply.code(400).send({ error: error.message });
    throw error;
  }
}

async function publish(activations: Activations, body: unknown, reply: FastifyReply) {
  const parsed = activationRequest.safeParse(body, { reportInput: true });
  const answered =
    parsed.success === true
      ? activations.publish(parsed.data)
      : Promise.reject(requestInvalid(problemsOfIssues(parsed.error.issues)));
  try {
    return await answered;
  } catch (error) {
    if (!(error instanceof ActivationError)) throw error;
    return reply.code(STATUS_OF_REFUSAL[error.code]).send(error.body);
  }
}

const STATUS_OF_REFUSAL: Readonly<Record<ActivationRefusal["code"], number>> = {
  REQUEST_INVALID: 400,
  BUNDLE_INVALID: 400,
  BUNDLE_UNKNOWN: 400,
  ENGINE_UNKNOWN: 400,
  ACTIVATION_SUPERSEDED: 409,
  ACTIVATION_CONFLICT: 409,
  JOURNAL_INCOMPLETE: 503,
};

function requireLocal(
  { networks }: GatewayOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  const admission = networks.admit(request.headers.authorization);
  if ("network" in admission && admission.network.name === LOCAL_NETWORK) return undefined;
  return reply.code(401).send({ error: "needs the key of the network 'local'" });
}

/** The gateway leaves bodies as bytes. */
function json(request: FastifyRequest): unknown {
  try {
    return JSON.parse(String(request.body));
  } catch {
    return undefined;
  }
}
