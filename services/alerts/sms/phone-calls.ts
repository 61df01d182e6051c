/**
 * Tasks to phone somebody whom no SMS reaches, from being asked for (sms-marks.ts) to being done. A person has one open at
 * most, whichever of the person's cases it is looked at from.
 */

import type { Kysely, Transaction } from "kysely";
import type { CallOutcome } from "../../../schemas/case-command.js";
import type { AlertsTables } from "../tables.js";

export interface OpenCall {
  readonly id: string;
  /** Since when the person is to be phoned. */
  readonly since: Date;
}

/** @returns null where nobody has to phone the person. */
export async function openCallOf(tables: Kysely<AlertsTables>, personKey: string): Promise<OpenCall | null> {
  const row = await tables
    .selectFrom("sms_escalations")
    .select(["escalation_id", "created_at"])
    .where("person_key", "=", personKey)
    .where("done_at", "is", null)
    .executeTakeFirst();
  return row === undefined ? null : { id: row.escalation_id, since: row.created_at };
}

export interface FinishedCall {
  /** Open, as was read in this transaction, which has locked the place of its person in the decisions. */
  readonly callId: string;
  readonly outcome: CallOutcome;
  readonly by: string;
  readonly at: string;
}

/** Done either way: later SMS that fail make the next task. */
export async function finishCall(
  trx: Transaction<AlertsTables>,
  { callId, outcome, by, at }: FinishedCall,
): Promise<void> {
  await trx
    .updateTable("sms_escalations")
    .set({ done_at: at, done_by: by, outcome })
    .where("escalation_id", "=", callId)
    .execute();
}
