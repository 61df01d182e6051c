/**
 * Figures and lists held against the rows they were made of.
 *
 * 1. Compared is what is counted already, by level and day: sums, and a hash of what they are sums of.
 * 2. Figures grow while they are compared: what differs is asked again; where they never stand still long enough, it is
 *    said that they were moving, not that they differ.
 */

import type { AnalyticsDatabase, Row } from "../../platform/analytics/analytics-database.js";
import { readCounted } from "./figures-roller.js";
import { AT_RISK, LISTS, SWIPE_AT } from "./rolled-statements.js";
import { integerIn, textIn } from "./row-values.js";

export interface FiguresDifference {
  /** A level of the figures, or the table of a list. */
  readonly level: string;
  /** As a date; empty where the level has none. */
  readonly day: string;
  /** Swipes or hits counted; of a list, its rows. */
  readonly counted: number;
  /** What there is to count. */
  readonly expected: number;
}

export type FiguresCheck =
  | { readonly state: "equal" }
  | { readonly state: "moving" }
  | { readonly state: "different"; readonly differences: readonly FiguresDifference[] };

const TRIES_MAX = 5;
/** More names than this nobody reads. */
const DIFFERENCES_MAX = 100;
/** All rows, narrow columns of them: minutes where there are very many. */
const SECONDS_MAX = 600;

const MEASURES = [
  "review",
  "challenge",
  "reject",
  "atRiskFen",
  "reviewedFen",
  "challengedFen",
  "rejectedFen",
] as const;
const KEY_HASH = "cityHash64(institutionId, insuredRegion, careRegion, kind, institutionKind, rule, mode)";
const COUNTED_ROWS = `logOffset < transform(partition, {partitions:Array(UInt16)}, {ends:Array(UInt64)}, toUInt64(0))`;

/** Both sides as lines of (level, day, sums); what is the same on both cancels out. */
const FIGURES_DIFFERENCES = `
  SELECT level, toString(day) AS day, sumIf(lines.swipes, isCounted) AS counted, sumIf(lines.swipes, NOT isCounted) AS expected
  FROM
  (
    SELECT true AS isCounted, toString(level) AS level, toDate(bucket, 'Asia/Shanghai') AS day,
      ${plainSums("swipes", ...MEASURES)}, ${KEY_HASH} * lines.swipes AS keys
    FROM swipe_figures AS lines WHERE level != 'progress'
    UNION ALL
    SELECT false, line.1, toDate(at, 'Asia/Shanghai'), toUInt64(1), toUInt64(answer = 2), toUInt64(answer = 3),
      toUInt64(answer = 4), risk, risk * (answer = 2), risk * (answer = 3), risk * (answer = 4),
      cityHash64(if(line.2, atInstitution, ''), if(line.2, '', toString(insuredRegion)), careRegion, kind, institutionKind, rule, mode)
    FROM
    (
      SELECT ${SWIPE_AT} AS at, institutionId AS atInstitution, insuredRegion, careRegion, kind, institutionKind,
        ${AT_RISK} AS risk, toInt8(action) AS answer, toLowCardinality('') AS rule, toLowCardinality('') AS mode,
        arrayJoin([('hour', false), ('day', false), ('institution-day', true)]) AS line
      FROM outcomes WHERE type = 'decision' AND ${COUNTED_ROWS}
      UNION ALL
      SELECT at, atInstitution, insuredRegion, careRegion, kind, institutionKind, risk,
        multiIf(hit.3 = 'review', 2, hit.3 = 'challenge', 3, hit.3 = 'reject', 4, 1), hit.1, hit.2,
        arrayJoin([('rule-hour', false), ('rule-day', false), ('institution-rule-day', true)])
      FROM
      (
        SELECT ${SWIPE_AT} AS at, institutionId AS atInstitution, insuredRegion, careRegion, kind, institutionKind,
          ${AT_RISK} AS risk, arrayJoin(arrayDistinct(arrayFilter(hit -> hit.1 != 'R00' AND NOT hit.4,
            arrayZip(reasons.rule, reasons.mode, reasons.action, reasons.draft)))) AS hit
        FROM outcomes WHERE type = 'decision' AND notEmpty(reasons.rule) AND ${COUNTED_ROWS}
      )
    )
  ) AS lines
  GROUP BY level, day
  HAVING ${["swipes", ...MEASURES, "keys"]
    .map((sum) => `sumIf(lines.${sum}, isCounted) != sumIf(lines.${sum}, NOT isCounted)`)
    .join(" OR ")}
  ORDER BY level, day LIMIT ${DIFFERENCES_MAX}`;

/** Columns of sums carry the way of summing in their type, which goes with no other. */
function plainSums(...columns: readonly string[]): string {
  return columns.map((column) => `toUInt64(lines.${column}) AS ${column}`).join(", ");
}

const PLACE = "cityHash64(partition, journalOffset, sequence)";

/** @throws AnalyticsError. */
export async function checkFigures(database: Pick<AnalyticsDatabase, "query">): Promise<FiguresCheck> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
    const notes = await readCounted(database);
    const differences = await differencesOf(database, notes);
    if (differences.length === 0) return { state: "equal" };
    if (isSame(notes, await readCounted(database))) return { state: "different", differences };
  }
  return { state: "moving" };
}

async function differencesOf(
  database: Pick<AnalyticsDatabase, "query">,
  notes: ReadonlyMap<number, number>,
): Promise<readonly FiguresDifference[]> {
  const parameters = { partitions: [...notes.keys(), UNUSED_PARTITION], ends: [...notes.values(), 0] };
  const limits = { secondsMax: SECONDS_MAX, threadsMax: 1 };
  const found = [...(await database.query(FIGURES_DIFFERENCES, parameters, limits))];
  for (const list of LISTS) found.push(...(await database.query(listDifference(list), parameters, limits)));
  return found.map(differenceOf);
}

/** An empty list of partitions is no list to the engine. */
const UNUSED_PARTITION = 65_535;

/** A list may be ahead of the sums, whose note is what counts: rows behind it are left out on both sides. */
function listDifference({ table, of }: (typeof LISTS)[number]): string {
  return `
  SELECT '${table}' AS level, '' AS day, sumIf(rows, isListed) AS counted, sumIf(rows, NOT isListed) AS expected
  FROM
  (
    SELECT true AS isListed, count() AS rows, sum(${PLACE}) AS places FROM ${table} FINAL
    WHERE (partition, journalOffset, sequence) NOT IN
      (SELECT partition, journalOffset, sequence FROM outcomes WHERE NOT (${COUNTED_ROWS}))
    UNION ALL
    SELECT false, count(), sum(${PLACE}) FROM outcomes WHERE ${of} AND ${COUNTED_ROWS}
  )
  HAVING counted != expected OR sumIf(places, isListed) != sumIf(places, NOT isListed)`;
}

function differenceOf(row: Row): FiguresDifference {
  return {
    level: textIn(row, "level"),
    day: textIn(row, "day"),
    counted: integerIn(row, "counted"),
    expected: integerIn(row, "expected"),
  };
}

function isSame(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  return a.size === b.size && [...a].every(([partition, next]) => b.get(partition) === next);
}
