/**
 * Loaded into a Node program before its own code (`node --import`): counts its collector's pauses and writes them, when it
 * ends, as JSON to the file that KADUN_BENCH_GC_LOG names. The program knows nothing of it.
 */

import { writeFileSync } from "node:fs";
import { type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import type { GcPauses } from "./gc-pauses.js";
import { GC_LOG_VARIABLE } from "./gc-pauses.js";

const path = process.env[GC_LOG_VARIABLE];
if (path !== undefined) {
  let count = 0;
  let totalMs = 0;
  let longestMs = 0;
  const take = (entries: readonly PerformanceEntry[]) => {
    for (const { duration } of entries) {
      count += 1;
      totalMs += duration;
      longestMs = Math.max(longestMs, duration);
    }
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });
  process.on("exit", () => {
    take(observer.takeRecords());
    writeFileSync(path, JSON.stringify({ count, totalMs, longestMs } satisfies GcPauses));
  });
}
