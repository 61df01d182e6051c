/**
 * The breaker over a seeded city with its attacks: how often would it trip although nobody changed a rule?
 *
 * A city of some ten thousand people never has the 200 swipes within ten minutes that the breaker needs, so time is pressed
 * together: the swipes come in their order, so many in each half a minute, as in a city that is so much larger. It stands
 * behind a change all the time, without a baseline: the limits that hold anyway are all there is between it and a trip.
 */

import type { LoadedBundle } from "../../cli/bundle-files.js";
import { ReplayRun } from "../../cli/replay-run.js";
import { isOfLossPolicies, runaways, WINDOWS_MS } from "../../services/bundles/breaker-limits.js";
import { BreakerWindows, sumOf } from "../../services/bundles/breaker-windows.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { type CityOptions, generateCity } from "../city/city.js";

const HALF_A_MINUTE_MS = WINDOWS_MS[0];
const NO_BUNDLE = "0".repeat(64);
const STOPS: readonly string[] = ["challenge", "reject"];

export interface FalseTrips {
  readonly swipesPerHalfMinute: number;
  swipes: number;
  /** Decisions at which a rule stood as run away, by rule. */
  readonly runawayAt: Record<string, number>;
  /** Of R01–R07 only told. */
  readonly toldAt: Record<string, number>;
  /** The highest share of a full half a minute, by rule. */
  readonly highest: Record<string, number>;
}

/** @throws Error where a line of the city is refused. */
export function falseTrips(
  options: CityOptions,
  loaded: LoadedBundle,
  rates: readonly number[],
): readonly FalseTrips[] {
  const measures = rates.map((rate) => new Measure(rate));
  const run = new ReplayRun(
    loaded,
    { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs },
    {
      outcome: (outcome) => {
        if (outcome.type !== "decision") return;
        const { personKey, bundleHash, reasons } = outcome;
        const stoppedBy = reasons
          .filter(({ rule, mode, action }) => rule !== "R00" && mode === "live" && STOPS.includes(action))
          .map(({ rule }) => rule);
        for (const measure of measures)
          measure.take({ bundleHash, personKey, stoppedBy: [...new Set(stoppedBy)] });
      },
      refused: ({ code, reason }) => {
        throw new Error(`a line of the city was refused: ${code}: ${reason}; correct the generator`);
      },
    },
  );
  for (const { raw } of generateCity(options)) run.line(Buffer.from(JSON.stringify(raw)));
  return measures.map(({ result }) => result);
}

interface Decided {
  readonly bundleHash: string;
  readonly personKey: string;
  readonly stoppedBy: readonly string[];
}

class Measure {
  readonly result: FalseTrips;
  private readonly windows = new BreakerWindows();

  constructor(private readonly rate: number) {
    this.result = { swipesPerHalfMinute: rate, swipes: 0, runawayAt: {}, toldAt: {}, highest: {} };
    // The change.
    this.windows.take({ bundleHash: NO_BUNDLE, personKey: "", atMs: 0, stoppedBy: [] });
  }

  take(decided: Decided): void {
    const { result, windows, rate } = this;
    const atMs = Math.floor((result.swipes++ * HALF_A_MINUTE_MS) / rate);
    windows.take({ ...decided, atMs });
    if (decided.stoppedBy.length === 0) return;
    this.keepHighest();
    for (const { rule } of runaways([windows.state], decided.bundleHash)) {
      const counts = isOfLossPolicies(rule) ? result.toldAt : result.runawayAt;
      counts[rule] = (counts[rule] ?? 0) + 1;
    }
  }

  private keepHighest(): void {
    const { swipes, stops } = sumOf(this.windows.state.buckets.slice(-3));
    if (swipes < this.rate / 2) return;
    const { highest } = this.result;
    for (const [rule, count] of Object.entries(stops))
      highest[rule] = Math.max(highest[rule] ?? 0, Math.round((count / swipes) * 1e4) / 1e4);
  }
}
