/** Where findings belong: the smallest division in which all the institutions lie that a finding rests on. */

import type { AnalyticsDatabase, QueryLimits, Row } from "../../../platform/analytics/analytics-database.js";
import type { Finding } from "./finding.js";

export interface LocatedFinding extends Finding {
  /** Division code of 2, 4 or 6 digits; '' where they lie in several provinces, or one is not known. */
  readonly region: string;
}

/** Evidence has the times by which swipes were judged, the table those that terminals said: a wrong clock is minutes off. */
const AROUND_MS = 86_400_000;
/** Provinces, cities, counties. */
const DIVISION_DIGITS = [6, 4, 2] as const;

/** An institution is where its latest swipe was, around the time of the evidence. @throws AnalyticsError. */
export async function locatedFindings(
  analytics: AnalyticsDatabase,
  findings: readonly Finding[],
  limits: QueryLimits,
): Promise<readonly LocatedFinding[]> {
  if (findings.length === 0) return [];
  const evidence = findings.flatMap((finding) => finding.evidence);
  const times = evidence.map(({ atMs }) => atMs);
  const rows = await analytics.query(
    `SELECT institutionId, argMax(careRegion, (occurredAt, partition, logOffset)) AS region
     FROM outcomes
     WHERE type = 'decision' AND institutionId IN {institutions:Array(String)}
       AND occurredAt >= fromUnixTimestamp64Milli({fromMs:Int64}, 'Asia/Shanghai')
       AND occurredAt <= fromUnixTimestamp64Milli({toMs:Int64}, 'Asia/Shanghai')
     GROUP BY institutionId`,
    {
      institutions: [...new Set(evidence.map(({ institutionId }) => institutionId))],
      fromMs: times.reduce((first, atMs) => Math.min(first, atMs), Number.MAX_SAFE_INTEGER) - AROUND_MS,
      toMs: times.reduce((last, atMs) => Math.max(last, atMs), 0) + AROUND_MS,
    },
    limits,
  );
  const regionOf = new Map(rows.map((row) => [textOf(row, "institutionId"), textOf(row, "region")]));
  return findings.map((finding) => ({
    ...finding,
    region: commonDivision(finding.evidence.map(({ institutionId }) => regionOf.get(institutionId) ?? "")),
  }));
}

/** The smallest division that holds all of them; '' where that is the nation. */
export function commonDivision(codes: readonly string[]): string {
  const [first = "", ...others] = codes;
  const digits = DIVISION_DIGITS.find(
    (length) =>
      first.length >= length && others.every((code) => code.slice(0, length) === first.slice(0, length)),
  );
  return digits === undefined ? "" : first.slice(0, digits);
}

function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`column ${column} of a result: expected a text`);
  return value;
}
