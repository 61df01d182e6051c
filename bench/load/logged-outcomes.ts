/** What the decisions log holds, read as any consumer must: what is not above the last position is a repeat. */

import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import { jsonOfBody } from "../../schemas/log-body.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";

export interface LoggedOutcome {
  readonly personKey: string;
  /** The line that `kadun replay` prints for it, byte for byte. */
  readonly json: string;
}

export interface ReadOutcomes {
  /** Records that repeat an outcome: appended again after a crash. */
  readonly repeats: number;
}

/** 16 MB held at once at most. */
const READ_LIMITS = { recordsMax: 5000, bytesMax: 16_000_000, waitMs: 0 };

/** Calls `onOutcome` for every outcome, in order within each partition. */
export async function readLoggedOutcomes(
  log: EventLog,
  onOutcome: (outcome: LoggedOutcome) => void | Promise<void>,
): Promise<ReadOutcomes> {
  const partitions = await log.partitionCount(Topic.DECISIONS);
  let repeats = 0;
  for (let partition = 0; partition < partitions; partition++) {
    let last: OutcomePosition | null = null;
    for await (const { header, key, value } of recordsOf(log, partition)) {
      const position = decodePosition(header);
      if (isAbove(position, last)) {
        last = position;
        await onOutcome({ personKey: key, json: jsonOfBody(value) });
      } else repeats++;
    }
  }
  return { repeats };
}

async function* recordsOf(log: EventLog, partition: number): AsyncGenerator<LoggedRecord> {
  const { start } = await log.bounds(Topic.DECISIONS, partition);
  const reader = await log.reader(Topic.DECISIONS, partition, start);
  try {
    for (;;) {
      const records = await reader.read(READ_LIMITS);
      if (records.length === 0) return;
      yield* records;
    }
  } finally {
    await reader.close();
  }
}
