/**
 * Blocks: rows of one topic that are inserted together, whole or not at all.
 *
 * 1. A block lies in one month: the tables are cut by the month of `appendedAt`, and only within a cut an insert is
 *    whole.
 * 2. Its bytes and its token follow from its batches alone: a repeated insert is the same insert.
 */

import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { NativeBlock } from "../../platform/analytics/native-block.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { LogTable } from "./log-tables.js";
import type { RowWriter } from "./row-writer.js";

/** Consecutive records of one partition, of one month. */
export interface Batch {
  readonly partition: number;
  readonly month: number;
  readonly records: readonly LoggedRecord[];
}

/** The rest of the process gets its turn after so many rows (3 ms) or bytes of bodies (records that are parsed are large). */
const ROWS_PER_TURN = 500;
const BYTES_PER_TURN = 512 << 10;
/** Columns beside what the body itself fills: numbers of a fixed width, position, defaults. */
const COLUMN_BYTES = 700;
const CHINA_OFFSET_MS = 8 * 3_600_000;

/** At most what the rows of the batch take: columns are parts of the body, then the body itself. */
export function rowBytesMax({ records }: Batch): number {
  return records.reduce((sum, { value }) => sum + 2 * value.length + COLUMN_BYTES, 0);
}

/** Cuts records of a partition where the month changes, in their order. */
export function batchesOf(partition: number, records: readonly LoggedRecord[]): readonly Batch[] {
  const batches: { partition: number; month: number; records: LoggedRecord[] }[] = [];
  for (const record of records) {
    const month = monthOf(record.appendedAtMs);
    const last = batches.at(-1);
    if (last?.month === month) last.records.push(record);
    else batches.push({ partition, month, records: [record] });
  }
  return batches;
}

/** Months since the year 0, in China. */
function monthOf(ms: number): number {
  const date = new Date(ms + CHINA_OFFSET_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/**
 * Token of a block. `run` names the run of the writer: after a restart the rows themselves tell what is there, and the
 * token of a block that was cut off may be remembered although its rows are not.
 */
export function tokenOf(table: LogTable, batches: readonly Batch[], run: string): string {
  const ranges = batches.map(
    ({ partition, records }) => `${partition}:${records[0]!.offset}-${records.at(-1)!.offset}`,
  );
  const digest = createHash("sha256").update(ranges.join(",")).digest("hex").slice(0, 32);
  return `${table.topic}/${run}/${digest}`;
}

/** Gives way to the rest of the process in between. The writer is left empty. @throws RowError, LogBodyError. */
export async function blockOf(writer: RowWriter, batches: readonly Batch[]): Promise<NativeBlock> {
  let rows = 0;
  let bytes = 0;
  try {
    for (const { partition, records } of batches)
      for (const record of records) {
        writer.add(partition, record);
        bytes += record.value.length;
        if (++rows < ROWS_PER_TURN && bytes < BYTES_PER_TURN) continue;
        rows = 0;
        bytes = 0;
        await setImmediate();
      }
    return writer.finish();
  } finally {
    writer.clear();
  }
}
