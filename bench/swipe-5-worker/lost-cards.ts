/**
 * The job's topic of lost cards, read once to its end: its keys are the psnNos. The job reports every loss before the
 * first swipe; what comes later is not followed.
 */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { partitionOf } from "../../schemas/topics.js";

const READ_LIMITS = { recordsMax: 5_000, bytesMax: 4_194_304, waitMs: 10_000 } as const;

/** psnNos by the partition of the swipes' topic in which their swipes lie. @throws EventLogError. */
export async function lostCards(
  log: EventLog,
  statusTopic: string,
  partitionCount: number,
): Promise<readonly (readonly string[])[]> {
  const lost = Array.from({ length: partitionCount }, () => new Set<string>());
  const partitions = await log.partitionCount(statusTopic);
  for (let partition = 0; partition < partitions; partition++)
    for await (const psnNo of keysOf(log, statusTopic, partition))
      lost[partitionOf(psnNo, partitionCount)]!.add(psnNo);
  return lost.map((ofPartition) => [...ofPartition]);
}

async function* keysOf(log: EventLog, topic: string, partition: number): AsyncGenerator<string> {
  const { start, end } = await log.bounds(topic, partition);
  if (start === end) return;
  const reader = await log.reader(topic, partition, start);
  try {
    while (reader.position < end) {
      const records = await reader.read(READ_LIMITS);
      if (records.length === 0 && reader.position < end)
        throw new Error(
          `${topic}/${partition}: nothing came at offset ${reader.position}, it ends at ${end}`,
        );
      for (const { key } of records) yield key;
    }
  } finally {
    await reader.close();
  }
}
