/** The report for people: Markdown, so that it can be pasted; the curve as bars. */

import { measuredWithText } from "../load/machine.js";
import { type Bounds, boundsOf } from "./bounds.js";
import type { DetectorUsage } from "./detector-usage.js";
import type { RecoverReport } from "./recover.js";
import type { Recovery } from "./recovery.js";
import { versionsText } from "./server-versions.js";

const BAR_WIDTH = 60;

export function reportText(report: RecoverReport): string {
  const { versions, detectors, partitions, stored, recoveries, sessionTimeoutMs, swipes, checked } = report;
  const bounds = boundsOf(report);
  return [
    `${measuredWithText(report)}; ${versionsText(versions)}`,
    `two detectors, ${partitions} partitions; ${stored.persons} persons in Redis (records of ${stored.recordBytesMean} bytes, stored in ${stored.seconds} s)`,
    `${report.acknowledgedPerSecond} swipes a second into the journal, ${swipes} in all, each with a decision (${report.repeats} decisions twice in the log); session timeout ${sessionTimeoutMs} ms`,
    "",
    "| kill | partitions taken over | first swipe ms | last partition's first ms | full speed ms | caught up ms | highest swipes/s |",
    "|---|---|---|---|---|---|---|",
    ...recoveries.map((each, index) => row(String(index + 1), each)),
    "",
    ...boundLines(bounds),
    detectorsLine(detectors),
    `${checked.persons} persons looked at: ${checked.findings.length === 0 ? "all have their swipes of before and of the run" : checked.findings.join("; ")}`,
    "",
    ...curveOf(medianKill(recoveries)),
  ].join("\n");
}

function row(name: string, each: Recovery): string {
  const { partitionsTakenOver, firstSwipeMs, lastPartitionMs, fullSpeedMs, caughtUpMs, highestPerSecond } =
    each;
  const cells = [
    partitionsTakenOver,
    firstSwipeMs,
    lastPartitionMs,
    fullSpeedMs,
    caughtUpMs,
    highestPerSecond,
  ];
  return `| ${name} | ${cells.map((cell) => cell ?? "never").join(" | ")} |`;
}

function detectorsLine(detectors: readonly DetectorUsage[]): string {
  const each = detectors.map(({ killed, cpuSeconds, residentPeakMb, pauses }) => {
    const end = killed === null ? "to the end" : `kill ${killed}`;
    return `${end} ${cpuSeconds ?? "–"}, ${residentPeakMb ?? "–"}, ${pauses?.longestMs ?? "–"}`;
  });
  return `Detectors (CPU s, peak RSS MB, longest GC ms): ${each.join("; ")}`;
}

function boundLines({ firstSwipe, fullSpeed }: Bounds): string[] {
  const line = (what: string, { medianMs, allowedMs, isHeld }: Bounds["firstSwipe"]) =>
    `${what}: ${medianMs ?? "never"} ms, allowed ${allowedMs}: ${isHeld ? "held" : "MISSED"}`;
  return [
    line("First swipe of a partition taken over, from the kill, median", firstSwipe),
    line("Full speed, from the first swipe, median", fullSpeed),
  ];
}

/** The one with the median time to full speed: its curve stands for all. */
function medianKill(recoveries: readonly Recovery[]): Recovery {
  const late = (each: Recovery) => each.fullSpeedMs ?? Number.POSITIVE_INFINITY;
  return [...recoveries].sort((one, other) => late(one) - late(other))[(recoveries.length - 1) >> 1]!;
}

function curveOf({ curve, highestPerSecond, offeredPerSecond }: Recovery): string[] {
  const bar = (perSecond: number) => Math.round((perSecond / Math.max(1, highestPerSecond)) * BAR_WIDTH);
  return [
    `Swipes judged a second, by seconds since the kill (median kill; # taken over, = the successor's own; ${offeredPerSecond} offered)`,
    "```",
    ...curve.map(({ atMs, takenOver, own }) => {
      const time = (atMs / 1_000).toFixed(2).padStart(6);
      return `${time} ${String(takenOver + own).padStart(7)} ${"=".repeat(bar(own))}${"#".repeat(bar(takenOver))}`;
    }),
    "```",
  ];
}
