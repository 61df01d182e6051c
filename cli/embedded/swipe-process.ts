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
import { takeHeapRoom } from "../../platform/lifecycle/heap-room.js";
import { inlineMore } from "../../platform/lifecycle/inlining.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import { Topic } from "../../schemas/topics.js";
import { ENGINES } from "../../services/detector/engine.js";
import { Answers } from "../../services/ingest/answers.js";
import { NOT_BOOTSTRAPPED } from "../../services/ingest/authorization-route.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import { MovedPersons } from "../../services/ingest/moved-persons.js";
import { loadBundle } from "../bundle-files.js";
import { BundleFolder } from "../bundle-folder.js";
import type { SwipePlatform } from "../compose/embedded.js";
import { Activations } from "../process/activations.js";
import { carrierOf } from "../process/carrier.js";
import type { Closers } from "../process/closers.js";
import { coldStart, ensureFirstActivation } from "../process/first-records.js";
import { openGateway } from "../process/gateway-app.js";
import { gatewayEnd } from "../process/gateway-end.js";
import { ensureLocalKey } from "../process/local-key.js";
import { Detectors } from "./detectors.js";

export interface SwipeOptions {
  readonly platform: SwipePlatform;
  readonly host: string;
  readonly port: number;
  readonly isColdStart: boolean;
  readonly answerTimeLimitMs: number;
  /** What persons' records may take in memory; no limit where absent. */
  readonly personBytesMax?: number;
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
  takeHeapRoom();
  inlineMore();
  const bundles = new BundleFolder(paths.bundles);
  const shipped = loadBundle();
  bundles.store(shipped);
  const partitionCount = await log.partitionCount(Topic.JOURNAL);
  const answers = new Answers({ clock, metrics, timeLimitMs: options.answerTimeLimitMs });
  closers.add({ close: async () => answers.close() });
  const moved = await MovedPersons.open(platform.keyValues.moved, { logger, metrics });
  const writer = new JournalWriter({
    producer: await log.producer(Topic.JOURNAL),
    partitionCount,
    placed: moved.placed,
  });
  await ensureFirstActivation(log, writer, shipped.bundle.hash);
  const { personBytesMax } = options;
  const detectors = await Detectors.open(
    {
      ...(personBytesMax === undefined ? {} : { personBytesMax: () => personBytesMax / partitionCount }),
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
  const { app, options: gateway } = await openGateway(platform, {
    writer,
    answers,
    moved,
    active: () => bundles.whole(detectors.bundleHash ?? "") ?? shipped,
    readiness: () => readinessOf(detectors, ends),
    activations: new Activations({
      writer,
      bundles: { put: (bundle) => bundles.put(bundle), whole: (hash) => bundles.find(hash) },
      engineVersions: [...ENGINES.keys()],
      running: () => detectors.running,
    }),
    prepare: (networks) => ensureLocalKey(paths.localKey, networks),
  });
  const carrier = closers.add(carrierOf(gateway, platform, { moved, onFailure: options.onFailure }));
  carrier.assign([...ends.keys()]);
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

function readinessOf(detectors: Detectors, ends: readonly number[]): Readiness {
  const reasons: string[] = [];
  if (!detectors.hasJudged(ends)) reasons.push("CATCHING_UP: the journal of before is being judged; wait");
  if (!detectors.isBootstrapped)
    reasons.push(
      `${NOT_BOOTSTRAPPED}: no snapshot of known losses yet; 'kadun import-status FILE', or start with --cold-start`,
    );
  return { ready: reasons.length === 0, reasons };
}
