/** What the journal is told when it is established what a case's swipes were: by rule, for the precision of rules. */

import type { Transaction } from "kysely";
import type { CaseState } from "../../../schemas/case-transitions.js";
import { enqueueJournalRecord, recordIdOf } from "../journal-outbox/journal-outbox.js";

export interface CaseFeedback {
  readonly caseId: string;
  /** Of the change: another decision about the case is another record. */
  readonly version: number;
  readonly personKey: string;
  readonly to: CaseState;
  readonly rules: readonly string[];
  /** ISO 8601, +08:00. */
  readonly at: string;
}

/** @returns how many records were enqueued: one for each rule (there are some thirty), none of other states. */
export async function enqueueFeedback<Tables>(
  trx: Transaction<Tables>,
  { caseId, version, personKey, to, rules, at }: CaseFeedback,
): Promise<number> {
  const verdict = verdictOf(to);
  if (verdict === null) return 0;
  for (const rule of rules) {
    const recordId = recordIdOf("feedback", ["case", caseId, version, rule, verdict]);
    const body = { type: "feedback", eventId: recordId, occurredAt: at, personKey, rule, verdict };
    await enqueueJournalRecord(trx, { recordId, path: "/v1/feedback", body });
  }
  return rules.length;
}

function verdictOf(to: CaseState): "confirmed" | "honest" | null {
  if (to === "confirmed") return "confirmed";
  return to === "cleared" ? "honest" : null;
}
