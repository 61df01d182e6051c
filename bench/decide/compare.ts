/**
 * The comparison: rounds of fresh processes on one processor, which take turns. What the sides
 * decide before their timing begins must be equal. Ratios are formed round by round and their median is quoted: the
 * machine's drift cancels out.
 */

import { fileURLToPath } from "node:url";
import { median, type Ratio, ratioOf } from "../end-to-end/rounds.js";
import type { Figures, SideFigures } from "./measure.js";
import { type Conditions, conditions, measuredInTurns } from "./measured-process.js";
import type { SideName } from "./sides.js";

const MEASURE = fileURLToPath(new URL("./measure.js", import.meta.url));

export interface CompareOptions {
  readonly persons: number;
  readonly events: number;
  readonly rounds: number;
}

/** Median figures of a side's rounds, by key order. */
export interface Compared {
  readonly plainNode: SideFigures;
  readonly kadun: SideFigures;
  /** GROUP_MAX messages at a time: read, their records fetched together, decided. Latencies are of single calls. */
  readonly kadunBatch: SideFigures;
  /** The same messages, records and answers under the default ruleset instead of the job's five rules. */
  readonly kadunFull: SideFigures;
}

export interface Comparison extends CompareOptions, Compared, Conditions {
  /** From canonical bytes to the whole outcome under the default ruleset; measured once. */
  readonly kadunWholeOutcome: Figures;
  readonly ratio: Ratio;
  readonly ratioShuffledKeys: Ratio;
  readonly ratioBatch: Ratio;
  /** Decisions/s under the default ruleset as a share of those under the job's five rules. */
  readonly shareFull: Ratio;
}

const COMPARED: readonly SideName[] = ["plain-node", "kadun", "kadun-batch", "kadun-full"];

type Round = Readonly<Record<keyof Compared, SideFigures>>;

/** @throws Error where the sides decide differently. */
export async function compare(
  options: CompareOptions,
  progress: (text: string) => void,
): Promise<Comparison> {
  const held = conditions();
  const rounds: Round[] = [];
  for (let round = 0; round < options.rounds; round++) {
    progress(`${options.persons} persons: round ${round + 1}`);
    const [plainNode, kadun, kadunBatch, kadunFull] = (await inTurns(
      COMPARED.map((side) => ({ side, ...options, held })),
    )) as [SideFigures, SideFigures, SideFigures, SideFigures];
    rounds.push({ plainNode, kadun, kadunBatch, kadunFull });
  }
  progress(`${options.persons} persons: whole outcome`);
  const [outcome] = (await inTurns([{ side: "kadun-outcome", ...options, held }])) as [SideFigures];
  const figures = (side: keyof Compared, order: keyof SideFigures = "producerOrder") =>
    rounds.map((round) => round[side][order]);
  const medians = (side: keyof Compared): SideFigures => ({
    producerOrder: medianFigures(figures(side)),
    shuffledKeys: medianFigures(figures(side, "shuffledKeys")),
  });
  return {
    ...options,
    ...held,
    plainNode: medians("plainNode"),
    kadun: medians("kadun"),
    kadunBatch: medians("kadunBatch"),
    kadunFull: medians("kadunFull"),
    kadunWholeOutcome: outcome.producerOrder,
    ratio: cpuRatioOf(figures("plainNode"), figures("kadun")),
    ratioShuffledKeys: cpuRatioOf(figures("plainNode", "shuffledKeys"), figures("kadun", "shuffledKeys")),
    ratioBatch: cpuRatioOf(figures("plainNode"), figures("kadunBatch")),
    shareFull: cpuRatioOf(figures("kadun"), figures("kadunFull")),
  };
}

export interface MeasuredSide {
  readonly side: SideName;
  readonly persons: number;
  readonly events: number;
  readonly held: Conditions;
}

/** They have other rules than the job's, or another answer. */
const OTHER_DECISIONS: readonly SideName[] = ["kadun-full", "kadun-outcome"];

/** Sides beside each other, each in a fresh process. @returns theirs, in this order. @throws Error where they decide differently. */
export async function inTurns(sides: readonly MeasuredSide[]): Promise<readonly SideFigures[]> {
  const programs = sides.map(({ side, persons, events, held }) => ({
    program: [MEASURE, side, String(persons), String(events)],
    held,
    job: OTHER_DECISIONS.includes(side) ? null : jobOf(persons, events),
  }));
  return (await measuredInTurns(programs)) as SideFigures[];
}

/** Whoever is given the same messages has the same to decide. */
export function jobOf(persons: number, events: number): string {
  return `swipe-5: ${events} swipes of ${persons} persons`;
}

/** Processor time a decision of one over another's, round by round. */
export function cpuRatioOf(of: readonly Figures[], over: readonly Figures[]): Ratio {
  const cpu = (figures: readonly Figures[]) => figures.map(({ nsCpu }) => nsCpu);
  const { median, rounds } = ratioOf(cpu(of), cpu(over));
  return { median: Number(median.toFixed(2)), rounds: rounds.map((each) => Number(each.toFixed(2))) };
}

export function medianFigures(rounds: readonly Figures[]): Figures {
  const [first] = rounds;
  if (first === undefined) throw new Error("no round was measured");
  const entries = Object.keys(first).map((key) => {
    const values = rounds.map((figures) => figures[key as keyof Figures]);
    return [
      key,
      values.every((value) => typeof value === "number") ? rounded(median(values as number[])) : values[0],
    ];
  });
  return Object.fromEntries(entries) as Figures;
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
