/** Does a journal know already what cards were lost when it began, or that nothing was to be known? */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import { Topic } from "../../schemas/topics.js";

/** It stands at the beginning, or soon after. One that stands later is written again, which changes no answer. */
const RECORDS_MAX = 1_000;
const BYTES_MAX = 1_000_000;
const WAIT_MS = 100;

/** In every partition: a crash between two of them leaves some without. What was trimmed had it. @throws EventLogError. */
export async function isBootstrapKnown(log: EventLog, partitionCount: number): Promise<boolean> {
  const partitions = Array.from({ length: partitionCount }, (_, partition) => partition);
  const known = await Promise.all(partitions.map((partition) => isKnownIn(log, partition)));
  return known.every(Boolean);
}

async function isKnownIn(log: EventLog, partition: number): Promise<boolean> {
  const { start, end } = await log.bounds(Topic.JOURNAL, partition);
  if (start > 0) return true;
  const reader = await log.reader(Topic.JOURNAL, partition, 0);
  try {
    const upTo = Math.min(end, RECORDS_MAX);
    for (let offset = 0; offset < upTo; ) {
      const records = await reader.read({
        recordsMax: upTo - offset,
        bytesMax: BYTES_MAX,
        waitMs: WAIT_MS,
      });
      if (records.some(({ value }) => decodeJournalBody(value).type === "bootstrap")) return true;
      offset += records.length;
    }
    return false;
  } finally {
    await reader.close();
  }
}
