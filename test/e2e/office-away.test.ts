/**
 * The office is away under load: authorizations do not wait for it, and everything is caught up afterwards. How much they
 * notice at most is measured by hand: `node dist/bench/pipeline/office-away.js`.
 */

import { expect, test } from "@jest/globals";
import {
  type Condition,
  measureOfficeAway,
  type OfficeAwayReport,
} from "../../bench/pipeline/office-away.js";

/**
 * The promise of docs/performance.md, 1.5 times over rounds of 30 s, is checked by hand. What is looked for here is a swipe
 * that waits for the office: hundreds of milliseconds, where others take three. Four times the round with the office running
 * tells that apart from what else a machine does.
 */
const RATIO_MAX = 4;
/** A round of 600 answers: its p99 is its six slowest. Such a swipe fails in all attempts, a busy moment not. */
const LOAD = { ratePerSecond: 200, seconds: 3, rounds: 1, persons: 5000 };
const ATTEMPTS_MAX = 3;
const AWAY = ["stopped", "killed"] as const;
/** Where every swipe waits the median shows it on the busiest machine; where some do, the slowest. */
const QUANTILES = ["p50Ms", "p99Ms"] as const;
const TIMEOUT_MS = 600_000;

test(
  "authorizations do not wait for an office that is stopped or killed; nothing is lost",
  async () => {
    let noticed = noticedIn(await measured());
    for (let attempt = 1; attempt < ATTEMPTS_MAX && noticed.length > 0; attempt++)
      noticed = noticedIn(await measured());
    expect(noticed).toEqual([]);
  },
  TIMEOUT_MS,
);

async function measured(): Promise<OfficeAwayReport> {
  const report = await measureOfficeAway(LOAD, () => {});
  for (const round of report.each) expect({ ...round, failed: 0 }).toEqual(round);
  const killed = report.each.filter(({ condition }) => condition === "killed");
  expect(killed.every(({ kills }) => kills >= 1)).toBe(true);
  expect(report).toMatchObject({ isReconciled: true, findingsCount: 0 });
  const answered = report.each.reduce((sum, round) => sum + round.answered, 0);
  expect(report.journalRecords).toBeGreaterThan(answered);
  return report;
}

/** What swipes noticed, in words; empty: nothing. */
function noticedIn({ each }: OfficeAwayReport): string[] {
  return QUANTILES.flatMap((quantile) => {
    const of = (wanted: Condition) => each.find(({ condition }) => condition === wanted)![quantile];
    return AWAY.filter((condition) => !(of(condition) <= RATIO_MAX * of("running"))).map(
      (condition) => `${quantile}, ${condition}: ${of(condition)}; running: ${of("running")}`,
    );
  });
}
