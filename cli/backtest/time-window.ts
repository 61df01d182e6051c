/** The stretch of journal time that is counted; what lies before it is judged all the same. */

import { parseInstantMs } from "../../schemas/instant.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { appendedAt } from "../../services/detector/swipe.js";

export interface WindowLimits {
  readonly fromMs: number | null;
  /** Exclusive. */
  readonly toMs: number | null;
}

export class TimeWindow {
  private readonly fromMs: number;
  private readonly toMs: number;

  constructor({ fromMs, toMs }: WindowLimits) {
    this.fromMs = fromMs ?? Number.NEGATIVE_INFINITY;
    this.toMs = toMs ?? Number.POSITIVE_INFINITY;
  }

  includes(timeMs: number): boolean {
    return timeMs >= this.fromMs && timeMs < this.toMs;
  }
}

/** When a record came, as the judge takes it: its source's time unless that lies ahead of the log's. */
export function journalTimeMs(record: JournalRecord, logAppendedAtMs: number): number {
  const inner = record.type === "carried" ? record.record : record;
  const receivedAt = "receivedAt" in inner ? inner.receivedAt : undefined;
  return appendedAt(receivedAt === undefined ? null : parseInstantMs(receivedAt), logAppendedAtMs);
}
