/** Reports as Markdown, ready for docs/evaluation.md. */
import type { PeriodReport, Row, SetReport } from "./evaluate.js";
import { ANY_RULE } from "./flag-book.js";

const HEADINGS = [
  "under",
  "detector",
  "alerts",
  "precision",
  "recall",
  "alerts per 1,000 cards",
  "alerts per holder",
  "holders alerted",
  "holder precision",
  "holder recall",
];
const NONE = "–";

const ratio = (value: number | null | undefined): string => value?.toFixed(4) ?? NONE;

/** 20280 -> "20,280" without a locale, which would differ between machines. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

function cellsOf(row: Row, kinds: readonly string[]): string[] {
  return [
    row.under,
    row.judged || row.detector === ANY_RULE ? row.detector : `${row.detector} (volume only)`,
    grouped(row.alerts),
    ratio(row.precision),
    ratio(row.recall),
    row.alertsPerThousandCards.toFixed(1),
    row.alertsPerHolder.toFixed(4),
    grouped(row.holdersAlerted),
    ratio(row.holderPrecision),
    ratio(row.holderRecall),
    ...kinds.map((kind) => ratio(row.recallByKind[kind])),
  ];
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Recall by kind of fraud is a column of its own only where a set has more than one kind. */
function kindsOf(report: PeriodReport): string[] {
  const kinds = Object.keys(report.rows[0]?.recallByKind ?? {});
  return kinds.length > 1 ? kinds : [];
}

function periodTable(set: string, report: PeriodReport): string {
  const kinds = kindsOf(report);
  const headings = [...HEADINGS, ...kinds.map((kind) => `recall: ${kind}`)];
  const title =
    `${set}, ${report.period}: ${grouped(report.transactions)} transactions of ${grouped(report.holders)} ` +
    `holders with one card each, ${grouped(report.frauds)} labelled fraud`;
  return [
    title,
    "",
    tableRow(headings),
    tableRow(headings.map(() => "---")),
    ...report.rows.map((row) => tableRow(cellsOf(row, kinds))),
    "",
  ].join("\n");
}

export const reportText = (report: SetReport): string =>
  report.periods.map((period) => periodTable(report.set, period)).join("\n");
