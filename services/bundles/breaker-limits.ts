/** When a rule has run away: what it stops lately, against limits and against what it stopped before. Pure. */

import { BUCKET_MS, sumOf, type WindowsState } from "./breaker-windows.js";

/**
 * Half a minute: at a hundred swipes a second some ninety honest people are stopped at a share of 3 %. Ten minutes: for
 * what a small city swipes.
 */
export const WINDOWS_MS = [30_000, 600_000] as const;

export interface BreakerLimits {
  /** Fewer say nothing of a share of some per cent. */
  readonly swipesMin: number;
  /** People a window, so that a handful of thieves at a quiet hour is none. */
  readonly stopsMin: number;
  /** The guard's limit is 1 % of a day; what attacks come to in half a minute of one is more. */
  readonly shareMax: number;
  /** Of the rule's own share before. */
  readonly timesMax: number;
  /** However much it was before. */
  readonly shareAnyway: number;
}

/** As docs/operations.md measures them. */
export const BREAKER_LIMITS: BreakerLimits = {
  swipesMin: 200,
  stopsMin: 20,
  shareMax: 0.03,
  timesMax: 4,
  shareAnyway: 0.2,
};

export interface Runaway {
  readonly rule: string;
  readonly windowMs: number;
  readonly swipes: number;
  readonly stops: number;
  /** Before the bundle that runs. */
  readonly baselineShare: number;
}

/**
 * Rules that have run away under this bundle, each with its shortest window. A bundle that came after another one in any
 * partition is judged in all that go by it: a quiet one may have had no decision before.
 */
export function runaways(
  partitions: Iterable<WindowsState>,
  bundleHash: string,
  limits: BreakerLimits = BREAKER_LIMITS,
): Runaway[] {
  const under = [...partitions].filter((state) => state.bundleHash === bundleHash);
  if (!under.some(({ isChanged }) => isChanged)) return [];
  const newestMs = Math.max(...under.map((state) => state.newestMs));
  const baseline = sumOf(under.map((state) => state.baseline));
  const found = new Map<string, Runaway>();
  for (const windowMs of WINDOWS_MS) {
    const fromMs = newestMs - (newestMs % BUCKET_MS) + BUCKET_MS - windowMs;
    const { swipes, stops } = sumOf(
      under.flatMap(({ buckets }) => buckets.filter(({ startMs }) => startMs >= fromMs)),
    );
    if (swipes < limits.swipesMin) continue;
    for (const [rule, count] of Object.entries(stops)) {
      const baselineShare = baseline.swipes === 0 ? 0 : (baseline.stops[rule] ?? 0) / baseline.swipes;
      if (!found.has(rule) && isTooMuch(count, swipes, baselineShare, limits))
        found.set(rule, { rule, windowMs, swipes, stops: count, baselineShare });
    }
  }
  return [...found.values()].sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

function isTooMuch(
  stops: number,
  swipes: number,
  baselineShare: number,
  { stopsMin, shareMax, timesMax, shareAnyway }: BreakerLimits,
): boolean {
  const share = stops / swipes;
  if (stops < stopsMin || share <= shareMax) return false;
  return share > baselineShare * timesMax || share > shareAnyway;
}

/** R01–R07 go by loss policies: what they stop is a card that somebody reported lost. Told, never lowered. */
export function isOfLossPolicies(rule: string): boolean {
  return /^R0[1-7]$/.test(rule);
}

export function runawayText({ rule, windowMs, swipes, stops, baselineShare }: Runaway): string {
  const [now, before] = [stops / swipes, baselineShare].map((share) => `${(share * 100).toFixed(2)} %`);
  return `${rule} stopped ${stops} of ${swipes} swipes within ${windowMs / 1000} s (${now}, ${before} before)`;
}
