/** The report as a page: tables in Markdown. */

import { peersText } from "../decide/peers-text.js";
import type { Aim } from "./aims.js";
import type { LoadClients } from "./load-driver.js";
import type { DrainRow, PacedRow, PacedTable, Report } from "./report.js";
import type { Ratio } from "./rounds.js";
import { summaryOf } from "./summary.js";
import { pomProperty } from "./versions.js";

export function reportText(report: Report): string {
  return [
    headText(report),
    ...(report.inProcess === null ? [] : [peersText(report.inProcess)]),
    ...(report.drain.length === 0 ? [] : [drainText(report)]),
    ...report.paced.map((table) => pacedText(report, table)),
    ...(report.aims.length === 0 ? [] : [aimsText(report.aims)]),
    configurationText(report),
    ...summaryText(report),
  ].join("\n\n");
}

/** Processors; what a machine does that does nothing else. */
const QUIET_CORES = 0.1;

function headText(report: Report): string {
  const { machine, options, checkedHash, skipped, titles } = report;
  const { processors, processor, memoryGb, system, node, java, kafka, redis, commit } = machine;
  const lines = [
    `${processors} × ${processor}, ${memoryGb} GB, ${system}; Node ${node}, ${java ?? "no Java"}, broker Kafka ${kafka}, Redis ${redis ?? "none"}; commit ${commit ?? "unknown"}`,
    `${options.persons} persons, 12 partitions, ${options.rounds} rounds in turns, medians; ratios are medians of the rounds' ratios`,
    ...(checkedHash === null ? [] : [equalText(checkedHash, report)]),
    ...busyText(report),
    ...skipped.map(({ engine, reason }) => `not compared: ${titles[engine]}: ${reason}`),
  ];
  return lines.join("\n");
}

function equalText(checkedHash: string, { options, drainHash }: Report): string {
  const drained =
    drainHash === null ? "" : `, ${options.events} after each drain (${drainHash.slice(0, 16)})`;
  return `decisions equal by hash: ${options.checkedEvents} before any timing (${checkedHash.slice(0, 16)})${drained}`;
}

function busyText({ drain, paced }: Report): readonly string[] {
  const rows = [...drain, ...paced.flatMap((table) => table.rows)];
  const most = Math.max(0, ...rows.map(({ othersCoresMax }) => othersCoresMax ?? 0));
  if (most <= QUIET_CORES) return [];
  return [`WARNING: other programs kept up to ${hundredths(most)} processors busy: these figures say little`];
}

function drainText({ drain, options, titles, base }: Report): string {
  const baseTitle = base === null ? "" : titles[base];
  const rows = drain.map((row) => drainCells(row, titles[row.engine] ?? row.engine));
  return [
    `drain of ${options.events} swipes`,
    "",
    table(
      [
        "engine",
        "swipes/s",
        "steady/s",
        "CPU µs a swipe",
        "steady",
        "broker CPU µs",
        "store CPU µs",
        "MB",
        "longest GC ms",
        "start s",
        "others' cores",
        `${baseTitle}: × as fast`,
        "steady",
        "× the CPU",
        "steady",
      ],
      rows,
    ),
  ].join("\n");
}

function drainCells(
  { median, gcLongestMs, othersCoresMax, ratios }: DrainRow,
  title: string,
): readonly string[] {
  return [
    title,
    whole(median.perSecond),
    whole(median.perSecondSteady),
    tenths(median.cpuUs),
    tenths(median.cpuUsSteady),
    tenths(median.brokerCpuUs),
    tenths(median.storeCpuUs),
    whole(median.residentMbMax),
    gcLongestMs === null ? "–" : whole(gcLongestMs),
    tenths(median.startUpSeconds),
    othersCell(othersCoresMax),
    ratioCell(ratios?.perSecond),
    ratioCell(ratios?.perSecondSteady),
    ratioCell(ratios?.cpuUs),
    ratioCell(ratios?.cpuUsSteady),
  ];
}

function pacedText({ titles, base, options }: Report, { rate, rows }: PacedTable): string {
  const baseTitle = base === null ? "" : titles[base];
  return [
    `${rate} swipes a second for ${options.seconds} s, milliseconds from due to received`,
    "",
    table(
      [
        "engine",
        "p50",
        "p99",
        "p99.9",
        "longest",
        "unanswered",
        "CPU µs a swipe",
        "broker CPU µs",
        "MB",
        "longest GC ms",
        "others' cores",
        `${baseTitle}: × p50`,
        "× p99",
        "× p99.9",
      ],
      rows.map((row) => pacedCells(row, titles[row.engine] ?? row.engine)),
    ),
  ].join("\n");
}

function pacedCells(row: PacedRow, title: string): readonly string[] {
  return [
    title,
    tenths(row.p50Ms),
    tenths(row.p99Ms),
    tenths(row.p999Ms),
    whole(row.maxMs),
    whole(row.unanswered),
    tenths(row.cpuUs),
    tenths(row.brokerCpuUs),
    whole(row.residentMb),
    row.gcLongestMs === null ? "–" : whole(row.gcLongestMs),
    othersCell(row.othersCoresMax),
    ratioCell(row.ratios?.p50),
    ratioCell(row.ratios?.p99),
    ratioCell(row.ratios?.p999),
  ];
}

function summaryText(report: Report): readonly string[] {
  const rows = summaryOf(report);
  if (rows.length === 0) return [];
  const cell = (ratio: number | null) => (ratio === null ? "" : hundredths(ratio));
  return [
    `${report.base === null ? "Kadun" : report.titles[report.base]} over the others, each in the setting that is best for it: above 1 is better for a rate, below 1 for all else`,
    table(
      [
        "beside",
        "in process: CPU a decision",
        "drain: swipes/s",
        "CPU a swipe",
        ...report.paced.flatMap(({ rate }) => [`${rate}/s: p50`, "p99"]),
      ],
      rows.map(({ title, inProcessCpu, drainRate, drainCpu, paced }) => [
        title,
        ...[inProcessCpu, drainRate, drainCpu].map(cell),
        ...paced.flatMap(({ p50, p99 }) => [cell(p50), cell(p99)]),
      ]),
    ),
  ];
}

function aimsText(aims: readonly Aim[]): string {
  const lines = aims.map(({ what, ratio, bound, isMet }) => {
    const wanted = "min" in bound ? `at least ${bound.min}` : `at most ${bound.max}`;
    const rounds = ratio.rounds.map(hundredths).join(", ");
    return `- ${what}: ${hundredths(ratio.median)} (rounds ${rounds}); aim ${wanted}: ${isMet ? "met" : "missed"}`;
  });
  return ["Kadun's aims", "", ...lines].join("\n");
}

const LOAD_TEXT: Readonly<Record<LoadClients, () => string>> = {
  kadun: () => "Kadun's Kafka requests, two processes for each engine",
  kafka: () => `${kafkaClients()}, one Java process for all engines`,
  "kafka-new": () => `${kafkaClients()}, a new Java process for each engine and rate`,
};

function kafkaClients(): string {
  return `Kafka's own producer and consumer ${pomProperty("bench/peers/kafka-clients", "kafka.version")}`;
}

function configurationText({ configurations, titles, broker, options }: Report): string {
  const lines = Object.entries(configurations).map(([engine, text]) => `- ${titles[engine]}: ${text}`);
  const { firstSeconds, seconds } = options.warmUps;
  const load = `- generator and observer while paced: ${LOAD_TEXT[options.loadClients]()}; ${firstSeconds} s of warm-up at the first rate, ${seconds} s at each other`;
  return ["configuration", "", `- broker: ${broker}`, load, ...lines].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function ratioCell(ratio: Ratio | undefined): string {
  return ratio === undefined ? "" : hundredths(ratio.median);
}

function othersCell(cores: number | null): string {
  return cores === null ? "–" : hundredths(cores);
}

const whole = (value: number) => String(Math.round(value));
const tenths = (value: number) => value.toFixed(1);
const hundredths = (value: number) => value.toFixed(2);
