/**
 * The comparison: equal decisions first, then rounds in which the sides take turns, each in a fresh process on one
 * processor. Ratios are formed round by round and their median is quoted: the machine's drift cancels out.
 */

import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Figures } from "./measure.js";
import type { SideName } from "./sides.js";

const run = promisify(execFile);
const MEASURE = fileURLToPath(new URL("./measure.js", import.meta.url));
const VERIFY_EVENTS = 50_000;
const PROCESS_TIMEOUT_MS = 300_000;

export interface CompareOptions {
  readonly persons: number;
  readonly events: number;
  readonly rounds: number;
}

export interface Comparison extends CompareOptions {
  readonly node: string;
  readonly pinnedToOneProcessor: boolean;
  readonly decisionsCompared: number;
  /** Median figures of each side's rounds. */
  readonly plainNode: Figures;
  readonly kadun: Figures;
  readonly kadunShuffledKeys: Figures;
  /** Whole outcome under the default ruleset, from canonical bytes. */
  readonly kadunWholeOutcome: Figures;
  /** Nanoseconds a decision of plain Node over Kadun's, round by round; the median of the rounds. */
  readonly ratio: number;
  readonly ratioShuffledKeys: number;
  readonly ratioRounds: readonly number[];
  readonly ratioShuffledKeysRounds: readonly number[];
}

type Order = "producer" | "shuffled";

/** @throws Error where the sides decide differently. */
export async function compare(
  options: CompareOptions,
  progress: (text: string) => void,
): Promise<Comparison> {
  const pinned = hasTaskset();
  const child = async (side: SideName, order: Order, mode: "verify" | "measure", events: number) => {
    progress(`${options.persons} persons: ${mode} ${side}, keys in ${order} order`);
    const args = ["--expose-gc", MEASURE, side, String(options.persons), String(events), order, mode];
    const command = pinned ? ["taskset", "-c", "0", process.execPath, ...args] : [process.execPath, ...args];
    const { stdout } = await run(command[0]!, command.slice(1), { timeout: PROCESS_TIMEOUT_MS });
    return stdout.trim();
  };
  await verifyEqual(child, Math.min(VERIFY_EVENTS, options.events));
  const rounds: Record<"plain" | "plainShuffled" | "kadun" | "shuffled" | "outcome", Figures[]> = {
    plain: [],
    plainShuffled: [],
    kadun: [],
    shuffled: [],
    outcome: [],
  };
  const take = async (into: Figures[], side: SideName, order: Order) =>
    into.push(JSON.parse(await child(side, order, "measure", options.events)) as Figures);
  for (let round = 0; round < options.rounds; round++) {
    await take(rounds.plain, "plain-node", "producer");
    await take(rounds.kadun, "kadun", "producer");
    await take(rounds.plainShuffled, "plain-node", "shuffled");
    await take(rounds.shuffled, "kadun", "shuffled");
    await take(rounds.outcome, "kadun-outcome", "producer");
  }
  const ratioRounds = ratios(rounds.plain, rounds.kadun);
  const ratioShuffledKeysRounds = ratios(rounds.plainShuffled, rounds.shuffled);
  return {
    ...options,
    node: process.version,
    pinnedToOneProcessor: pinned,
    decisionsCompared: Math.min(VERIFY_EVENTS, options.events),
    plainNode: medianFigures(rounds.plain),
    kadun: medianFigures(rounds.kadun),
    kadunShuffledKeys: medianFigures(rounds.shuffled),
    kadunWholeOutcome: medianFigures(rounds.outcome),
    ratio: median(ratioRounds),
    ratioShuffledKeys: median(ratioShuffledKeysRounds),
    ratioRounds,
    ratioShuffledKeysRounds,
  };
}

async function verifyEqual(
  child: (side: SideName, order: Order, mode: "verify", events: number) => Promise<string>,
  events: number,
): Promise<void> {
  const reference = await child("plain-node", "producer", "verify", events);
  for (const order of ["producer", "shuffled"] as const) {
    const hash = await child("kadun", order, "verify", events);
    if (hash !== reference)
      throw new Error(`the ${events} decisions differ (${order} key order): ${hash} is not ${reference}`);
  }
}

function ratios(plain: readonly Figures[], kadun: readonly Figures[]): number[] {
  return plain.map((figures, round) => Number((figures.nsMean / kadun[round]!.nsMean).toFixed(2)));
}

function medianFigures(rounds: readonly Figures[]): Figures {
  const [first] = rounds;
  if (first === undefined) throw new Error("no round was measured");
  const entries = Object.keys(first).map((key) => {
    const values = rounds.map((figures) => figures[key as keyof Figures]);
    return [key, values.every((value) => typeof value === "number") ? median(values as number[]) : values[0]];
  });
  return Object.fromEntries(entries) as Figures;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function hasTaskset(): boolean {
  return spawnSync("taskset", ["-c", "0", process.execPath, "--version"], { stdio: "ignore" }).status === 0;
}
