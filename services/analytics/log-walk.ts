/** Reads a stretch of one partition of a topic, repeats dropped as the writer drops them. */

import { setImmediate } from "node:timers/promises";
import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { isAbove, type OutcomePosition } from "../../schemas/topics.js";
import type { LogTable } from "./log-tables.js";

/** 200 records are read, decoded and hashed in 3 ms; then the rest of the process gets its turn. */
const PAGE = { recordsMax: 200, bytesMax: 256 << 10, waitMs: 0 } as const;

export interface Stretch {
  readonly partition: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Mark of the last record before `from`, null where there is none. */
  readonly highWater: OutcomePosition | null;
}

export interface WalkedRecord {
  readonly record: LoggedRecord;
  readonly mark: OutcomePosition;
  /** Mark of the record before it. */
  readonly before: OutcomePosition | null;
}

export async function* walk(log: EventLog, table: LogTable, stretch: Stretch): AsyncGenerator<WalkedRecord> {
  if (stretch.from >= stretch.to) return;
  const reader = await log.reader(table.topic, stretch.partition, stretch.from);
  let before = stretch.highWater;
  try {
    while (reader.position < stretch.to) {
      const page = await reader.read(PAGE);
      if (page.length === 0) return;
      for (const record of page) {
        if (record.offset >= stretch.to) return;
        const mark = table.markOf(record);
        if (!isAbove(mark, before)) continue;
        yield { record, mark, before };
        before = mark;
      }
      await setImmediate();
    }
  } finally {
    await reader.close();
  }
}
