/** A Node program of this checkout, built, whose collector is watched. */

import { join } from "node:path";
import { packageRoot } from "../../../cli/package-root.js";
import type { Job, Program } from "../engine.js";
import { GC_LOG_VARIABLE } from "../gc-pauses.js";

const WATCH = join(packageRoot, "dist", "bench", "end-to-end", "gc-pauses-of-node.js");

/** @param number of the process among those of its engine, from 1. */
export function nodeProgram({ folder }: Job, number: number, args: readonly string[]): Program {
  const path = join(folder, `gc-${number}.json`);
  return {
    command: process.execPath,
    arguments: ["--import", WATCH, ...args],
    environment: { [GC_LOG_VARIABLE]: path },
    gcLog: { kind: "node", path },
  };
}
