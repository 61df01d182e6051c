/** What Kadun itself puts into a journal when it starts: the first activation, a changed engine, a cold start. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { formatInstant } from "../../schemas/instant.js";
import type { CanonicalActivation, CanonicalBootstrap } from "../../schemas/journal.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import { Topic } from "../../schemas/topics.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import type { JournalWriter } from "../../services/ingest/journal-writer.js";

/**
 * The first record of every partition is an activation. A crash between two partitions leaves one without: then all
 * get it again, and those that had it know the sequence number. A journal that was trimmed has begun.
 * @returns whether one was written.
 */
export async function ensureFirstActivation(
  log: EventLog,
  writer: JournalWriter,
  bundleHash: string,
): Promise<boolean> {
  const partitions = Array.from({ length: writer.partitionCount }, (_, partition) => partition);
  const bounds = await Promise.all(partitions.map((partition) => log.bounds(Topic.JOURNAL, partition)));
  if (bounds.some(({ start }) => start > 0)) return false;
  const firsts = await Promise.all(partitions.map((partition) => firstActivationOf(log, partition)));
  if (!firsts.includes(null)) return false;
  const known = firsts.find((first) => first !== null);
  await writer.appendToAll(known ?? firstActivation(bundleHash));
  return true;
}

function firstActivation(bundleHash: string): CanonicalActivation {
  return { type: "activation", sequence: 0, bundleHash, engineVersion: ENGINE_VERSION, publishedBy: [] };
}

/** The activation that a partition begins with; null where it is empty or begins with anything else. */
export async function firstActivationOf(
  log: EventLog,
  partition: number,
): Promise<CanonicalActivation | null> {
  const reader = await log.reader(Topic.JOURNAL, partition, 0);
  try {
    const [first] = await reader.read({ recordsMax: 1, bytesMax: 1, waitMs: 0 });
    if (first === undefined) return null;
    const record = decodeJournalBody(first.value);
    // Anything else is no journal of ours; the detector says so, loudly.
    return record.type === "activation" ? record : null;
  } finally {
    await reader.close();
  }
}

export function coldStart(nowMs: number): CanonicalBootstrap {
  return {
    type: "bootstrap",
    source: "cold-start",
    occurredAt: formatInstant(nowMs),
    snapshot: null,
    records: 0,
  };
}
