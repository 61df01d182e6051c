/** The report as a page: tables in Markdown. */

import type { Ratio } from "../end-to-end/rounds.js";
import type { Standing } from "../load/standing.js";
import { PARTS } from "./kadun.js";
import type { SideFigures, SinksReport } from "./report.js";
import { SIDES, type Side } from "./sinks.js";

const TITLES: Readonly<Record<Side, string>> = { without: "detectors alone", with: "with sinks" };
/** Processors; what a machine does that does nothing else. */
const QUIET_CORES = 0.1;

export function reportText(report: SinksReport): string {
  return [
    headText(report),
    latencyText(report),
    `processor time, µs a swipe\n\n${table(
      ["side", ...PARTS],
      SIDES.map((side) => cpuCells(report, side)),
    )}`,
    roundsText(report),
    aimText(report),
    ...report.findings.map((finding) => `WRONG: ${finding}`),
  ].join("\n\n");
}

const HAVE: Readonly<Record<Standing, string>> = {
  same: "have the detectors' share of the processors",
  tenth: "have a tenth of the detectors' share of the processors",
  idle: "have what detectors, broker and load leave of the processors",
};

function headText({ machine, options, servers, sides }: SinksReport): string {
  const { processors, processor, memoryGb, system, node, commit } = machine;
  const most = Math.max(...SIDES.map((side) => sides[side].othersCoresMax ?? 0));
  return [
    `${processors} × ${processor}, ${memoryGb} GB, ${system}; Node ${node}; commit ${commit ?? "unknown"}`,
    servers,
    `${options.ratePerSecond} swipes a second for ${options.seconds} s, ${options.persons} persons, two detectors, 12 partitions; sinks and their databases ${HAVE[options.standing]}${quotaText(options.quotaPercent)}`,
    `${options.rounds} rounds in turns, medians; ratios are medians of the rounds' ratios`,
    ...(most <= QUIET_CORES
      ? []
      : [`WARNING: other programs kept up to ${hundredths(most)} processors busy: these figures say little`]),
  ].join("\n");
}

function quotaText(percent: number | null): string {
  return percent === null ? "" : `, while a load runs ${hundredths(percent / 100)} of one at most`;
}

function latencyText({ sides, ratios }: SinksReport): string {
  const rows = SIDES.map((side) => latencyCells(TITLES[side], sides[side]));
  const ratio = ["ratio", ...[ratios.p50, ratios.p99, ratios.p999].map((each) => hundredths(each.median))];
  const head = ["side", "p50", "p99", "p99.9", "longest", "late by the generator, p99", "others' cores"];
  const blank = head.slice(ratio.length).map(() => "");
  return `milliseconds from due to received\n\n${table(head, [...rows, [...ratio, ...blank]])}`;
}

function latencyCells(title: string, figures: SideFigures): readonly string[] {
  const { p50Ms, p99Ms, p999Ms, maxMs, sendDelayP99Ms, othersCoresMax } = figures;
  const others = othersCoresMax === null ? "–" : hundredths(othersCoresMax);
  return [title, tenths(p50Ms), tenths(p99Ms), tenths(p999Ms), tenths(maxMs), tenths(sendDelayP99Ms), others];
}

function cpuCells({ sides }: SinksReport, side: Side): readonly string[] {
  return [TITLES[side], ...PARTS.map((part) => tenths(sides[side].cpuUs[part]))];
}

function roundsText({ rounds }: SinksReport): string {
  const rows = rounds.map(({ without, with: beside, caughtUp }, index) => [
    String(index + 1),
    tenths(without.observed.latency.p99Ms),
    tenths(beside.observed.latency.p99Ms),
    lagCell(beside.lag?.analyticsRecords),
    lagCell(beside.lag?.alertsRecords),
    tenths(caughtUp.seconds),
    tenths(caughtUp.sinkCpuUs),
    String(caughtUp.outcomeRows),
    String(caughtUp.alerts),
    String(caughtUp.sms),
  ]);
  const head = [
    "round",
    "p99 without",
    "p99 with",
    "records behind at the end: analytics",
    "alerts",
    "s until all is written",
    "CPU µs a swipe, sinks and their databases, until then",
    "outcomes, all in ClickHouse",
    "alerts",
    "SMS",
  ];
  return table(head, rows);
}

function lagCell(records: number | undefined): string {
  return records === undefined || Number.isNaN(records) ? "–" : String(records);
}

function aimText({ ratios, aim }: SinksReport): string {
  return `p99 with sinks ${hundredths(ratios.p99.median)} × without (rounds ${roundsOf(ratios.p99)}); aim at most ${aim.p99RatioMax}: ${aim.isMet ? "met" : "missed"}`;
}

function roundsOf({ rounds }: Ratio): string {
  return rounds.map(hundredths).join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

const tenths = (value: number) => value.toFixed(1);
const hundredths = (value: number) => value.toFixed(2);
