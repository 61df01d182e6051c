/** What became of the findings of each rule, by region: the view `rule_precision`. */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { type PrecisionReport, precisionReport } from "../../schemas/precision.js";

/** All decisions that are stored: minutes, not the half minute of a page. */
const SECONDS_MAX = 600;

// As doubles: sums of fen are exact up to 90 000 billion yuan.
const QUERY = `SELECT rule, region, toFloat64(findings) AS findings, toFloat64(people) AS people,
    toFloat64(peopleConfirmed) AS peopleConfirmed, toFloat64(peopleHonest) AS peopleHonest, precision,
    toFloat64(challenged) AS challenged, toFloat64(rejected) AS rejected, toFloat64(stoppedHonest) AS stoppedHonest,
    toFloat64(stoppedConfirmed) AS stoppedConfirmed, falseBlockRate, toFloat64(honestStoppedFen) AS honestStoppedFen,
    toFloat64(preventedFen) AS preventedFen, challengesPerPreventedFen
  FROM rule_precision ORDER BY rule, region`;

/** @throws AnalyticsError. */
export async function readPrecision(database: Pick<AnalyticsDatabase, "query">): Promise<PrecisionReport> {
  return precisionReport.parse({ rules: await database.query(QUERY, {}, { secondsMax: SECONDS_MAX }) });
}
