/**
 * Programs that measure themselves and print JSON, each in a fresh process: on one processor where that can be said, with
 * large pages, as detectors have them (platform/lifecycle/large-pages.ts), where the system gives them.
 */

import { execFile, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { type LargePages, largePages, withLargePages } from "../../platform/lifecycle/large-pages.js";

const run = promisify(execFile);
/** The last one: the first takes most interrupts. */
const PROCESSOR = String(availableParallelism() - 1);
/** Ten million persons are filled in for minutes. */
const TIMEOUT_MS = 1_800_000;

const GIVEN: readonly LargePages[] = ["always", "asked"];

/** What holds for each process of a comparison. */
export interface Conditions {
  readonly node: string;
  readonly pinnedToOneProcessor: boolean;
  /** Asked for, and there to be had. */
  readonly largePages: boolean;
}

export function conditions(): Conditions {
  return {
    node: process.version,
    pinnedToOneProcessor: hasTaskset(),
    largePages: GIVEN.includes(largePages(withLargePages(process.env))),
  };
}

export function conditionsText({ node, pinnedToOneProcessor, largePages }: Conditions): string {
  const pinned = pinnedToOneProcessor ? "pinned to one processor" : "not pinned";
  return `Node ${node}, ${pinned}, ${largePages ? "large pages" : "no large pages"}`;
}

/** @param program a built module and its arguments. @returns what it printed. @throws Error where it failed. */
export async function measured(program: readonly string[], held: Conditions): Promise<unknown> {
  const node = [process.execPath, "--expose-gc", ...program];
  const [command, ...args] = held.pinnedToOneProcessor ? ["taskset", "-c", PROCESSOR, ...node] : node;
  const env = held.largePages ? withLargePages(process.env) : process.env;
  const { stdout } = await run(command!, args, { timeout: TIMEOUT_MS, env });
  return JSON.parse(stdout);
}

function hasTaskset(): boolean {
  const args = ["-c", PROCESSOR, process.execPath, "--version"];
  return spawnSync("taskset", args, { stdio: "ignore" }).status === 0;
}
