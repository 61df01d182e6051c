/** When a rule has run away: what it stops lately, against limits and against what it stopped before. Pure. */

import { BUCKET_MS, sumOf, type WindowsState } from "./breaker-windows.js";

/**
 * Half a minute: at a hundred swipes a second some ninety honest people are stopped at a share of 3 %. Ten minutes: for
 * what a small city swipes.
 */
export const WINDOWS_MS = [30_000, 600_000] as const;
/** Fewer say nothing of a share of some per cent. */
export const SWIPES_MIN = 200;
/** People a window, so that a handful of thieves at a quiet hour is none. */
export const STOPS_MIN = 20;
/** The guard's limit is 1 % of a day; what attacks come to in half a minute of one is more. */
export const SHARE_MAX = 0.03;
/** Of the rule's own share before. */
export const TIMES_MAX = 4;
/** However much it was before. */
export const SHARE_ANYWAY = 0.2;

export interface Runaway {
  readonly rule: string;
  readonly windowMs: number;
  readonly swipes: number;
  readonly stops: number;
  /** Before the bundle that runs. */
  readonly baselineShare: number;
}

/** Rules that have run away under this bundle, each with its shortest window. */
export function runaways(partitions: Iterable<WindowsState>, bundleHash: string): Runaway[] {
  const under = [...partitions].filter((state) => state.bundleHash === bundleHash && state.isChanged);
  if (under.length === 0) return [];
  const newestMs = Math.max(...under.map((state) => state.newestMs));
  const baseline = sumOf(under.map((state) => state.baseline));
  const found = new Map<string, Runaway>();
  for (const windowMs of WINDOWS_MS) {
    const fromMs = newestMs - (newestMs % BUCKET_MS) + BUCKET_MS - windowMs;
    const { swipes, stops } = sumOf(
      under.flatMap(({ buckets }) => buckets.filter(({ startMs }) => startMs >= fromMs)),
    );
    if (swipes < SWIPES_MIN) continue;
    for (const [rule, count] of Object.entries(stops)) {
      const baselineShare = baseline.swipes === 0 ? 0 : (baseline.stops[rule] ?? 0) / baseline.swipes;
      if (!found.has(rule) && isTooMuch(count, swipes, baselineShare))
        found.set(rule, { rule, windowMs, swipes, stops: count, baselineShare });
    }
  }
  return [...found.values()].sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

function isTooMuch(stops: number, swipes: number, baselineShare: number): boolean {
  const share = stops / swipes;
  if (stops < STOPS_MIN || share <= SHARE_MAX) return false;
  return share > baselineShare * TIMES_MAX || share > SHARE_ANYWAY;
}

/** R01–R07 go by loss policies: what they stop is a card that somebody reported lost. Told, never lowered. */
export function isOfLossPolicies(rule: string): boolean {
  return /^R0[1-7]$/.test(rule);
}

export function runawayText({ rule, windowMs, swipes, stops, baselineShare }: Runaway): string {
  const [now, before] = [stops / swipes, baselineShare].map((share) => `${(share * 100).toFixed(2)} %`);
  return `${rule} stopped ${stops} of ${swipes} swipes within ${windowMs / 1000} s (${now}, ${before} before)`;
}
