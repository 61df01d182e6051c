/** What a writing process does with the log it opened: numbered entries until it has written all, or is killed. */

import { setTimeout as wait } from "node:timers/promises";
import { type EventLog, EventLogError } from "../../platform/event-log/event-log.js";
import { numberedEntries } from "./numbered-entry.js";
import type { WritingNews, WritingOrder } from "./writing-process.js";

/** Between a refusal and the same append again. */
const RETRY_MS = 20;

export async function writeNumbered(log: EventLog, order: WritingOrder): Promise<void> {
  const { topic, partition, entriesPerAppend, valueBytes, entriesMax, pauseMs } = order;
  const producer = await log.producer(topic);
  let { end } = await log.bounds(topic, partition);
  while (end < entriesMax) {
    try {
      const { firstOffset } = await producer.append(
        partition,
        numberedEntries(end, entriesPerAppend, valueBytes),
      );
      if (firstOffset !== end) throw new Error(`appended at ${firstOffset}, expected ${end}`);
      end += entriesPerAppend;
      tell({ type: "acknowledged", end });
    } catch (error) {
      if (!(error instanceof EventLogError)) throw error;
      tell({ type: "refused", code: error.code, retryable: error.retryable, message: error.message });
      await wait(RETRY_MS);
    }
    if (pauseMs > 0) await wait(pauseMs);
  }
  await log.close();
  tell({ type: "done" });
}

function tell(news: WritingNews): void {
  process.send?.(news);
}
