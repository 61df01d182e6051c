/** Pauses of a collector, of a program's whole life, from what it left behind. */

import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";

/** Where a Node program writes them (gc-pauses-of-node.ts). */
export const GC_LOG_VARIABLE = "KADUN_BENCH_GC_LOG";

const gcPauses = z.object({ count: z.number(), totalMs: z.number(), longestMs: z.number() });
export type GcPauses = z.infer<typeof gcPauses>;

/** A Java machine's log (`-Xlog:gc`), or JSON of a Node program. */
export interface GcLog {
  readonly kind: "java" | "node";
  readonly path: string;
}

const JAVA_PAUSE = /\bPause\b.* (\d+(?:\.\d+)?)ms$/;

/** null where the program left nothing: it was killed. */
export function readPauses({ kind, path }: GcLog): GcPauses | null {
  if (!existsSync(path)) return null;
  const text = readFileSync(path, "utf8");
  return kind === "java" ? javaPauses(text) : gcPauses.parse(JSON.parse(text));
}

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

/** Of several processes; null where one of them left nothing. */
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
