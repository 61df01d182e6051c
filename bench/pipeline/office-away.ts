/**
 * Does a swipe notice that the office is away? Rounds of the same load with the office running, stopped (SIGSTOP) and
 * killed (SIGKILL, again whenever it comes back), one after another; ratios of the median p99 of the rounds.
 *
 * By hand: `node dist/bench/pipeline/office-away.js [SECONDS] [ROUNDS] [RATE]` prints one JSON object.
 */

import { realpathSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isReconciled, reconciled } from "../load/office-client.js";
import { LoadGenerator } from "./load-generator.js";
import { AUTHORIZATIONS } from "./load-on-kadun.js";
import type { LoadResult } from "./load-protocol.js";
import { RunningKadun } from "./running-kadun.js";

export const CONDITIONS = ["running", "stopped", "killed"] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface OfficeAwayOptions {
  readonly ratePerSecond: number;
  /** Of each condition in each round. */
  readonly seconds: number;
  readonly rounds: number;
  readonly persons?: number;
  readonly seed?: number;
}

export interface OfficeAwayRound {
  readonly condition: Condition;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly answered: number;
  readonly standIns: number;
  /** Anything that was no answer of status 200. */
  readonly failed: number;
  /** How often the office was killed while it was away. */
  readonly kills: number;
  /** From the end of the load until the office had taken in everything. */
  readonly caughtUpAfterSeconds: number;
}

export interface OfficeAwayReport extends OfficeAwayOptions {
  readonly rounds: number;
  readonly each: readonly OfficeAwayRound[];
  /** Median p99 with the office away over the median with it running. */
  readonly p99Ratio: Readonly<Record<Exclude<Condition, "running">, number>>;
  /** After everything: nothing missing, doubled, different or still to come, of so many records. */
  readonly isReconciled: boolean;
  readonly findingsCount: number;
  readonly journalRecords: number;
}

const PERSONS_DEFAULT = 50_000;
const SEED_DEFAULT = 1;
const WARM_UP_SECONDS = 4;
/** An office that comes back is killed before it does much. */
const KILL_EVERY_MS = 50;

export async function measureOfficeAway(
  options: OfficeAwayOptions,
  progress: (text: string) => void,
): Promise<OfficeAwayReport> {
  const { ratePerSecond, seconds, rounds, persons = PERSONS_DEFAULT, seed = SEED_DEFAULT } = options;
  const generator = await LoadGenerator.start({ seed, persons });
  try {
    const kadun = await RunningKadun.start();
    try {
      const load = (loadSeconds: number) => loadOnce(kadun, generator, ratePerSecond, loadSeconds);
      await load(WARM_UP_SECONDS);
      await kadun.untilCaughtUp();
      const each: OfficeAwayRound[] = [];
      for (let round = 0; round < rounds; round++)
        for (const condition of turned(CONDITIONS, round)) {
          progress(`round ${round + 1} of ${rounds}: office ${condition}`);
          each.push(await measureOne(kadun, condition, () => load(seconds)));
        }
      const p99Ratio = { stopped: ratioOf(each, "stopped"), killed: ratioOf(each, "killed") };
      const found = await reconciled(kadun.process);
      return {
        ...options,
        each,
        p99Ratio,
        isReconciled: isReconciled(found),
        findingsCount: found.findingsCount,
        journalRecords: found.partitions.reduce((sum, { journal }) => sum + journal.rows, 0),
      };
    } finally {
      await kadun.stop();
    }
  } finally {
    await generator.close();
  }
}

/** No condition is always the first of its round. */
function turned<T>(values: readonly T[], by: number): readonly T[] {
  const at = by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}

function loadOnce(
  kadun: RunningKadun,
  generator: LoadGenerator,
  ratePerSecond: number,
  seconds: number,
): Promise<LoadResult> {
  const { url, apiKey } = kadun.process;
  return generator.run({ url, path: AUTHORIZATIONS, apiKey, ratePerSecond, seconds });
}

async function measureOne(
  kadun: RunningKadun,
  condition: Condition,
  load: () => Promise<LoadResult>,
): Promise<OfficeAwayRound> {
  const away = sendAway(kadun, condition);
  let result: LoadResult;
  let kills: number;
  try {
    result = await load();
  } finally {
    kills = await away.end();
  }
  const { latency, answered, standIns, statuses, broken, unanswered, unreadable } = result;
  return {
    condition,
    p50Ms: latency.p50Ms,
    p99Ms: latency.p99Ms,
    p999Ms: latency.p999Ms,
    answered,
    standIns,
    failed: answered - (statuses["200"] ?? 0) + broken + unanswered + unreadable,
    kills,
    caughtUpAfterSeconds: Number(((await kadun.untilCaughtUp()) / 1000).toFixed(1)),
  };
}

interface Away {
  /** Lets the office live again. @returns how often it was killed. */
  end(): Promise<number>;
}

function sendAway(kadun: RunningKadun, condition: Condition): Away {
  switch (condition) {
    case "running":
      return { end: async () => 0 };
    case "stopped": {
      if (!kadun.signalOffice("SIGSTOP")) throw new Error("there is no office to stop");
      return {
        end: async () => {
          kadun.signalOffice("SIGCONT");
          return 0;
        },
      };
    }
    case "killed":
      return keepKilled(kadun);
  }
}

function keepKilled(kadun: RunningKadun): Away {
  if (!kadun.signalOffice("SIGKILL")) throw new Error("there is no office to kill");
  let kills = 1;
  let isOver = false;
  const killing = (async () => {
    while (!isOver) {
      await pause(KILL_EVERY_MS);
      if (!isOver && kadun.signalOffice("SIGKILL")) kills += 1;
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await killing;
      return kills;
    },
  };
}

function ratioOf(each: readonly OfficeAwayRound[], condition: Condition): number {
  const p99Of = (wanted: Condition) =>
    median(each.filter((one) => one.condition === wanted).map((one) => one.p99Ms));
  return Number((p99Of(condition) / p99Of("running")).toFixed(2));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const SECONDS_BY_HAND = 30;
const ROUNDS_BY_HAND = 3;
const RATE_BY_HAND = 500;

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [seconds = SECONDS_BY_HAND, rounds = ROUNDS_BY_HAND, ratePerSecond = RATE_BY_HAND] = process.argv
    .slice(2)
    .map(Number);
  const report = await measureOfficeAway({ ratePerSecond, seconds, rounds }, (text) => console.error(text));
  console.log(JSON.stringify(report, null, 2));
}
