/**
 * The topics in which networks send raw records (docs/design.md section 4), and what each may carry: one JSON object in
 * each message.
 *
 * - Heartbeats belong beside the card statuses they vouch for: one beside the swipes would call a feed of statuses fresh
 *   that is hours behind. One is enough, in whichever partition: it counts once every status that the topic held before
 *   it, in all partitions, is in the journal. A sender sends it only after the broker has acknowledged every status
 *   before it (`acks=all`): a status that is still on its way when its heartbeat arrives cannot be told from one that
 *   comes after it.
 * - Requests of the national platform (with an `infno`) are taken among the swipes whatever they become, elsewhere where
 *   their record type is (intake.ts).
 * - Feedback softens rules and needs a permission of its own, which a topic cannot ask for: over HTTP only.
 */

import type { OutsideType } from "./intake.js";

export interface RawTopic {
  readonly topic: string;
  /** The first is what an unreadable message is taken for. */
  readonly takes: readonly [OutsideType, ...OutsideType[]];
}

export const RAW_TOPICS = [
  { topic: "kadun.swipes.raw", takes: ["swipe"] },
  { topic: "kadun.card-status.raw", takes: ["card-status", "heartbeat"] },
  { topic: "kadun.person-facts.raw", takes: ["person-fact", "person-link"] },
] as const satisfies readonly RawTopic[];

export const RAW_GROUP_PREFIX = "kadun-ingest";

/** A group for each topic: who sends few person facts need not rebalance with who sends swipes. */
export function rawGroupId(topic: string, prefix = RAW_GROUP_PREFIX): string {
  return `${prefix}.${topic}`;
}
