/**
 * Compares journal, decisions log and tables, and names what is missing, doubled or different.
 *
 * 1. Rows are compared up to where the writer has come; what lies behind is reported as lag, not as missing.
 * 2. Both sides are summed over ranges of offsets (count and hash); only ranges that differ are looked into, so rows
 *    are never loaded to be compared.
 * 3. Rows are counted as they lie, without FINAL.
 * 4. Figures and lists are held against the rows, not against the log: both ways together tell where something is wrong.
 */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { EventLog, TopicBounds } from "../../platform/event-log/event-log.js";
import { decodeJournalBody, jsonOfBody } from "../../schemas/log-body.js";
import { decodePosition, type OutcomePosition, Topic } from "../../schemas/topics.js";
import { Answers } from "./answers.js";
import { BucketSums, bodyHash, hashText } from "./bucket-sums.js";
import { checkFigures } from "./figures-check.js";
import { JOURNAL_TABLE, type LogTable, OUTCOMES_TABLE } from "./log-tables.js";
import { type WalkedRecord, walk } from "./log-walk.js";
import { readProgress } from "./log-writer.js";
import {
  FINDINGS_NAMED_MAX,
  Findings,
  type PartitionReconciliation,
  type Reconciliation,
  type TopicReconciliation,
} from "./reconciliation.js";
import { nameDifferences } from "./row-differences.js";
import { type OffsetRange, rowSums, rowsOutside } from "./row-sums.js";
import { integerIn, textIn } from "./row-values.js";

/** A range that differs is read again, record by record: 4,096 are 10 MB. */
const WIDTH_MIN = 4096;
/** 50,000 lines are parsed in 50 ms. */
const BUCKETS_MAX = 50_000;

export interface ReconcileOptions {
  readonly log: EventLog;
  readonly database: Pick<AnalyticsDatabase, "query">;
  /** Sums of one pass over a table; each is a line to parse. */
  readonly bucketsMax?: number;
}

/** One topic: what is compared of each partition and what the log has there. */
export interface TopicSide {
  readonly table: LogTable;
  readonly bounds: readonly TopicBounds[];
  readonly ranges: readonly OffsetRange[];
  readonly sums: readonly BucketSums[];
  /** Mark of the record before a bucket's first, by partition and bucket. */
  readonly marks: readonly Map<number, OutcomePosition | null>[];
  /** Records behind the range. */
  readonly lags: number[];
}

/** @throws EventLogError, AnalyticsError, LogBodyError. */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const { log, database } = options;
  const findings = new Findings();
  // Progress first, the log's ends after it: a row can only be there if its record was.
  const journal = await openSide(options, JOURNAL_TABLE);
  const outcomes = await openSide(options, OUTCOMES_TABLE);
  const unjudged: number[] = [];
  for (let partition = 0; partition < journal.bounds.length; partition++)
    unjudged.push(await walkPartition(log, partition, journal, outcomes, findings));
  const sides = [
    await compareRows(log, database, journal, findings),
    await compareRows(log, database, outcomes, findings),
  ];
  const partitions = unjudged.map((count, partition) =>
    partitionOf(partition, count, sides[0]![partition]!, sides[1]![partition]!),
  );
  return findings.result(partitions, await checkFigures(database));
}

function partitionOf(
  partition: number,
  unjudged: number,
  journal: TopicReconciliation,
  outcomes: TopicReconciliation,
): PartitionReconciliation {
  return { partition, journal, outcomes, unjudged };
}

async function openSide(
  { log, database, bucketsMax }: ReconcileOptions,
  table: LogTable,
): Promise<TopicSide> {
  const progress = await readProgress(database, table);
  const count = await log.partitionCount(table.topic);
  const bounds = await Promise.all(
    Array.from({ length: count }, (_, partition) => log.bounds(table.topic, partition)),
  );
  const ranges = bounds.map(({ start, end }, partition) => ({
    from: start,
    to: Math.max(start, Math.min(end, progress.get(partition)?.nextOffset ?? 0)),
  }));
  const records = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const width = widthFor(records, bucketsMax ?? BUCKETS_MAX);
  return {
    table,
    bounds,
    ranges,
    sums: ranges.map(() => new BucketSums(width)),
    marks: ranges.map(() => new Map()),
    lags: ranges.map(() => 0),
  };
}

/** A power of two times the least width, so that a wide bucket is cut into whole narrow ones. */
function widthFor(records: number, bucketsMax: number): number {
  const doublings = Math.ceil(Math.log2(records / (WIDTH_MIN * bucketsMax)));
  return WIDTH_MIN * 2 ** Math.max(0, doublings);
}

/** Sums both logs of a partition and holds them against each other; returns how many records are not judged yet. */
async function walkPartition(
  log: EventLog,
  partition: number,
  journal: TopicSide,
  outcomes: TopicSide,
  findings: Findings,
): Promise<number> {
  const stretchOf = ({ bounds }: TopicSide) => {
    const { start, end } = bounds[partition]!;
    return { partition, from: start, to: end, highWater: null };
  };
  const tail = await log.tail(Topic.DECISIONS, partition);
  const last = tail === null ? null : decodePosition(tail.header);
  const answers = new Answers(log, stretchOf(outcomes), last, findings, (walked) =>
    sumUp(outcomes, partition, walked),
  );
  await answers.begin(journal.bounds[partition]!.start);
  for await (const walked of walk(log, journal.table, stretchOf(journal))) {
    sumUp(journal, partition, walked);
    await answers.check(decodeJournalBody(walked.record.value), walked.record.offset);
  }
  await answers.end();
  return answers.unjudged;
}

function sumUp(side: TopicSide, partition: number, { record, before }: WalkedRecord): void {
  if (record.offset >= side.ranges[partition]!.to) {
    side.lags[partition]!++;
    return;
  }
  const sums = side.sums[partition]!;
  const marks = side.marks[partition]!;
  const bucket = Math.floor(record.offset / sums.width);
  if (!marks.has(bucket)) marks.set(bucket, before);
  sums.add(record.offset, { count: 1, hash: bodyHash(jsonOfBody(record.value)) });
}

async function compareRows(
  log: EventLog,
  database: Pick<AnalyticsDatabase, "query">,
  side: TopicSide,
  findings: Findings,
): Promise<readonly TopicReconciliation[]> {
  await nameRowsOutside(database, side, findings);
  const { table, ranges } = side;
  const width = side.sums[0]?.width ?? WIDTH_MIN;
  const rows = await rowSums(database, table, ranges, width);
  for (const [partition, logged] of side.sums.entries())
    for (const bucket of logged.differingFrom(rows[partition]!)) {
      const from = Math.max(bucket * width, ranges[partition]!.from);
      const to = Math.min((bucket + 1) * width, ranges[partition]!.to);
      const highWater = side.marks[partition]!.get(bucket) ?? null;
      await nameDifferences({ log, database, table, findings }, { partition, from, to, highWater }, width);
    }
  return side.sums.map((logged, partition) => topicOf(side, partition, logged, rows[partition]!));
}

function topicOf(
  side: TopicSide,
  partition: number,
  logged: BucketSums,
  rows: BucketSums,
): TopicReconciliation {
  const [inLog, inRows] = [logged.total(), rows.total()];
  return {
    upTo: side.ranges[partition]!.to,
    lag: side.lags[partition]!,
    logged: inLog.count,
    rows: inRows.count,
    loggedHash: hashText(inLog.hash),
    rowsHash: hashText(inRows.hash),
  };
}

async function nameRowsOutside(
  database: Pick<AnalyticsDatabase, "query">,
  side: TopicSide,
  findings: Findings,
): Promise<void> {
  const ends = side.bounds.map(({ end }) => end);
  const { count, named } = await rowsOutside(database, side.table, ends, FINDINGS_NAMED_MAX);
  for (const row of named)
    findings.add({
      kind: "row-extra",
      topic: side.table.topic,
      partition: integerIn(row, "partition"),
      offset: integerIn(row, "logOffset"),
      journalOffset: integerIn(row, "journalOffset"),
      sequence: integerIn(row, "sequence"),
      eventId: textIn(row, "eventId"),
    });
  if (count > named.length) findings.addUnnamed(count - named.length);
}
