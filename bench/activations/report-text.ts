/** The report for people: Markdown, so that it can be pasted. */

import type { Quantiles } from "../pipeline/latency-histogram.js";
import type { ActivationsReport } from "./activations.js";

export function reportText(report: ActivationsReport): string {
  const { profile, partitions, seconds, load, latency, pairs, verdict, hardware, swipesPerSecond } = report;
  const { bulk, authorizations } = load;
  return [
    `profile ${profile}${profile === "embedded" ? ` (office ${report.office})` : ""}, ${partitions} partitions, Node ${report.node}, ${hardware}`,
    `${swipesPerSecond} swipes a second accepted for ${seconds} s (asked for: ${report.asked}), ${authorizations.answered} of them authorizations that waited; at most ${bulk.owedMax} swipes late, ${bulk.resent} requests sent again`,
    `µs of a processor for each swipe: ${named(report.cpuUsPerSwipe)}`,
    "",
    "| windows of 2 s | answers | p50 ms | p99 ms | longest ms |",
    "|---|---|---|---|---|",
    row("before an activation", latency.before),
    row("with one", latency.with),
    "",
    "| activation | appended after ms | longest stand of an event loop before, ms | with it, ms |",
    "|---|---|---|---|",
    ...pairs.map(
      ({ sequence, name, answeredAfterMs, standsBefore, standsWith }) =>
        `| ${sequence}: ${name} | ${answeredAfterMs} | ${named(standsBefore)} | ${named(standsWith)} |`,
    ),
    "",
    `${verdict.swipes} swipes in the journal, ${verdict.decisions} decisions (by activation ${JSON.stringify(verdict.decisionsBy)}, ${verdict.decisionsWithShadow} with a draft in shadow), ${verdict.persons} persons`,
    verdict.findings.length === 0
      ? "Nothing lost, doubled or judged by another bundle; bodies and persons are those of the journal judged again"
      : verdict.findings.join("\n"),
  ].join("\n");
}

function row(name: string, { count, p50Ms, p99Ms, maxMs }: Quantiles): string {
  return `| ${name} | ${count} | ${p50Ms} | ${p99Ms} | ${maxMs} |`;
}

function named(each: Readonly<Record<string, number | null>>): string {
  return Object.entries(each)
    .map(([name, value]) => `${name} ${value ?? "?"}`)
    .join(", ");
}
