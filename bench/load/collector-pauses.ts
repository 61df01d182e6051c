/** Pauses of a Node program's collector: of this process, or of one that is started with `pauseLog`. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type PerformanceEntry, PerformanceObserver, performance } from "node:perf_hooks";
import { packageRoot } from "../../cli/package-root.js";

export interface Pauses {
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
}

export function pausesOf(eachMs: readonly number[]): Pauses {
  const rounded = (ms: number) => Number(ms.toFixed(1));
  return {
    count: eachMs.length,
    totalMs: rounded(eachMs.reduce((sum, ms) => sum + ms, 0)),
    longestMs: rounded(Math.max(0, ...eachMs)),
  };
}

/** Of this process, pauses that begin from now on: one forced just before is reported later and is not meant. */
export function watchCollector() {
  const since = performance.now();
  const pauses: number[] = [];
  const take = (entries: readonly PerformanceEntry[]) => {
    for (const { startTime, duration } of entries) if (startTime >= since) pauses.push(duration);
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });
  return {
    /** Milliseconds of every pause up to now; the last turn's are known in the next one. */
    pausesMs(): readonly number[] {
      take(observer.takeRecords());
      return pauses;
    },
    /** And watches no longer. */
    end(): readonly number[] {
      const pausesMs = this.pausesMs();
      observer.disconnect();
      return pausesMs;
    },
  };
}

/** Folder in which a program and its child processes log their pauses (pause-log-of-node.ts). */
export const PAUSE_LOG_VARIABLE = "KADUN_BENCH_PAUSE_LOG";
const WATCH = join(packageRoot, "dist", "bench", "load", "pause-log-of-node.js");

/** With these a built Node program, which knows nothing of it, logs its pauses. */
export function pauseLog(folder: string) {
  return { nodeArguments: ["--import", WATCH], environment: { [PAUSE_LOG_VARIABLE]: folder } };
}

export function pauseLogPath(folder: string, pid: number): string {
  return join(folder, `pauses-${pid}.log`);
}

/**
 * What a program has logged, also one that was killed: all but what its last turn held.
 * @returns null where it logs nothing.
 */
export function loggedPauses(
  folder: string,
  pid: number,
  { fromMs = 0, toMs = Number.POSITIVE_INFINITY }: { readonly fromMs?: number; readonly toMs?: number } = {},
): Pauses | null {
  const path = pauseLogPath(folder, pid);
  if (!existsSync(path)) return null;
  // A line that is being written has no end yet.
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  const logged = lines.map((line) => line.split(" ").map(Number) as [beganAtMs: number, ms: number]);
  return pausesOf(
    logged.filter(([beganAtMs]) => beganAtMs >= fromMs && beganAtMs < toMs).map(([, ms]) => ms),
  );
}
