/**
 * What holders say of their swipes: "mine" or "not mine".
 *
 * 1. The last word counts; every word is in the audit log.
 * 2. Once somebody has decided the case it stays as it was said.
 */

import { type Kysely, sql } from "kysely";
import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import { formatInstant } from "../../../schemas/instant.js";
import { personKeysOf } from "../person-keys.js";
import type { AlertsTables } from "../tables.js";
import type { HolderAnswer } from "./holder-swipes.js";

export interface HolderWord {
  readonly requestId: string;
  readonly personKey: string;
  readonly caseId: string;
  readonly decisionId: string;
  readonly answer: HolderAnswer;
}

export type Answered = "answered" | "unknown" | "decided-already";

/** States in which nobody has decided yet. */
const UNDECIDED = ["new", "triage", "investigating"];

/** The same request again changes nothing. */
export async function answerSwipe(
  database: Kysely<AlertsTables>,
  word: HolderWord,
  nowMs: number,
): Promise<Answered> {
  return database.transaction().execute(async (trx) => {
    const keys = await personKeysOf<AlertsTables>(trx, word.personKey);
    if (!(await isOfCase(trx, keys, word))) return "unknown";
    // Waits for whoever decides it just now.
    const { rows } = await sql<{ state: string | null }>`
      select w.state from cases c left join case_work w on w.case_id = c.case_id
      where c.case_id = ${word.caseId} for update of c`.execute(trx);
    const state = rows[0]?.state ?? "new";
    if (!UNDECIDED.includes(state)) return "decided-already";
    const said = await say(trx, keys, word, nowMs);
    if (said)
      await appendAudit(trx, formatInstant(nowMs), {
        actor: "holder",
        action: "swipe.answered",
        subject: `case:${word.caseId}`,
        detail: { decisionId: word.decisionId, answer: word.answer },
      });
    return "answered";
  });
}

async function isOfCase(
  trx: Kysely<AlertsTables>,
  keys: readonly string[],
  { caseId, decisionId }: HolderWord,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from alerts
    where case_id = ${caseId} and decision_id = ${decisionId} and person_key = any(${keys}::text[]) limit 1`.execute(
    trx,
  );
  return rows.length > 0;
}

/** @returns false where this request was heard before. */
async function say(
  trx: Kysely<AlertsTables>,
  keys: readonly string[],
  { requestId, personKey, caseId, decisionId, answer }: HolderWord,
  nowMs: number,
): Promise<boolean> {
  // A former key's word is the same person's.
  await sql`
    delete from citizen_answers
    where decision_id = ${decisionId} and person_key = any(${keys}::text[]) and person_key <> ${personKey}`.execute(
    trx,
  );
  const { numAffectedRows } = await sql`
    insert into citizen_answers (person_key, decision_id, case_id, answer, request_id, answered_at_ms)
    values (${personKey}, ${decisionId}, ${caseId}, ${answer}, ${requestId}, ${nowMs})
    on conflict (person_key, decision_id) do update
      set answer = excluded.answer, request_id = excluded.request_id, answered_at_ms = excluded.answered_at_ms
      where citizen_answers.request_id <> excluded.request_id`.execute(trx);
  return numAffectedRows === 1n;
}
