/** Pauses of this process' collector, for its last line. */

import { PerformanceObserver } from "node:perf_hooks";

export interface GcPauses {
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
}

/** Counts from now on. */
export function watchCollector(): () => GcPauses {
  let count = 0;
  let totalMs = 0;
  let longestMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      count += 1;
      totalMs += duration;
      longestMs = Math.max(longestMs, duration);
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  return () => ({ count, totalMs, longestMs });
}
