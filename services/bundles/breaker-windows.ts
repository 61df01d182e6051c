/**
 * How much each rule stops in one partition, by journal time: lately, hour by hour, and before the bundle that runs.
 *
 * Owns: counting; what is kept of the bundle before.
 * Does not own: when it is too much (breaker-limits.ts), where it is stored (breaker.ts).
 *
 * 1. Pure: the same decisions give the same windows. Time is the append time of decisions, never going back.
 * 2. A rule stops a person once in a bucket: one thief who tries again and again is no runaway rule.
 * 3. A bundle that ran for less than an hour says nothing of how things were before: two bad ones in a row are measured
 *    against what was before both.
 */

export interface JudgedSwipe {
  readonly bundleHash: string;
  readonly personKey: string;
  readonly atMs: number;
  /** Live rules that asked for a challenge or a rejection. */
  readonly stoppedBy: readonly string[];
}

export interface Totals {
  swipes: number;
  /** Rule → swipes that it stopped. */
  stops: Record<string, number>;
}

export interface Bucket extends Totals {
  readonly startMs: number;
}

/** As it is stored, as JSON. */
export interface WindowsState {
  /** Of the last decision; null before the first. */
  bundleHash: string | null;
  /** Of its first decision here. */
  beganMs: number;
  newestMs: number;
  /** Was there another bundle before? The first one that is seen was changed by nobody. */
  isChanged: boolean;
  /** Before the bundle that runs. */
  baseline: Totals;
  /** Of the bundle that runs. */
  hours: Bucket[];
  buckets: Bucket[];
}

export const BUCKET_MS = 10_000;
/** Ten minutes: the longest window. */
const BUCKETS_MAX = 60;
const HOUR_MS = 3_600_000;
/** A day: night and day are in it. */
const HOURS_MAX = 24;

export class BreakerWindows {
  /** Who was stopped in the newest bucket, by rule. Not stored: a crash may count somebody twice. */
  private stopped = new Set<string>();

  constructor(readonly state: WindowsState = emptyState()) {}

  take({ bundleHash, personKey, atMs, stoppedBy }: JudgedSwipe): void {
    const { state } = this;
    state.newestMs = Math.max(state.newestMs, atMs);
    if (state.bundleHash !== bundleHash) this.change(bundleHash);
    const { bucket, isNew } = newest(state.buckets, state.newestMs, BUCKET_MS, BUCKETS_MAX);
    if (isNew) this.stopped = new Set();
    const { bucket: hour } = newest(state.hours, state.newestMs, HOUR_MS, HOURS_MAX);
    bucket.swipes++;
    hour.swipes++;
    for (const rule of stoppedBy) {
      const who = `${rule}/${personKey}`;
      if (this.stopped.has(who)) continue;
      this.stopped.add(who);
      bucket.stops[rule] = (bucket.stops[rule] ?? 0) + 1;
      hour.stops[rule] = (hour.stops[rule] ?? 0) + 1;
    }
  }

  private change(bundleHash: string): void {
    const { state } = this;
    if (state.bundleHash !== null) {
      const isSettled = state.newestMs - state.beganMs >= HOUR_MS;
      if (isSettled || !state.isChanged) state.baseline = sumOf(state.hours);
      state.isChanged = true;
    }
    state.bundleHash = bundleHash;
    state.beganMs = state.newestMs;
    state.hours = [];
    state.buckets = [];
    this.stopped = new Set();
  }
}

export function sumOf(parts: Iterable<Totals>): Totals {
  const sum: Totals = { swipes: 0, stops: {} };
  for (const { swipes, stops } of parts) {
    sum.swipes += swipes;
    for (const [rule, count] of Object.entries(stops)) sum.stops[rule] = (sum.stops[rule] ?? 0) + count;
  }
  return sum;
}

function newest(
  buckets: Bucket[],
  nowMs: number,
  lengthMs: number,
  countMax: number,
): { bucket: Bucket; isNew: boolean } {
  const startMs = nowMs - (nowMs % lengthMs);
  const last = buckets.at(-1);
  if (last?.startMs === startMs) return { bucket: last, isNew: false };
  const bucket: Bucket = { startMs, swipes: 0, stops: {} };
  buckets.push(bucket);
  while (buckets[0]!.startMs <= startMs - lengthMs * countMax) buckets.shift();
  return { bucket, isNew: true };
}

function emptyState(): WindowsState {
  const none: Totals = { swipes: 0, stops: {} };
  return {
    bundleHash: null,
    beganMs: 0,
    newestMs: 0,
    isChanged: false,
    baseline: none,
    hours: [],
    buckets: [],
  };
}
