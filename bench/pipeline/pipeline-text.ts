/** The report of `kadun bench pipeline` for people: Markdown, so that it can be pasted. */

import type { Pauses } from "../load/collector-pauses.js";
import { measuredWithText } from "../load/machine.js";
import type { LoadedKadun } from "./load-on-kadun.js";
import type { PipelineReport } from "./pipeline.js";

const HEAD = [
  "| arrivals/s | answers/s | p50 ms | p99 ms | p99.9 ms | longest ms | stand-ins | errors | swipe CPU | µs an answer | swipe MB | office CPU | office MB | load CPU | other CPU |",
  "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
];

export function pipelineText(report: PipelineReport): string {
  const { profile, seconds, persons, atRates, search } = report;
  const last = search.highest ?? atRates.at(-1);
  return [
    `${measuredWithText(report)}; profile ${profile}`,
    `${seconds} s a rate, ${persons} persons; latency from the moment an authorization was due; CPU in processors`,
    "",
    ...HEAD,
    ...atRates.map((loaded) => row(String(loaded.rate), loaded)),
    ...(search.highest === null ? [] : [row(`${search.highest.rate} (highest sustained)`, search.highest)]),
    "",
    searched(report),
    `Load generator on a server that does nothing: ${report.generatorCeilingPerSecond ?? "no"} answers/s.`,
    `Office caught up ${report.officeCaughtUpAfterSeconds} s after the last load.`,
    `Answers at the last rate measured: ${actions(last)}.`,
    `Longest collector pauses there: swipe process ${longest(last?.swipe?.pauses)}, office ${longest(last?.office?.pauses)}, load ${longest(last?.load.generatorPauses)}.`,
  ].join("\n");
}

function row(
  name: string,
  { load, swipe, office, otherProcessors, swipeCpuUsPerAnswer }: LoadedKadun,
): string {
  const { latency, answered, seconds, standIns } = load;
  const cells = [
    name,
    Math.round(answered / seconds),
    latency.p50Ms,
    latency.p99Ms,
    latency.p999Ms,
    latency.maxMs,
    standIns,
    errorsOf(load),
    swipe?.processors ?? "–",
    swipeCpuUsPerAnswer ?? "–",
    swipe?.residentMb ?? "–",
    office?.processors ?? "–",
    office?.residentMb ?? "–",
    (load.generatorCpuSeconds / seconds).toFixed(2),
    otherProcessors ?? "–",
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Whatever was no answer of status 200. */
function errorsOf({ answered, statuses, broken, unanswered, unreadable }: LoadedKadun["load"]): number {
  return answered - (statuses["200"] ?? 0) + broken + unanswered + unreadable;
}

function searched({ search }: PipelineReport): string {
  const { highest, lowestNotSustained } = search;
  const found = highest === null ? "No rate tried was sustained" : `Sustained: ${highest.rate}/s`;
  if (lowestNotSustained === null) return `${found}; nothing higher was tried.`;
  return `${found}; not ${lowestNotSustained.rate}/s (${lowestNotSustained.reasons.join(", ")}).`;
}

function longest(pauses: Pauses | null | undefined): string {
  return pauses === null || pauses === undefined ? "unknown" : `${pauses.longestMs} ms of ${pauses.count}`;
}

function actions(loaded: LoadedKadun | undefined): string {
  const entries = Object.entries(loaded?.load.actions ?? {}).sort(([, a], [, b]) => b - a);
  return entries.map(([action, count]) => `${count} ${action}`).join(", ") || "none";
}
