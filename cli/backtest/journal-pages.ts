/** A stretch of a journal partition, batch by batch; a turn for signals and messages after each. */

import { setImmediate as turn } from "node:timers/promises";
import { type EventLog, EventLogError, type LoggedRecord } from "../../platform/event-log/event-log.js";
import { Topic } from "../../schemas/topics.js";

/** 2,000 records are some 40 ms of judging: so late a cancel may come. */
const PAGE = { recordsMax: 2_000, bytesMax: 8 << 20, waitMs: 5_000 } as const;

export interface Stretch {
  readonly partition: number;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** @throws EventLogError where the log does not give what it had; the signal's reason. */
export async function* pagesOf(
  log: EventLog,
  { partition, start, end }: Stretch,
  signal: AbortSignal,
): AsyncGenerator<readonly LoggedRecord[]> {
  const reader = await log.reader(Topic.JOURNAL, partition, start);
  try {
    while (reader.position < end) {
      const at = reader.position;
      const recordsMax = Math.min(PAGE.recordsMax, end - at);
      const page = await reader.read({ ...PAGE, recordsMax });
      await turn();
      signal.throwIfAborted();
      if (page.length === 0) throw unreadable(partition, at, end);
      yield page;
    }
  } finally {
    await reader.close();
  }
}

function unreadable(partition: number, offset: number, end: number): EventLogError {
  return new EventLogError(
    "UNREACHABLE",
    `${Topic.JOURNAL}/${partition}: nothing came at offset ${offset}, the log ends at ${end}; its leader may just be moving: go on with --resume`,
    { retryable: true },
  );
}
