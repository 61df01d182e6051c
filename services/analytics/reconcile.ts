/**
 * Compares journal, decisions log and tables, and names what is missing, doubled or different.
 *
 * 1. Rows are compared up to where the writer has come; what lies behind is reported as lag, not as missing.
 * 2. Both sides are summed over ranges of offsets (count and hash); only ranges that differ are looked into, so rows
 *    are never loaded to be compared.
 * 3. Rows are counted as they lie, without FINAL.
 * 4. Figures and lists are held against the rows, not against the log: both ways together tell where something is wrong.
 * 5. All of it goes on while it is compared. What is caused is looked at before its cause: where rows end, then the last
 *    outcome, then where the decisions log ends, then where the journal does. So everything seen has its cause among what is
 *    compared, and what came later is lag.
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
import { type LogProgress, readProgress } from "./log-writer.js";
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
  /** Behind the last row of each partition of the log. */
  readonly rowEnds: readonly number[];
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
  const rowEnds = {
    journal: await readProgress(database, JOURNAL_TABLE),
    outcomes: await readProgress(database, OUTCOMES_TABLE),
  };
  const lastOutcomes = await lastPositions(log);
  const outcomes = await openSide(options, OUTCOMES_TABLE, rowEnds.outcomes);
  const journal = await openSide(options, JOURNAL_TABLE, rowEnds.journal);
  const unjudged: number[] = [];
  for (const [partition, last] of lastOutcomes.entries())
    unjudged.push(await walkPartition(log, { partition, last, journal, outcomes, findings }));
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

/** Of each partition the position of its last outcome: records behind it are not judged yet. */
async function lastPositions(log: EventLog): Promise<readonly (OutcomePosition | null)[]> {
  const count = await log.partitionCount(Topic.DECISIONS);
  const tails = await Promise.all(
    Array.from({ length: count }, (_, partition) => log.tail(Topic.DECISIONS, partition)),
  );
  return tails.map((tail) => (tail === null ? null : decodePosition(tail.header)));
}

async function openSide(
  { log, bucketsMax }: ReconcileOptions,
  table: LogTable,
  progress: ReadonlyMap<number, LogProgress>,
): Promise<TopicSide> {
  const count = await log.partitionCount(table.topic);
  const bounds = await Promise.all(
    Array.from({ length: count }, (_, partition) => log.bounds(table.topic, partition)),
  );
  const rowEnds = bounds.map((_, partition) => progress.get(partition)?.nextOffset ?? 0);
  const ranges = bounds.map(({ start, end }, partition) => ({
    from: start,
    to: Math.max(start, Math.min(end, rowEnds[partition]!)),
  }));
  const records = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const width = widthFor(records, bucketsMax ?? BUCKETS_MAX);
  return {
    table,
    rowEnds,
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

interface PartitionWalk {
  readonly partition: number;
  readonly last: OutcomePosition | null;
  readonly journal: TopicSide;
  readonly outcomes: TopicSide;
  readonly findings: Findings;
}

/** Sums both logs of a partition and holds them against each other; returns how many records are not judged yet. */
async function walkPartition(
  log: EventLog,
  { partition, last, journal, outcomes, findings }: PartitionWalk,
): Promise<number> {
  const stretchOf = ({ bounds }: TopicSide) => {
    const { start, end } = bounds[partition]!;
    return { partition, from: start, to: end, highWater: null };
  };
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
  const { table, bounds, rowEnds } = side;
  const ends = { logEnds: bounds.map(({ end }) => end), rowEnds };
  const { count, named } = await rowsOutside(database, table, ends, FINDINGS_NAMED_MAX);
  for (const row of named)
    findings.add({
      kind: "row-extra",
      topic: table.topic,
      partition: integerIn(row, "partition"),
      offset: integerIn(row, "logOffset"),
      journalOffset: integerIn(row, "journalOffset"),
      sequence: integerIn(row, "sequence"),
      eventId: textIn(row, "eventId"),
    });
  if (count > named.length) findings.addUnnamed(count - named.length);
}
