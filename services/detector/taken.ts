/** What a partition made of a journal record, and how the decisions log holds it. */

import type { JournalRecord } from "../../schemas/journal.js";
import type { LoggedOutcome, Outcome } from "../../schemas/outcomes.js";
import type { Activated, ActivationRefused } from "./activation.js";
import type { RecordRefused } from "./decide.js";

/** Its outcomes, or the one answer to an activation or to a record that is refused. */
export type Taken = readonly Outcome[] | RecordRefused | Activated | ActivationRefused;

export function loggedOutcomesOf(record: JournalRecord, taken: Taken): readonly LoggedOutcome[] {
  if ("activated" in taken) return [taken.activated];
  if (!("refused" in taken)) return taken;
  const eventId = "eventId" in record ? record.eventId : null;
  const personKey = "personKey" in record ? record.personKey : null;
  const sequence = "sequence" in taken ? { sequence: taken.sequence } : {};
  return [{ type: "refused", eventId, personKey, code: taken.refused, ...sequence }];
}
