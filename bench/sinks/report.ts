/** What a run says: medians of both sides, ratios of the rounds, the aim, what is lost or wrong. Pure. */

import type { Machine } from "../end-to-end/machine.js";
import { median, type Ratio, ratioOf } from "../end-to-end/rounds.js";
import { PARTS, type Part } from "./kadun.js";
import type { SinksOptions } from "./options.js";
import type { LoadFigures } from "./paced-load.js";
import { type Round, SIDES, type Side, type SinksResult } from "./sinks.js";

/** p99 with the sinks running may be so many times that without them. */
export const P99_RATIO_MAX = 1.3;

export interface SideFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Of all rounds. */
  readonly maxMs: number;
  readonly sendDelayP99Ms: number;
  readonly cpuUs: Readonly<Record<Part, number>>;
  /** Of the round in which others worked most; null where the system does not say. */
  readonly othersCoresMax: number | null;
}

export interface SinksReport {
  readonly machine: Machine;
  readonly servers: string;
  readonly options: SinksOptions;
  /** Medians of the rounds. */
  readonly sides: Readonly<Record<Side, SideFigures>>;
  /** With sinks over without, round by round. */
  readonly ratios: { readonly p50: Ratio; readonly p99: Ratio; readonly p999: Ratio };
  readonly aim: { readonly p99RatioMax: number; readonly isMet: boolean };
  readonly findings: readonly string[];
  readonly rounds: readonly Round[];
}

export type Setting = Pick<SinksReport, "machine" | "servers" | "options">;

export function reportOf(setting: Setting, { rounds, findings }: SinksResult): SinksReport {
  const p99 = ratioBetween(rounds, "p99Ms");
  return {
    ...setting,
    sides: { without: figuresOf(rounds, "without"), with: figuresOf(rounds, "with") },
    ratios: { p50: ratioBetween(rounds, "p50Ms"), p99, p999: ratioBetween(rounds, "p999Ms") },
    aim: { p99RatioMax: P99_RATIO_MAX, isMet: p99.median <= P99_RATIO_MAX },
    findings,
    rounds,
  };
}

function figuresOf(rounds: readonly Round[], side: Side): SideFigures {
  const medianOf = (value: (figures: LoadFigures) => number) =>
    median(rounds.map((round) => value(round[side])));
  const others = rounds.map((round) => round[side].othersCores).filter((cores) => cores !== null);
  return {
    p50Ms: medianOf(({ observed }) => observed.latency.p50Ms),
    p99Ms: medianOf(({ observed }) => observed.latency.p99Ms),
    p999Ms: medianOf(({ observed }) => observed.latency.p999Ms),
    maxMs: Math.max(...rounds.map((round) => round[side].observed.latency.maxMs)),
    sendDelayP99Ms: medianOf(({ sent }) => sent.delay.p99Ms),
    cpuUs: Object.fromEntries(PARTS.map((part) => [part, medianOf(({ cpuUs }) => cpuUs[part])])) as Readonly<
      Record<Part, number>
    >,
    othersCoresMax: others.length === 0 ? null : Math.max(...others),
  };
}

function ratioBetween(rounds: readonly Round[], quantile: "p50Ms" | "p99Ms" | "p999Ms"): Ratio {
  const [without, beside] = SIDES.map((side) =>
    rounds.map((round) => round[side].observed.latency[quantile]),
  );
  return ratioOf(beside!, without!);
}
