/** The sum over the bodies of a decisions log, to be compared with what a backtest says of its draft. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { jsonOfBody } from "../../schemas/log-body.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import { addSums, BodyDigest, type BodySum, NO_BODIES } from "./body-digest.js";

const PAGE = { recordsMax: 2_000, bytesMax: 8 << 20, waitMs: 5_000 } as const;
/** Answers to activations are about no person. */
const ABOUT_NOBODY = [/^\{"type":"activated"/, /^\{"type":"refused","eventId":null,"personKey":null/];

/** Repeats, which consumers drop by position, count once. @throws EventLogError, LogBodyError. */
export async function loggedBodies(log: EventLog): Promise<BodySum> {
  let total = NO_BODIES;
  const count = await log.partitionCount(Topic.DECISIONS);
  for (let partition = 0; partition < count; partition++)
    total = addSums(total, await partitionBodies(log, partition));
  return total;
}

async function partitionBodies(log: EventLog, partition: number): Promise<BodySum> {
  const digest = new BodyDigest();
  const { start, end } = await log.bounds(Topic.DECISIONS, partition);
  const reader = await log.reader(Topic.DECISIONS, partition, start);
  let highest: OutcomePosition | null = null;
  try {
    while (reader.position < end) {
      const page = await reader.read({
        ...PAGE,
        recordsMax: Math.min(PAGE.recordsMax, end - reader.position),
      });
      for (const { header, value } of page) {
        const position = decodePosition(header);
        if (!isAbove(position, highest)) continue;
        highest = position;
        const body = jsonOfBody(value);
        if (ABOUT_NOBODY.some((pattern) => pattern.test(body))) continue;
        digest.add({ partition, offset: position.journalOffset }, position.sequence, body);
      }
    }
  } finally {
    await reader.close();
  }
  return digest.result();
}
