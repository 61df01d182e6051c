/** Counts and hashes of rows, computed by the database from the stored bodies. No FINAL: a doubled row must show. */

import type { AnalyticsDatabase, Row } from "../../platform/analytics/analytics-database.js";
import { BucketSums } from "./bucket-sums.js";
import type { LogTable } from "./log-tables.js";
import { bigintIn, integerIn } from "./row-values.js";

/** Hashing a year of bodies takes minutes. */
const SECONDS_MAX = 3600;
const HASH = "sum(reinterpretAsUInt64(substring(SHA256(body), 1, 8)))";

export interface OffsetRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Sums of all partitions in one pass; `ranges[n]` is what counts of partition n. */
export async function rowSums(
  database: Pick<AnalyticsDatabase, "query">,
  { table }: LogTable,
  ranges: readonly OffsetRange[],
  width: number,
): Promise<readonly BucketSums[]> {
  const rows = await database.query(
    `SELECT partition, intDiv(logOffset, {width:UInt64}) AS bucket, count() AS rows, ${HASH} AS hash
     FROM ${table}
     WHERE logOffset >= arrayElement({froms:Array(UInt64)}, partition + 1)
       AND logOffset < arrayElement({tos:Array(UInt64)}, partition + 1)
     GROUP BY partition, bucket`,
    { width, froms: ranges.map(({ from }) => from), tos: ranges.map(({ to }) => to) },
    { secondsMax: SECONDS_MAX },
  );
  const sums = ranges.map(() => new BucketSums(width));
  for (const row of rows) addRow(sums[integerIn(row, "partition")]!, row);
  return sums;
}

/** Sums of a stretch of one partition. */
export async function rowSumsOf(
  database: Pick<AnalyticsDatabase, "query">,
  { table }: LogTable,
  partition: number,
  { from, to }: OffsetRange,
  width: number,
): Promise<BucketSums> {
  const rows = await database.query(
    `SELECT intDiv(logOffset, {width:UInt64}) AS bucket, count() AS rows, ${HASH} AS hash
     FROM ${table}
     WHERE partition = {partition:UInt16} AND logOffset >= {from:UInt64} AND logOffset < {to:UInt64}
     GROUP BY bucket`,
    { width, partition, from, to },
    { secondsMax: SECONDS_MAX },
  );
  const sums = new BucketSums(width);
  for (const row of rows) addRow(sums, row);
  return sums;
}

function addRow(sums: BucketSums, row: Row): void {
  const offset = integerIn(row, "bucket") * sums.width;
  sums.add(offset, { count: integerIn(row, "rows"), hash: bigintIn(row, "hash") });
}

/**
 * Rows of partitions or offsets that the log does not have. Of a partition that it has, rows before `rowEnds`: those of before the
 * log's end was asked for. Later ones come of later records.
 */
export async function rowsOutside(
  database: Pick<AnalyticsDatabase, "query">,
  { table }: LogTable,
  { logEnds, rowEnds }: { readonly logEnds: readonly number[]; readonly rowEnds: readonly number[] },
  namesMax: number,
): Promise<{ readonly count: number; readonly named: readonly Row[] }> {
  const parameters = { ends: [...logEnds], rowEnds: [...rowEnds] };
  const where = `WHERE logOffset >= arrayElement({ends:Array(UInt64)}, partition + 1)
    AND (partition >= length({ends:Array(UInt64)}) OR logOffset < arrayElement({rowEnds:Array(UInt64)}, partition + 1))`;
  const [total] = await database.query(`SELECT count() AS rows FROM ${table} ${where}`, parameters, {
    secondsMax: SECONDS_MAX,
  });
  const count = integerIn(total!, "rows");
  if (count === 0) return { count, named: [] };
  const named = await database.query(
    `SELECT partition, logOffset, journalOffset, sequence, eventId FROM ${table} ${where}
     ORDER BY partition, logOffset LIMIT {namesMax:UInt32}`,
    { ...parameters, namesMax },
    { secondsMax: SECONDS_MAX },
  );
  return { count, named };
}

/** The first row at an offset. */
export async function rowAt(
  database: Pick<AnalyticsDatabase, "query">,
  { table }: LogTable,
  partition: number,
  offset: number,
): Promise<Row | null> {
  const [row] = await database.query(
    `SELECT journalOffset, sequence, eventId FROM ${table}
     WHERE partition = {partition:UInt16} AND logOffset = {offset:UInt64} LIMIT 1`,
    { partition, offset },
    { secondsMax: SECONDS_MAX },
  );
  return row ?? null;
}
