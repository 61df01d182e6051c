/** What must hold of a takeover: of the median of the kills. */

import type { RecoverReport } from "./recover.js";

/** Behind the session's end. */
const FIRST_SWIPE_MS = 1_000;
/** Behind the first swipe. */
const FULL_SPEED_MS = 10_000;

export interface Bound {
  /** null where it never came in half of the kills or more. */
  readonly medianMs: number | null;
  readonly allowedMs: number;
  readonly isHeld: boolean;
}

export interface Bounds {
  /** The successor's first swipe in a partition taken over, from the kill. */
  readonly firstSwipe: Bound;
  /** From the successor's first swipe. */
  readonly fullSpeed: Bound;
}

export function boundsOf({
  recoveries,
  sessionTimeoutMs,
}: Pick<RecoverReport, "recoveries" | "sessionTimeoutMs">): Bounds {
  const sinceFirst = recoveries.map(({ firstSwipeMs, fullSpeedMs }) =>
    firstSwipeMs === null || fullSpeedMs === null ? null : fullSpeedMs - firstSwipeMs,
  );
  return {
    firstSwipe: bound(
      recoveries.map(({ firstSwipeMs }) => firstSwipeMs),
      sessionTimeoutMs + FIRST_SWIPE_MS,
    ),
    fullSpeed: bound(sinceFirst, FULL_SPEED_MS),
  };
}

/** Of an even number the later one of the two in the middle. */
function bound(moments: readonly (number | null)[], allowedMs: number): Bound {
  const sorted = moments.map((ms) => ms ?? Number.POSITIVE_INFINITY).sort((one, other) => one - other);
  const median = sorted[sorted.length >> 1] ?? Number.POSITIVE_INFINITY;
  return { medianMs: Number.isFinite(median) ? median : null, allowedMs, isHeld: median <= allowedMs };
}
