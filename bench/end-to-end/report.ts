/** What a comparison says: medians of each engine, ratios of the base to the others, and what must hold. */

import type { PeersComparison } from "../decide/compare-peers.js";
import type { Quantiles } from "../pipeline/latency-histogram.js";
import { type Aim, aimsOf } from "./aims.js";
import type { DrainFigures } from "./drain.js";
import type { EngineName } from "./engine.js";
import type { Machine } from "./machine.js";
import type { CompareOptions } from "./options.js";
import type { PacedFigures } from "./paced.js";
import type { PacedName } from "./paced-sides.js";
import { median, type Ratio, ratioOf } from "./rounds.js";

/** In the order of the rounds. */
export type DrainRounds = ReadonlyMap<EngineName, readonly DrainFigures[]>;
export type PacedRounds = ReadonlyMap<PacedName, readonly (readonly PacedFigures[])[]>;

export interface Skipped {
  readonly engine: EngineName;
  readonly reason: string;
}

export interface Results {
  readonly machine: Machine;
  readonly options: CompareOptions;
  readonly broker: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly configurations: Readonly<Record<string, string>>;
  readonly skipped: readonly Skipped[];
  /** Kadun beside rule engines in process; null where they were not compared. */
  readonly inProcess: PeersComparison | null;
  /** Of the stream that was decided and compared before any timing; null where nothing was measured end to end. */
  readonly checkedHash: string | null;
  /** Of the drains' decisions; null without drains. */
  readonly drainHash: string | null;
  readonly drain: DrainRounds;
  readonly paced: PacedRounds;
}

/** Of the base over this engine: rates above 1 and everything else below 1 are good for the base. */
export interface DrainRatios {
  readonly perSecond: Ratio;
  readonly perSecondSteady: Ratio;
  readonly cpuUs: Ratio;
  readonly cpuUsSteady: Ratio;
}

export type DrainFigure = Exclude<keyof DrainFigures, "gcPauses" | "othersCores">;
export type DrainMedians = Readonly<Record<DrainFigure, number>>;

export interface DrainRow {
  readonly engine: EngineName;
  readonly median: DrainMedians;
  /** The longest of all rounds; null where the engine does not say. */
  readonly gcLongestMs: number | null;
  /** Of the round in which others worked most; null where the system does not say. */
  readonly othersCoresMax: number | null;
  /** null for the base itself. */
  readonly ratios: DrainRatios | null;
  readonly rounds: readonly DrainFigures[];
}

export interface PacedRow {
  readonly engine: PacedName;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  readonly cpuUs: number;
  readonly brokerCpuUs: number;
  readonly residentMb: number;
  /** The longest of all rounds, at any rate; null where the engine does not say. */
  readonly gcLongestMs: number | null;
  /** Of all rounds. */
  readonly unanswered: number;
  /** Of the round in which others worked most; null where the system does not say. */
  readonly othersCoresMax: number | null;
  /** Of the base over this engine; null for the base itself. */
  readonly ratios: { readonly p50: Ratio; readonly p99: Ratio; readonly p999: Ratio } | null;
  readonly rounds: readonly PacedFigures[];
}

export interface PacedTable {
  readonly rate: number;
  readonly rows: readonly PacedRow[];
}

export interface Report extends Omit<Results, "drain" | "paced"> {
  /** Whose figures stand over the others': Kadun, or the first engine where Kadun is not compared. */
  readonly base: PacedName | null;
  readonly drain: readonly DrainRow[];
  readonly paced: readonly PacedTable[];
  readonly aims: readonly Aim[];
}

export function reportOf(results: Results): Report {
  const base = baseOf(results);
  const { drain, paced, ...rest } = results;
  return {
    ...rest,
    base,
    drain: [...drain].map(([engine, rounds]) => drainRow(engine, rounds, baseRounds(drain, base, engine))),
    paced: tablesOf(results, base),
    aims: aimsOf(results),
  };
}

function baseOf({ drain, paced }: Results): PacedName | null {
  const measured = [...drain.keys(), ...paced.keys()].filter((name) => name !== "floor");
  return measured.includes("kadun") ? "kadun" : (measured[0] ?? null);
}

function baseRounds<Rounds>(
  all: ReadonlyMap<PacedName, Rounds>,
  base: PacedName | null,
  engine: PacedName,
): Rounds | null {
  return base === null || base === engine ? null : (all.get(base) ?? null);
}

function drainRow(
  engine: EngineName,
  rounds: readonly DrainFigures[],
  base: readonly DrainFigures[] | null,
): DrainRow {
  const medianOf = (key: DrainFigure) => median(rounds.map((round) => round[key]));
  const ratio = (key: keyof DrainRatios) =>
    ratioOf(
      base!.map((round) => round[key]),
      rounds.map((round) => round[key]),
    );
  return {
    engine,
    median: {
      startUpSeconds: medianOf("startUpSeconds"),
      seconds: medianOf("seconds"),
      perSecond: medianOf("perSecond"),
      perSecondSteady: medianOf("perSecondSteady"),
      cpuUs: medianOf("cpuUs"),
      cpuUsSteady: medianOf("cpuUsSteady"),
      brokerCpuUs: medianOf("brokerCpuUs"),
      storeCpuUs: medianOf("storeCpuUs"),
      residentMbMax: medianOf("residentMbMax"),
    },
    gcLongestMs: highest(rounds.map(({ gcPauses }) => gcPauses?.longestMs ?? null)),
    othersCoresMax: highest(rounds.map(({ othersCores }) => othersCores)),
    ratios:
      base === null
        ? null
        : {
            perSecond: ratio("perSecond"),
            perSecondSteady: ratio("perSecondSteady"),
            cpuUs: ratio("cpuUs"),
            cpuUsSteady: ratio("cpuUsSteady"),
          },
    rounds,
  };
}

/** Of those that are known. */
function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function tablesOf({ paced, options }: Results, base: PacedName | null): readonly PacedTable[] {
  if (paced.size === 0) return [];
  return options.rates.map((rate, index) => {
    const atRate = (rounds: readonly (readonly PacedFigures[])[]) => rounds.map((round) => round[index]!);
    return {
      rate,
      rows: [...paced].map(([engine, rounds]) => {
        const of = baseRounds(paced, base, engine);
        return pacedRow(engine, atRate(rounds), of === null ? null : atRate(of));
      }),
    };
  });
}

function pacedRow(
  engine: PacedName,
  rounds: readonly PacedFigures[],
  base: readonly PacedFigures[] | null,
): PacedRow {
  const latency = (key: keyof Quantiles) => rounds.map((round) => round.latency[key]);
  const ratio = (key: keyof Quantiles) =>
    ratioOf(
      base!.map((round) => round.latency[key]),
      latency(key),
    );
  return {
    engine,
    p50Ms: median(latency("p50Ms")),
    p99Ms: median(latency("p99Ms")),
    p999Ms: median(latency("p999Ms")),
    maxMs: Math.max(...latency("maxMs")),
    cpuUs: median(rounds.map(({ cpuUs }) => cpuUs)),
    brokerCpuUs: median(rounds.map(({ brokerCpuUs }) => brokerCpuUs)),
    residentMb: median(rounds.map(({ residentMb }) => residentMb)),
    gcLongestMs: highest(rounds.map(({ gcLongestMs }) => gcLongestMs)),
    unanswered: rounds.reduce((sum, { unanswered }) => sum + unanswered, 0),
    othersCoresMax: highest(rounds.map(({ othersCores }) => othersCores)),
    ratios: base === null ? null : { p50: ratio("p50Ms"), p99: ratio("p99Ms"), p999: ratio("p999Ms") },
    rounds,
  };
}
