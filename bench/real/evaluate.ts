/** Replays one set under its own ruleset file and under the defaults, and scores both beside the baselines. */
import type { RawSwipe } from "../../schemas/raw.js";
import { ANY_RULE, FlagBook, Flagged, flagOutcome } from "./flag-book.js";
import type { Judge } from "./judge.js";
import type { Converted, LabelledSet, Unit } from "./labelled-set.js";
import { type Score, scoreOf } from "./score.js";

export interface Row extends Score {
  /** Name of the ruleset file, "default", or "baseline". */
  readonly under: string;
  readonly detector: string;
  /** Whether the labels are about what this detector looks for; otherwise its alerts are volume only. */
  readonly judged: boolean;
}

export interface PeriodReport {
  /** "whole set", or the name of a part of it. */
  readonly period: string;
  readonly transactions: number;
  readonly holders: number;
  readonly frauds: number;
  readonly rows: readonly Row[];
}

export interface SetReport {
  readonly set: string;
  readonly periods: readonly PeriodReport[];
}

export interface Ruleset {
  readonly name: string;
  /** null = the default bundle. */
  readonly file: string | null;
}

export const WHOLE_SET = "whole set";

async function flagBaselines(
  set: LabelledSet,
  swipes: AsyncIterable<Converted>,
  book: FlagBook,
): Promise<Flagged> {
  const flagged = new Flagged();
  const baselines = set.baselines.map(({ name, start }) => ({ name, flags: start() }));
  for await (const converted of swipes) {
    book.add(converted);
    for (const { name, flags } of baselines) {
      if (flags(converted.record)) flagged.add(name, converted.unit.unitId);
    }
  }
  return flagged;
}

async function* recordsOf(swipes: AsyncIterable<Converted>): AsyncGenerator<RawSwipe> {
  for await (const { record } of swipes) yield record;
}

async function flagOutcomes(outcomes: ReturnType<Judge>, book: FlagBook): Promise<Flagged> {
  const flagged = new Flagged();
  for await (const outcome of outcomes) flagOutcome(book, flagged, outcome);
  return flagged;
}

/** A judged rule is listed even where it never alerted; then everything else that did. */
function detectorsOf(set: LabelledSet, flagged: Flagged): string[] {
  const others = flagged.detectors.filter((name) => name !== ANY_RULE && !set.judges.includes(name));
  return [...set.judges, ...others, ANY_RULE];
}

interface Column {
  readonly under: string;
  readonly detectors: readonly string[];
  readonly judged: (detector: string) => boolean;
  readonly flagged: Flagged;
}

function periodReport(period: string, units: readonly Unit[], columns: readonly Column[]): PeriodReport {
  return {
    period,
    transactions: units.length,
    holders: new Set(units.map((unit) => unit.holderId)).size,
    frauds: units.filter((unit) => unit.fraudKind !== null).length,
    rows: columns.flatMap(({ under, detectors, judged, flagged }) =>
      detectors.map((detector) => ({
        under,
        detector,
        judged: judged(detector),
        ...scoreOf(units, flagged.of(detector)),
      })),
    ),
  };
}

function periodReports(units: readonly Unit[], columns: readonly Column[]): PeriodReport[] {
  const periods = [...new Set(units.map((unit) => unit.period))].filter((period) => period !== null);
  return [
    periodReport(WHOLE_SET, units, columns),
    ...periods.map((period) =>
      periodReport(
        period,
        units.filter((unit) => unit.period === period),
        columns,
      ),
    ),
  ];
}

export async function evaluateSet(
  set: LabelledSet,
  options: { dataFolder: string; rulesets: readonly Ruleset[]; judge: Judge },
): Promise<SetReport> {
  const book = new FlagBook();
  const baselines = await flagBaselines(set, set.convert(options.dataFolder), book);
  const columns: Column[] = [];
  for (const { name, file } of options.rulesets) {
    const flagged = await flagOutcomes(options.judge(recordsOf(set.convert(options.dataFolder)), file), book);
    const judged = (detector: string) => set.judges.includes(detector);
    columns.push({ under: name, detectors: detectorsOf(set, flagged), judged, flagged });
  }
  const names = set.baselines.map((baseline) => baseline.name);
  columns.push({ under: "baseline", detectors: names, judged: () => true, flagged: baselines });
  return { set: set.name, periods: periodReports([...book.units.values()], columns) };
}
