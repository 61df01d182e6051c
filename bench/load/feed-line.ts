/** A raw line as the feeder takes it. */

import type { FeedLine } from "./feeder.js";

/** Of the settles, one in so many asks for its answer in the same call; the others come as a network's stream. */
const SETTLES_PER_ANSWER = 100;

interface RawHead {
  readonly type: FeedLine["type"];
  readonly personId: string;
  readonly eventId: string;
  readonly kind?: string;
}

/** @param json a line of our own city: trusted. */
export function feedLineOf(json: string): FeedLine {
  const { type, personId, eventId, kind } = JSON.parse(json) as RawHead;
  const isAsked = kind === "authorize" || (kind === "settle" && isSampled(eventId));
  return { type, personId, json, wantsAnswer: isAsked };
}

/** By the running number at the end of the event's id, so that a run can be repeated. */
function isSampled(eventId: string): boolean {
  return Number(eventId.slice(-6)) % SETTLES_PER_ANSWER === 0;
}
