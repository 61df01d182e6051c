/**
 * Records of the journal that are not judged yet, told from the two logs: what lies behind the cause of the last outcome. Who
 * asks needs no detector beside it.
 */

import type { EventLog } from "../../platform/event-log/event-log.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import { decodePosition, Topic } from "../../schemas/topics.js";

/** So few are looked at one by one: behind the last outcome may lie heartbeats and facts, which have none. */
const LOOKED_AT_MAX = 500;
const LOOKED_AT = { recordsMax: LOOKED_AT_MAX, bytesMax: 1 << 20, waitMs: 0 };
const JUDGED: ReadonlySet<JournalRecord["type"]> = new Set([
  "swipe",
  "card-status",
  "person-link",
  "person-state",
]);

/** Of all partitions together. @throws EventLogError, LogBodyError. */
export async function detectorBacklog(
  log: Pick<EventLog, "partitionCount" | "bounds" | "tail" | "reader">,
): Promise<number> {
  const partitions = await log.partitionCount(Topic.JOURNAL);
  const backlogs = await Promise.all(
    Array.from({ length: partitions }, (_, partition) => backlogOf(log, partition)),
  );
  return backlogs.reduce((sum, backlog) => sum + backlog, 0);
}

async function backlogOf(log: Parameters<typeof detectorBacklog>[0], partition: number): Promise<number> {
  const last = await log.tail(Topic.DECISIONS, partition);
  const { start, end } = await log.bounds(Topic.JOURNAL, partition);
  const judged = last === null ? start : Math.max(start, decodePosition(last.header).journalOffset + 1);
  const waiting = end - judged;
  if (waiting <= 0) return 0;
  if (waiting > LOOKED_AT_MAX) return waiting;
  const reader = await log.reader(Topic.JOURNAL, partition, judged);
  try {
    const records = await reader.read(LOOKED_AT);
    const unjudged = records.filter(({ value }) => JUDGED.has(typeOf(value))).length;
    return unjudged + Math.max(0, waiting - records.length);
  } finally {
    await reader.close();
  }
}

function typeOf(value: Uint8Array): JournalRecord["type"] {
  const record = decodeJournalBody(value);
  return record.type === "carried" ? record.record.type : record.type;
}
