/**
 * A history made by a live system: the city's records in a data directory, judged as they came by the detectors of an
 * embedded Kadun, and the sum over what these wrote.
 */

import { randomBytes } from "node:crypto";
import type { BodySum } from "../../cli/backtest/body-digest.js";
import { loggedBodies } from "../../cli/backtest/logged-bodies.js";
import type { LoadedBundle } from "../../cli/bundle-files.js";
import { BundleFolder } from "../../cli/bundle-folder.js";
import { openEmbeddedSwipe } from "../../cli/compose/embedded.js";
import { Detectors } from "../../cli/embedded/detectors.js";
import { openOwnedData } from "../../cli/embedded/open-data.js";
import { embeddedSettings } from "../../cli/embedded/settings.js";
import { Closers } from "../../cli/process/closers.js";
import { ensureFirstActivation } from "../../cli/process/first-records.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { Topic } from "../../schemas/topics.js";
import { acceptRecord, isRefusal } from "../../services/ingest/accept.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import { Tokeniser } from "../../services/ingest/tokens.js";
import { generateCity } from "../city/city.js";

export interface LiveHistory {
  readonly swipes: number;
  readonly records: number;
  /** From the first append until the last record was judged. */
  readonly seconds: number;
  readonly bodies: BodySum;
}

export interface LiveHistoryOptions {
  /** Made anew. */
  readonly data: string;
  readonly partitions: number;
  readonly swipes: number;
  readonly bundle: LoadedBundle;
  readonly seed: number;
}

/** Each person swipes about ten times. */
const SWIPES_PER_PERSON = 10;
const PERSONS_MIN = 500;
const DAYS = 180;
/** Appends under way: the journal's group commit takes them together. */
const UNDER_WAY_MAX = 2_000;
const POLL_MS = 20;

export async function liveHistory(options: LiveHistoryOptions): Promise<LiveHistory> {
  const { data, partitions, bundle } = options;
  const settings = embeddedSettings({ data, partitions: String(partitions), "log-level": "error" }, {});
  const owned = openOwnedData(settings);
  const closers = new Closers();
  try {
    const shared = { ...owned.shared, logger: silentLogger, metrics: noMetrics };
    const platform = await openEmbeddedSwipe(shared, closers);
    const bundles = new BundleFolder(shared.paths.bundles);
    bundles.store(bundle);
    const { log, store } = platform;
    const producer = await log.producer(Topic.JOURNAL);
    const writer = closers.add(new JournalWriter({ producer, partitionCount: partitions }));
    await ensureFirstActivation(log, writer, bundle.bundle.hash);
    let failure: unknown = null;
    const detectors = await Detectors.open(
      {
        log,
        producer: await log.producer(Topic.DECISIONS),
        store,
        clock: systemClock,
        logger: silentLogger,
        metrics: noMetrics,
        bundles,
      },
      partitions,
      (error) => {
        failure = error;
      },
    );
    const running = detectors.run();
    const startedMs = performance.now();
    const fed = await feed(writer, options, shared.linkageKey);
    const ends = await Promise.all(
      Array.from(
        { length: partitions },
        async (_, partition) => (await log.bounds(Topic.JOURNAL, partition)).end,
      ),
    );
    while (failure === null && !detectors.hasJudged(ends)) await systemClock.sleep(POLL_MS);
    const seconds = (performance.now() - startedMs) / 1000;
    detectors.stop();
    await running;
    if (failure !== null) throw failure;
    return { ...fed, seconds, bodies: await loggedBodies(log) };
  } finally {
    await closers.close();
    owned.lock.release();
  }
}

async function feed(
  writer: JournalWriter,
  { swipes, seed, bundle }: LiveHistoryOptions,
  linkageKey: Buffer,
): Promise<{ swipes: number; records: number }> {
  const context = { tokens: new Tokeniser(linkageKey), drugs: bundle.drugs };
  const fed = { swipes: 0, records: 0 };
  const persons = Math.max(PERSONS_MIN, Math.ceil(swipes / SWIPES_PER_PERSON));
  let underWay: Promise<unknown>[] = [];
  for (const { raw } of generateCity({ seed, persons, days: DAYS })) {
    const record = acceptRecord(raw, context);
    if (isRefusal(record) || !("personKey" in record)) continue;
    underWay.push(writer.append(record));
    fed.records++;
    if (record.type === "swipe" && ++fed.swipes === swipes) break;
    if (underWay.length < UNDER_WAY_MAX) continue;
    await Promise.all(underWay);
    underWay = [];
  }
  await Promise.all(underWay);
  if (fed.swipes < swipes)
    throw new RangeError(`the city has ${fed.swipes} swipes, ${swipes} were asked for; give it more persons`);
  return fed;
}

/** A name that no other bench has. */
export function folderName(): string {
  return `kadun-backtest-bench-${randomBytes(4).toString("hex")}`;
}
