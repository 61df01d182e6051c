/**
 * The swipe process of an embedded Kadun: gateway, journal, detectors (docs/design.md section 3).
 *
 * Owns: the services and the order in which they open and close.
 * Does not own: what they stand on (`compose.ts`), the office (`office-child.ts`), signals (`start.ts`).
 *
 * 1. Nothing here waits for the office.
 * 2. Closing takes nothing new first, ends waiting calls last: what was accepted is in the journal.
 */

import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Readiness } from "../../schemas/http/readiness.js";
import { Topic } from "../../schemas/topics.js";
import { Answers } from "../../services/ingest/answers.js";
import { NOT_BOOTSTRAPPED } from "../../services/ingest/authorization-route.js";
import { ContactVault } from "../../services/ingest/contact-vault.js";
import { DeadLetters } from "../../services/ingest/dead-letters.js";
import { createGateway } from "../../services/ingest/gateway.js";
import { InstitutionRegister } from "../../services/ingest/institution-register.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import { Networks } from "../../services/ingest/networks.js";
import { Tokeniser } from "../../services/ingest/tokens.js";
import { loadBundle } from "../bundle-files.js";
import { BundleFolder } from "../bundle-folder.js";
import type { SwipePlatform } from "../compose.js";
import type { Closers } from "./closers.js";
import { Detectors } from "./detectors.js";
import { coldStart, ensureFirstActivation } from "./first-records.js";
import { gatewayEnd } from "./gateway-end.js";
import { ensureLocalKey } from "./local-key.js";
import { addLocalRoutes } from "./local-routes.js";

export interface SwipeOptions {
  readonly platform: SwipePlatform;
  readonly host: string;
  readonly port: number;
  readonly isColdStart: boolean;
  readonly answerTimeLimitMs: number;
  /** A partition cannot go on: the process has to end. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Starts; the promise gives the address it listens on. `closers` get what was started, in order, also where a later
 * part fails.
 */
export async function startSwipeProcess(options: SwipeOptions, closers: Closers): Promise<string> {
  const { platform } = options;
  const { log, paths, clock, logger, metrics } = platform;
  const bundles = new BundleFolder(paths.bundles);
  const shipped = loadBundle();
  bundles.store(shipped);
  const partitionCount = await log.partitionCount(Topic.JOURNAL);
  const answers = new Answers({ clock, metrics, timeLimitMs: options.answerTimeLimitMs });
  closers.add({ close: async () => answers.close() });
  const writer = new JournalWriter({ producer: await log.producer(Topic.JOURNAL), partitionCount });
  await ensureFirstActivation(log, writer, shipped.bundle.hash);
  const detectors = await Detectors.open(
    {
      log,
      producer: await log.producer(Topic.DECISIONS),
      store: platform.store,
      clock,
      logger,
      metrics,
      bundles,
      onAnswer: (answer) => answers.deliver(answer),
    },
    partitionCount,
    options.onFailure,
  );
  const ends = await endsOf(platform, partitionCount);
  const running = detectors.run();
  closers.add({
    close: async () => {
      detectors.stop();
      await running;
    },
  });
  closers.add(writer);
  if (options.isColdStart && !detectors.isBootstrapped) await writer.appendToAll(coldStart(clock.now()));
  const app = await gatewayOf(options, { writer, answers, detectors, bundles, ends });
  closers.add(gatewayEnd(app, clock, options.answerTimeLimitMs));
  await app.listen({ host: options.host, port: options.port });
  return `http://${options.host}:${(app.server.address() as AddressInfo).port}`;
}

/** Where the journal ended when the process came: until there it is catching up. */
async function endsOf({ log }: SwipePlatform, partitionCount: number): Promise<number[]> {
  const ends: number[] = [];
  for (let partition = 0; partition < partitionCount; partition++)
    ends.push((await log.bounds(Topic.JOURNAL, partition)).end);
  return ends;
}

interface SwipeParts {
  readonly writer: JournalWriter;
  readonly answers: Answers;
  readonly detectors: Detectors;
  readonly bundles: BundleFolder;
  readonly ends: readonly number[];
}

async function gatewayOf({ platform }: SwipeOptions, parts: SwipeParts): Promise<FastifyInstance> {
  const { log, box, clock, logger, metrics, keyValues, paths } = platform;
  const { writer, answers, detectors, bundles, ends } = parts;
  const networks = await Networks.open(keyValues.networks, clock);
  await ensureLocalKey(paths.localKey, networks);
  const deadLetters = new DeadLetters({
    log,
    producer: await log.producer(Topic.DEAD_LETTERS),
    box,
    store: keyValues.redriven,
  });
  // An activation moves drugs and words with the judge's rules.
  const active = () => bundles.whole(detectors.bundleHash ?? "") ?? loadBundle();
  const gateway = {
    writer,
    answers,
    deadLetters,
    vault: new ContactVault(keyValues.contacts, box),
    institutions: await InstitutionRegister.open(keyValues.institutions),
    networks,
    tokens: new Tokeniser(platform.linkageKey),
    drugs: active().drugs,
    clock,
    logger,
    metrics,
    readiness: () => readinessOf(detectors, ends),
    words: () => active().content,
  };
  const app = createGateway(gateway);
  addLocalRoutes(app, { ...gateway, platform });
  return app;
}

function readinessOf(detectors: Detectors, ends: readonly number[]): Readiness {
  const reasons: string[] = [];
  if (!detectors.hasJudged(ends)) reasons.push("CATCHING_UP: the journal of before is being judged; wait");
  if (!detectors.isBootstrapped)
    reasons.push(
      `${NOT_BOOTSTRAPPED}: no snapshot of known losses yet; 'kadun import-status FILE', or start with --cold-start`,
    );
  return { ready: reasons.length === 0, reasons };
}
