/**
 * State that includes journal records which the decisions log does not answer: what it includes is not judged again, so
 * those outcomes would be missing for ever. Decisions can be lost where state is not: a broker without replicas that lost
 * its power, backups of different times.
 */

import type { EventLog } from "../../platform/event-log/event-log.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import { Topic } from "../../schemas/topics.js";
import { DetectorError } from "./detector-error.js";
import type { HeldOutcomes } from "./held-outcomes.js";

/** Every record of these types has an outcome; facts have one only when they are repeated. */
const ALWAYS_ANSWERED: ReadonlySet<string> = new Set(["swipe", "card-status", "person-link", "person-state"]);
const READ_LIMITS = { recordsMax: 1_000, bytesMax: 4_194_304, waitMs: 1_000 } as const;

export function isAlwaysAnswered(record: JournalRecord): boolean {
  return ALWAYS_ANSWERED.has(record.type === "carried" ? record.record.type : record.type);
}

export function stateAheadOfDecisions(partition: number, offset: number): DetectorError {
  return new DetectorError(
    "STATE_AHEAD_OF_DECISIONS",
    `journal partition ${partition}: its state includes offset ${offset}, the decisions log does not answer it: state and decisions come from different backups, or decisions were lost; remove the state, it is rebuilt from the journal and with it what is missing`,
  );
}

/**
 * Of the checkpoint one begins with. Mostly nothing is read: the log reaches as far as the checkpoint, but for the
 * heartbeats and facts at its end.
 * @throws DetectorError STATE_AHEAD_OF_DECISIONS, EventLogError.
 */
export async function checkCheckpointAnswered(
  log: EventLog,
  partition: number,
  held: Pick<HeldOutcomes, "offset" | "reaches">,
  appliedOffset: number,
): Promise<void> {
  const last = await lastAnswered(log, partition, held.offset + 1, appliedOffset);
  if (last !== null && !(await held.reaches(last))) throw stateAheadOfDecisions(partition, last);
}

/** Offset of the last record between the two, both included, that has an outcome. */
async function lastAnswered(
  log: EventLog,
  partition: number,
  fromOffset: number,
  toOffset: number,
): Promise<number | null> {
  const { start } = await log.bounds(Topic.JOURNAL, partition);
  const from = Math.max(start, fromOffset);
  if (from > toOffset) return null;
  const reader = await log.reader(Topic.JOURNAL, partition, from);
  let last: number | null = null;
  try {
    while (reader.position <= toOffset)
      for (const { offset, value } of await reader.read(READ_LIMITS))
        if (offset <= toOffset && isAlwaysAnswered(decodeJournalBody(value))) last = offset;
    return last;
  } finally {
    await reader.close();
  }
}
