/**
 * Which records of the journal a run looks at: per partition the offsets from the last run's end to what both tables hold.
 * Offsets and not times: rows come in late and partitions are not equally far, but nothing is missed and nothing skipped.
 */

import type { AnalyticsDatabase, Parameters, Row } from "../../../platform/analytics/analytics-database.js";

/** How far the tables are. */
export interface Head {
  /** By partition: offset behind the last record that both tables hold. */
  readonly ends: readonly number[];
  /** The latest arrival of a swipe, epoch milliseconds; 0 where there is none. It only goes forward. */
  readonly clockMs: number;
}

/** How far a patrol is. */
export interface Standing {
  readonly nextOffsets: readonly number[];
  readonly clockMs: number;
}

export function beginning(partitions: number): Standing {
  return { nextOffsets: new Array<number>(partitions).fill(0), clockMs: 0 };
}

export interface Stretch {
  readonly before: Standing;
  readonly after: Standing;
  /** Records between; some make no row that a patrol reads. */
  readonly records: number;
}

/** Narrow columns, and only granules behind `standing`, than which nothing is told back. @throws AnalyticsError. */
export async function readHead(database: AnalyticsDatabase, standing: Standing): Promise<Head> {
  const parameters = { offsetMin: Math.min(...standing.nextOffsets) };
  const journal = await database.query(
    `SELECT partition, max(logOffset) + 1 AS end,
       max(if(type = 'swipe', toUnixTimestamp64Milli(least(ifNull(receivedAt, appendedAt), appendedAt)), 0)) AS clockMs
     FROM journal_records WHERE logOffset >= {offsetMin:UInt64} GROUP BY partition`,
    parameters,
  );
  const outcomes = await database.query(
    "SELECT partition, max(journalOffset) + 1 AS end FROM outcomes WHERE journalOffset >= {offsetMin:UInt64} GROUP BY partition",
    parameters,
  );
  const [journalEnds, outcomeEnds] = [endsOf(journal), endsOf(outcomes)];
  return {
    ends: standing.nextOffsets.map((least, partition) =>
      Math.max(least, Math.min(journalEnds.get(partition) ?? 0, outcomeEnds.get(partition) ?? 0)),
    ),
    clockMs: journal.reduce((latest, row) => Math.max(latest, integerOf(row, "clockMs")), standing.clockMs),
  };
}

function endsOf(rows: readonly Row[]): ReadonlyMap<number, number> {
  return new Map(rows.map((row) => [integerOf(row, "partition"), integerOf(row, "end")]));
}

function integerOf(row: Row, column: string): number {
  const value = Number(row[column]);
  if (!Number.isSafeInteger(value)) throw new TypeError(`column ${column} of a result: expected an integer`);
  return value;
}

/** The next records of a patrol, at most so many, taken evenly from the partitions. null where nothing is new. */
export function nextStretch(before: Standing, head: Head, recordsMax: number): Stretch | null {
  const from = before.nextOffsets;
  const each = Math.max(1, Math.floor(recordsMax / from.length));
  const to = head.ends.map((end, partition) => Math.min(end, from[partition]! + each));
  const records = to.reduce((sum, end, partition) => sum + end - from[partition]!, 0);
  if (records === 0 && head.clockMs === before.clockMs) return null;
  return {
    before: { nextOffsets: from, clockMs: before.clockMs },
    after: { nextOffsets: to, clockMs: head.clockMs },
    records,
  };
}

export function reaches({ after }: Stretch, head: Head): boolean {
  return head.ends.every((end, partition) => (after.nextOffsets[partition] ?? 0) >= end);
}

/** For the queries. */
export function stretchParameters({ before, after }: Stretch): Parameters {
  // Of partitions without anything new no row is asked for.
  const begun = before.nextOffsets.filter((from, partition) => from < after.nextOffsets[partition]!);
  return {
    fromOffsets: before.nextOffsets,
    toOffsets: after.nextOffsets,
    offsetMin: begun.length === 0 ? Math.max(...after.nextOffsets) : Math.min(...begun),
    clockBeforeMs: before.clockMs,
    clockMs: after.clockMs,
  };
}
