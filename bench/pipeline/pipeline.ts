/**
 * `kadun bench pipeline`: a whole Kadun on this machine answers authorizations at given rates, then at the highest it
 * sustains. Load, swipe process and office are three processes whose work is counted apart.
 */

import { type MeasuredWith, measuredWith } from "../load/machine.js";
import { type EchoFound, generatorCeiling } from "./generator-ceiling.js";
import { LoadGenerator } from "./load-generator.js";
import { type LoadedKadun, loadKadun } from "./load-on-kadun.js";
import { RunningKadun } from "./running-kadun.js";
import { type Found, findHighestSustained } from "./sustained-search.js";

export interface PipelineOptions {
  readonly profile: "embedded";
  readonly seconds: number;
  readonly rates: readonly number[];
  readonly persons: number;
  readonly seed: number;
}

export interface AttemptedRate extends LoadedKadun {
  /** A rate that failed is measured once more: the machine may have had other work. Figures are those of the last. */
  readonly attempts: number;
}

export interface PipelineReport extends PipelineOptions, MeasuredWith {
  readonly measuredAt: string;
  /** Answers/s of a server that does nothing, under the same generator; null where it could not follow the first step. */
  readonly generatorCeilingPerSecond: number | null;
  readonly atRates: readonly AttemptedRate[];
  /** The search for the highest sustained rate. */
  readonly search: Found<AttemptedRate>;
  /** Until the office had taken in everything after the last load. */
  readonly officeCaughtUpAfterSeconds: number;
}

/** JIT, connections, pages of the store: the first seconds are those of a start. */
const WARM_UP = [
  { ratePerSecond: 200, seconds: 2 },
  { ratePerSecond: 1000, seconds: 6 },
] as const;
const CEILING_SECONDS = 3;
const ATTEMPTS_MAX = 2;
const RATE_MAX = 50_000;
const PRECISION = 0.1;
const MEASUREMENTS_MAX = 9;
const FIRST_SEARCHED = 2000;

export async function benchPipeline(
  options: PipelineOptions,
  progress: (text: string) => void,
): Promise<PipelineReport> {
  const { seed, persons } = options;
  const generator = await LoadGenerator.start({ seed, persons });
  try {
    progress("load generator: on a server that does nothing");
    const ceiling = await generatorCeiling(generator, CEILING_SECONDS);
    progress("kadun start");
    const kadun = await RunningKadun.start({ logsPauses: true });
    try {
      return { ...described(options, ceiling), ...(await measured(kadun, generator, options, progress)) };
    } finally {
      await kadun.stop();
    }
  } finally {
    await generator.close();
  }
}

async function measured(
  kadun: RunningKadun,
  generator: LoadGenerator,
  { rates, seconds }: PipelineOptions,
  progress: (text: string) => void,
): Promise<Pick<PipelineReport, "atRates" | "search" | "officeCaughtUpAfterSeconds">> {
  const once = async (ratePerSecond: number): Promise<LoadedKadun> => {
    progress(`${ratePerSecond}/s for ${seconds} s`);
    const loaded = await loadKadun(kadun, generator, { ratePerSecond, seconds });
    await caughtUpSeconds(kadun);
    return loaded;
  };
  const atRate = async (ratePerSecond: number): Promise<AttemptedRate> => {
    for (let attempts = 1; ; attempts++) {
      const loaded = await once(ratePerSecond);
      if (loaded.isSustained || attempts === ATTEMPTS_MAX) return { ...loaded, attempts };
      progress(`${ratePerSecond}/s: ${loaded.reasons.join(", ")}`);
    }
  };
  for (const load of WARM_UP) {
    progress(`warm-up: ${load.ratePerSecond}/s for ${load.seconds} s`);
    await loadKadun(kadun, generator, load);
  }
  await caughtUpSeconds(kadun);
  const atRates: AttemptedRate[] = [];
  for (const rate of rates) atRates.push(await atRate(rate));
  const search = await findHighestSustained(atRate, {
    first: FIRST_SEARCHED,
    known: atRates,
    max: RATE_MAX,
    precision: PRECISION,
    measurementsMax: MEASUREMENTS_MAX,
  });
  // Once more, so that the time to catch up is that of a rate the machine sustains.
  const last = search.highest;
  if (last !== null) {
    progress(`${last.rate}/s once more, then until the office has caught up`);
    await loadKadun(kadun, generator, { ratePerSecond: last.rate, seconds });
  }
  return { atRates, search, officeCaughtUpAfterSeconds: await caughtUpSeconds(kadun) };
}

/** The office may be behind after a load, and would be measured with the next one. */
async function caughtUpSeconds(kadun: RunningKadun): Promise<number> {
  return Number(((await kadun.untilCaughtUp()) / 1000).toFixed(1));
}

function described(options: PipelineOptions, ceiling: EchoFound) {
  return {
    ...options,
    ...measuredWith(),
    measuredAt: new Date().toISOString(),
    generatorCeilingPerSecond: ceiling.highest?.rate ?? null,
  };
}
