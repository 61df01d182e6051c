/**
 * State that includes journal records which the decisions log does not answer: what it includes is not judged again, so
 * those outcomes would be missing for ever. Decisions can be lost where state is not: a broker without replicas that lost
 * its power, backups of different times.
 */

import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { DetectorError } from "./detector-error.js";
import type { HeldOutcomes } from "./held-outcomes.js";
import type { SwipeSource } from "./swipe.js";

/** Every record of these types has an outcome; facts have one only when they are repeated. */
const ALWAYS_ANSWERED: ReadonlySet<string> = new Set(["swipe", "card-status", "person-link", "person-state"]);
const READ_LIMITS = { recordsMax: 1_000, bytesMax: 4_194_304, waitMs: 1_000 } as const;

export function isAlwaysAnswered(record: JournalRecord | SwipeSource): boolean {
  return ALWAYS_ANSWERED.has(record.type === "carried" ? record.record.type : record.type);
}

export function stateAheadOfDecisions(partition: number, offset: number): DetectorError {
  return new DetectorError(
    "STATE_AHEAD_OF_DECISIONS",
    `journal partition ${partition}: its state includes offset ${offset}, the decisions log does not answer it: state and decisions come from different backups, or decisions were lost; remove the state, it is rebuilt from the journal and with it what is missing`,
  );
}

/** The log whose records are judged. */
export interface JudgedLog {
  readonly log: EventLog;
  readonly topic: string;
  readonly partition: number;
  /** Has every record like this one an outcome? */
  readonly isAlwaysAnswered: (logged: LoggedRecord) => boolean;
}

/**
 * Of the checkpoint one begins with. Mostly nothing is read: the log reaches as far as the checkpoint, but for the
 * heartbeats and facts at its end.
 * @throws DetectorError STATE_AHEAD_OF_DECISIONS, EventLogError.
 */
export async function checkCheckpointAnswered(
  judged: JudgedLog,
  held: Pick<HeldOutcomes, "offset" | "reaches">,
  appliedOffset: number,
): Promise<void> {
  const last = await lastAnswered(judged, held.offset + 1, appliedOffset);
  if (last !== null && !(await held.reaches(last))) throw stateAheadOfDecisions(judged.partition, last);
}

/** Offset of the last record between the two, both included, that has an outcome. */
async function lastAnswered(
  { log, topic, partition, isAlwaysAnswered }: JudgedLog,
  fromOffset: number,
  toOffset: number,
): Promise<number | null> {
  const { start } = await log.bounds(topic, partition);
  const from = Math.max(start, fromOffset);
  if (from > toOffset) return null;
  const reader = await log.reader(topic, partition, from);
  let last: number | null = null;
  try {
    while (reader.position <= toOffset)
      for (const logged of await reader.read(READ_LIMITS))
        if (logged.offset <= toOffset && isAlwaysAnswered(logged)) last = logged.offset;
    return last;
  } finally {
    await reader.close();
  }
}
