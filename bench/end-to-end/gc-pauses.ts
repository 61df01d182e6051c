/** Pauses of a collector, from what a program left behind. */

import type { GcPauses } from "../peers/kafkajs-worker/gc-pauses.js";

const JAVA_PAUSE = /\bPause\b.* (\d+(?:\.\d+)?)ms$/;
const NODE_LINE = /^\{"gcPauses":/;

/** From a Java machine's log (`-Xlog:gc`), of its whole life. */
export function javaPauses(log: string): GcPauses {
  const pauses = log.split("\n").flatMap((line) => {
    const ms = JAVA_PAUSE.exec(line.trim())?.[1];
    return ms === undefined ? [] : [Number(ms)];
  });
  return {
    count: pauses.length,
    totalMs: pauses.reduce((sum, ms) => sum + ms, 0),
    longestMs: Math.max(0, ...pauses),
  };
}

/** From the last line of a Node program that counts its own; null where it says nothing. */
export function nodePauses(output: string): GcPauses | null {
  const line = output.split("\n").findLast((each) => NODE_LINE.test(each));
  if (line === undefined) return null;
  const { gcPauses } = JSON.parse(line) as { gcPauses: GcPauses };
  return gcPauses;
}

/** null where one of the programs says nothing. */
export function pausesOfAll(all: readonly (GcPauses | null)[]): GcPauses | null {
  let sum: GcPauses = { count: 0, totalMs: 0, longestMs: 0 };
  for (const pauses of all) {
    if (pauses === null) return null;
    sum = {
      count: sum.count + pauses.count,
      totalMs: sum.totalMs + pauses.totalMs,
      longestMs: Math.max(sum.longestMs, pauses.longestMs),
    };
  }
  return sum;
}
