/** How many outcomes a journal record has, as far as its kind says it (services/detector/decide.ts). */

import type { JournalRecord } from "../../../schemas/journal.js";
import { decodeJournalBody, isBodyOfType } from "../../../schemas/log-body.js";
import type { LoggedOutcome } from "../../../schemas/outcomes.js";

/** "open": status records and merged states are followed by any number of revisions; facts have an outcome when repeated. */
export type OutcomeCount = "none" | "one" | "open";

const COUNTS = {
  swipe: "one",
  "card-status": "open",
  "person-fact": "open",
  "person-link": "one",
  "person-state": "open",
  feedback: "open",
  carried: "open",
  heartbeat: "none",
  "answer-given": "none",
  activation: "one",
  bootstrap: "none",
} as const satisfies Readonly<Record<JournalRecord["type"], OutcomeCount>>;

/** @param body of a journal record. @throws LogBodyError. */
export function outcomeCountOf(body: Uint8Array): OutcomeCount {
  const record = decodeJournalBody(body);
  return COUNTS[record.type === "carried" ? record.record.type : record.type];
}

/** Types that never go without one. Activations do in journals from before partitions answered them. */
const ANSWERED = ["swipe", "card-status", "person-link", "person-state", "carried"] as const;

const CARRIED_ANSWERED: ReadonlySet<string> = new Set(["swipe", "card-status", "person-link"]);

/** @param body of a journal record, looked at where it has no outcome. */
export function mustBeAnswered(body: Uint8Array): boolean {
  if (!ANSWERED.some((type) => isBodyOfType(body, type))) return false;
  const record = decodeJournalBody(body);
  return record.type !== "carried" || CARRIED_ANSWERED.has(record.record.type);
}

/** Does nothing follow this outcome of a record, whatever the record's kind? @param json of the first. */
export function isAlone(json: string): boolean {
  const outcome = JSON.parse(json) as LoggedOutcome;
  const { type } = outcome;
  return (
    type === "refused" ||
    type === "duplicate" ||
    type === "forwarded" ||
    (type === "transition" && !outcome.applied)
  );
}
