/** What a partition made of a journal record, and how the decisions log holds it. */

import type { JournalRecord } from "../../schemas/journal.js";
import type { LoggedOutcome, Outcome } from "../../schemas/outcomes.js";
import type { Activated, ActivationRefused } from "./activation.js";
import type { Decided, RecordRefused } from "./decide.js";
import type { SwipeSource } from "./swipe.js";

/** Its outcomes, or the one answer to an activation or to a record that is refused. */
export type Taken = readonly Outcome[] | RecordRefused | Activated | ActivationRefused;

/** The same of a swipe; its decision is not written yet. */
export type SwipeTaken = readonly Outcome[] | RecordRefused | Decided;

export function loggedOutcomesOf(
  record: JournalRecord | SwipeSource,
  taken: Taken,
): readonly LoggedOutcome[] {
  if ("activated" in taken) return [taken.activated];
  if (!("refused" in taken)) return taken;
  const eventId = "eventId" in record ? record.eventId : null;
  const personKey = "personKey" in record ? record.personKey : null;
  const sequence = "sequence" in taken ? { sequence: taken.sequence } : {};
  return [{ type: "refused", eventId, personKey, code: taken.refused, ...sequence }];
}
