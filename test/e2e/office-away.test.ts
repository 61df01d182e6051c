/**
 * The office is away under load: authorizations do not notice, and everything is caught up afterwards. The same
 * measurement for longer: `node dist/bench/pipeline/office-away.js`.
 */

import { expect, test } from "@jest/globals";
import { measureOfficeAway, type OfficeAwayReport } from "../../bench/pipeline/office-away.js";

/** What is promised for 30 s, and what is asserted here: medians of interleaved rounds keep other work out of it. */
const RATIO_MAX = 1.5;
/** The p99 of 1,000 answers is its ten slowest: a busy machine gets a second chance for the ratio, for nothing else. */
const ATTEMPTS_MAX = 2;
const TIMEOUT_MS = 400_000;

test(
  "the p99 of authorizations stays within 1.5 times while the office is stopped or killed; nothing is lost",
  async () => {
    let report = await measured();
    for (let attempt = 1; attempt < ATTEMPTS_MAX && worstRatio(report) > RATIO_MAX; attempt++)
      report = await measured();
    expect(worstRatio(report)).toBeLessThanOrEqual(RATIO_MAX);
  },
  TIMEOUT_MS,
);

async function measured(): Promise<OfficeAwayReport> {
  const report = await measureOfficeAway(
    { ratePerSecond: 200, seconds: 5, rounds: 3, persons: 5000 },
    () => {},
  );
  for (const round of report.each) expect({ ...round, failed: 0 }).toEqual(round);
  const killed = report.each.filter(({ condition }) => condition === "killed");
  expect(killed.every(({ kills }) => kills >= 1)).toBe(true);
  expect(report).toMatchObject({ isReconciled: true, findingsCount: 0 });
  const answered = report.each.reduce((sum, round) => sum + round.answered, 0);
  expect(report.journalRecords).toBeGreaterThan(answered);
  return report;
}

function worstRatio({ p99Ratio }: OfficeAwayReport): number {
  return Math.max(p99Ratio.stopped, p99Ratio.killed);
}
