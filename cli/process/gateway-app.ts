/** The gateway as every profile runs it: registers, dead letters, routes for networks and for whoever runs the machine. */

import type { FastifyInstance } from "fastify";
import type { Readiness } from "../../schemas/http/readiness.js";
import { Topic } from "../../schemas/topics.js";
import type { Answers } from "../../services/ingest/answers.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { ContactVault } from "../../services/ingest/contact-vault.js";
import { DeadLetters } from "../../services/ingest/dead-letters.js";
import { createGateway } from "../../services/ingest/gateway.js";
import type { GatewayOptions } from "../../services/ingest/gateway-options.js";
import { InstitutionRegister } from "../../services/ingest/institution-register.js";
import type { JournalWriter } from "../../services/ingest/journal-writer.js";
import type { MovedPersons } from "../../services/ingest/moved-persons.js";
import { NationalReader } from "../../services/ingest/national/national-reader.js";
import { Networks } from "../../services/ingest/networks.js";
import { Tokeniser } from "../../services/ingest/tokens.js";
import type { LoadedBundle } from "../bundle-files.js";
import type { GatewayPlatform } from "../platforms.js";
import type { Activations } from "./activations.js";
import { addLocalRoutes } from "./local-routes.js";

export interface GatewayParts {
  readonly writer: JournalWriter;
  readonly answers: Answers;
  readonly moved: MovedPersons;
  /** The bundle in force: an activation moves drugs and words with the judge's rules. */
  readonly active: () => LoadedBundle;
  readonly readiness: () => Readiness;
  readonly activations: Activations;
  /** Makes sure that the commands of whoever runs this are let in. */
  readonly prepare: (networks: Networks) => Promise<void>;
}

/** What the gateway stands on, for whatever else takes records in. */
export interface OpenGateway {
  readonly app: FastifyInstance;
  readonly options: GatewayOptions;
}

/** Not yet listening. */
export async function openGateway(platform: GatewayPlatform, parts: GatewayParts): Promise<OpenGateway> {
  const { log, box, clock, logger, metrics, keyValues } = platform;
  const { writer, answers, moved, active, readiness, activations } = parts;
  const networks = await Networks.open(keyValues.networks, clock);
  await parts.prepare(networks);
  const institutions = await InstitutionRegister.open(keyValues.institutions, { logger, metrics });
  const drugs: CanonicalContext["drugs"] = {
    isListed: (code, name) => active().drugs.isListed(code, name),
  };
  const context = { tokens: new Tokeniser(platform.linkageKey), drugs };
  const options: GatewayOptions = {
    ...context,
    national: new NationalReader({ ...context, institutions }),
    writer,
    answers,
    deadLetters: new DeadLetters({
      log,
      producer: await log.producer(Topic.DEAD_LETTERS),
      box,
      store: keyValues.redriven,
    }),
    vault: new ContactVault(keyValues.contacts, box),
    institutions,
    networks,
    keyOf: (personKey) => moved.keyOf(personKey),
    clock,
    logger,
    metrics,
    readiness,
    words: () => active().content,
  };
  const app = createGateway(options);
  addLocalRoutes(app, options, { metricsText: platform.metricsText, activations });
  return { app, options };
}
