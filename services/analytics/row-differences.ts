/** Finds, within a stretch whose sums differ, the offsets that differ, and says in which way. */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { jsonOfBody } from "../../schemas/log-body.js";
import type { OutcomePosition } from "../../schemas/topics.js";
import { BucketSums, bodyHash, NOTHING, type Sum } from "./bucket-sums.js";
import type { Columns } from "./columns.js";
import type { LogTable } from "./log-tables.js";
import { type Stretch, walk } from "./log-walk.js";
import type { FindingKind, Findings } from "./reconciliation.js";
import { rowAt, rowSumsOf } from "./row-sums.js";
import { integerIn, textIn } from "./row-values.js";

/** From here on offsets are compared one by one. */
const WIDTH_LAST = 4096;

export interface Differing {
  readonly log: EventLog;
  readonly database: Pick<AnalyticsDatabase, "query">;
  readonly table: LogTable;
  readonly findings: Findings;
}

/** @param width of the stretch; wide ones are cut once more before offsets are compared. */
export async function nameDifferences(side: Differing, stretch: Stretch, width: number): Promise<void> {
  const { log, database, table, findings } = side;
  if (findings.isFull) {
    findings.addUnnamed(1);
    return;
  }
  const isLast = width <= WIDTH_LAST;
  const narrower = isLast ? 1 : WIDTH_LAST;
  const logged = new BucketSums(narrower);
  const marks = new Map<number, OutcomePosition | null>();
  for await (const { record, before } of walk(log, table, stretch)) {
    const bucket = Math.floor(record.offset / narrower);
    if (!marks.has(bucket)) marks.set(bucket, before);
    logged.add(record.offset, { count: 1, hash: bodyHash(jsonOfBody(record.value)) });
  }
  const rows = await rowSumsOf(database, table, stretch.partition, stretch, narrower);
  for (const bucket of logged.differingFrom(rows)) {
    if (isLast) {
      const sums = [logged.byBucket.get(bucket) ?? NOTHING, rows.byBucket.get(bucket) ?? NOTHING] as const;
      await nameOffset(side, stretch.partition, bucket, ...sums);
    } else {
      const from = Math.max(bucket * narrower, stretch.from);
      const to = Math.min((bucket + 1) * narrower, stretch.to);
      const highWater = marks.get(bucket) ?? null;
      await nameDifferences(side, { partition: stretch.partition, from, to, highWater }, narrower);
    }
  }
}

async function nameOffset(
  side: Differing,
  partition: number,
  offset: number,
  logged: Sum,
  rows: Sum,
): Promise<void> {
  const { table, findings } = side;
  if (findings.isFull) {
    findings.addUnnamed(1);
    return;
  }
  const name =
    logged.count > 0 ? await nameInLog(side, partition, offset) : await nameInTable(side, partition, offset);
  findings.add({ kind: kindOf(logged, rows), topic: table.topic, partition, offset, ...name });
}

function kindOf(logged: Sum, rows: Sum): FindingKind {
  if (rows.count === 0) return "row-missing";
  if (logged.count === 0) return "row-extra";
  return rows.count > logged.count ? "row-doubled" : "row-different";
}

type Name = OutcomePosition & { readonly eventId: string | null };

async function nameInLog({ log, table }: Differing, partition: number, offset: number): Promise<Name> {
  const stretch = { partition, from: offset, to: offset + 1, highWater: null };
  for await (const { record, mark } of walk(log, table, stretch)) {
    const row: Columns = {};
    table.setColumns(row, record);
    const { eventId } = row;
    return { ...mark, eventId: typeof eventId === "string" ? eventId : null };
  }
  return { journalOffset: offset, sequence: 0, eventId: null };
}

async function nameInTable({ database, table }: Differing, partition: number, offset: number): Promise<Name> {
  const row = await rowAt(database, table, partition, offset);
  if (row === null) return { journalOffset: offset, sequence: 0, eventId: null };
  return {
    journalOffset: integerIn(row, "journalOffset"),
    sequence: integerIn(row, "sequence"),
    eventId: textIn(row, "eventId"),
  };
}
