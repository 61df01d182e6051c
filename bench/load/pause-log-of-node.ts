/**
 * Loaded into a Node program before its own code (`node --import`): logs each pause of its collector, when it began (Unix
 * time) and how long it took, in milliseconds. The program knows nothing of it; what was logged stays when it is killed.
 */

import { openSync, writeSync } from "node:fs";
import { type PerformanceEntry, PerformanceObserver, performance } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";
import { PAUSE_LOG_VARIABLE, pauseLogPath } from "./collector-pauses.js";

const folder = process.env[PAUSE_LOG_VARIABLE];
// A worker's pauses stop nobody but itself.
if (folder !== undefined && isMainThread) {
  const file = openSync(pauseLogPath(folder, process.pid), "a");
  const log = (entries: readonly PerformanceEntry[]) => {
    if (entries.length === 0) return;
    const lines = entries.map(
      ({ startTime, duration }) => `${performance.timeOrigin + startTime} ${duration}\n`,
    );
    writeSync(file, lines.join(""));
  };
  const observer = new PerformanceObserver((list) => log(list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });
  process.on("exit", () => log(observer.takeRecords()));
}
