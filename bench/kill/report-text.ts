/** The kill test's report for people, and its verdict. */

import type { KillReport } from "./kill-test.js";

const DIFFERENCES_SHOWN = 10;

export function isSound({ kills, reconciled, differences, refused }: KillReport, planned: number): boolean {
  const happened = kills.swipe + kills.office;
  return happened === planned && refused === 0 && differences.length === 0 && reconciled.every(Boolean);
}

export function killReportText(report: KillReport): string {
  const { kills, duplicates, reconciled, differences } = report;
  const more = differences.length - DIFFERENCES_SHOWN;
  return [
    `seed ${report.seed}: ${report.lines} lines of ${report.persons} persons`,
    `kill -9: ${kills.swipe} times the swipe process, ${kills.office} times the office`,
    `lines sent again: ${report.resent}; duplicates answered: ${duplicates[1]} (undisturbed: ${duplicates[0]})`,
    `outcomes: ${report.outcomes}, appended again and dropped by consumers: ${report.repeatsInLog}`,
    `alerts: ${report.alerts}, SMS written: ${report.smsWritten}, refused: ${report.refused}`,
    `reconciled: undisturbed ${yes(reconciled[0])}, disturbed ${yes(reconciled[1])}`,
    ...(reconciled[1] ? [] : [JSON.stringify(report.reconciliation)]),
    differences.length === 0
      ? "nothing was lost, doubled or changed"
      : `${differences.length} DIFFERENCES from the undisturbed run:`,
    ...differences.slice(0, DIFFERENCES_SHOWN),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join("\n");
}

function yes(is: boolean): string {
  return is ? "clean" : "NOT CLEAN";
}
