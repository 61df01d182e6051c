/** Which clock of a case is shown, and how much is left of it. Pure. */

import type { QueueItem } from "../../../../../schemas/http/queue.js";

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

export interface DueClock {
  readonly kind: "take" | "decide";
  readonly isLate: boolean;
  readonly left: Span;
}

export interface Span {
  readonly n: number;
  readonly unit: "minutes" | "hours" | "days";
}

/** Taking comes first; null where nothing is due. */
export function dueClock(
  { takeBy, decideBy }: Pick<QueueItem, "takeBy" | "decideBy">,
  nowMs: number,
): DueClock | null {
  const due = takeBy ?? decideBy;
  if (due === null) return null;
  const leftMs = Date.parse(due) - nowMs;
  return { kind: takeBy === null ? "decide" : "take", isLate: leftMs < 0, left: spanOf(Math.abs(leftMs)) };
}

/** In the largest unit of which there are two, cut off: nobody is promised more than there is. */
export function spanOf(ms: number): Span {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes >= 2 * DAY_MINUTES) return { n: Math.floor(minutes / DAY_MINUTES), unit: "days" };
  if (minutes >= 2 * HOUR_MINUTES) return { n: Math.floor(minutes / HOUR_MINUTES), unit: "hours" };
  return { n: minutes, unit: "minutes" };
}
