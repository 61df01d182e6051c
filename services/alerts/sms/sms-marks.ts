/**
 * Moves rows of the ledger from status to status, as the table in sms-state.ts allows; what it does not allow changes
 * nothing, so that a mark may come twice, late, or after another's.
 *
 * 1. With a row that is settled its secret goes, in the same statement.
 * 2. Who was not reached by two SMS within a day gets a task for a phone call, in the same transaction, one at a time.
 */

import { type Kysely, sql } from "kysely";
import { SMS_SETTLED, type SmsReason, type SmsStatus, sourcesOf } from "./sms-state.js";
import type { SmsTables } from "./sms-tables.js";

export interface Mark {
  readonly smsId: string;
  readonly to: SmsStatus;
  readonly reason?: SmsReason | null;
  readonly providerId?: string | null;
  readonly providerCode?: string | null;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Of queued ones: not to be handed over earlier. */
  readonly notBeforeMs?: number | null;
  /** When the operator is asked; null: not at all. */
  readonly checkAtMs?: number | null;
}

export interface Marked {
  readonly smsId: string;
  readonly status: SmsStatus;
}

/** What stands in place of a secret. */
export const WIPED_TEXT = "验证码短信，内容不保留";
/** A phone that takes nothing twice within a day is not reached by a third. */
const UNDELIVERED_FOR_CALL = 2;
const UNDELIVERED_WITHIN_MS = 86_400_000;

/** @returns the rows that changed. */
export async function applyMarks(
  database: Kysely<SmsTables>,
  marks: readonly Mark[],
): Promise<readonly Marked[]> {
  if (marks.length === 0) return [];
  if (!marks.some(({ to }) => to === "failed")) return (await mark(database, marks)).map(markedOf);
  return database.transaction().execute(async (trx) => {
    const rows = await mark(trx, marks);
    const persons = rows.flatMap(({ status, person_key }) => (status === "failed" ? [person_key] : []));
    await askForCalls(trx, persons, Math.max(...marks.map(({ atMs }) => atMs)));
    return rows.map(markedOf);
  });
}

interface MarkedRow {
  readonly sms_id: string;
  readonly person_key: string;
  readonly status: SmsStatus;
}

function markedOf({ sms_id, status }: MarkedRow): Marked {
  return { smsId: sms_id, status };
}

async function mark(database: Kysely<SmsTables>, marks: readonly Mark[]): Promise<readonly MarkedRow[]> {
  const { rows } = await sql<MarkedRow>`
    update sms set
      status = given.status,
      reason = given.reason,
      provider_id = coalesce(given.provider_id, sms.provider_id),
      provider_code = coalesce(given.provider_code, sms.provider_code),
      sent_at = case when given.status in ('sent', 'delivered') then coalesce(sms.sent_at, given.at) else sms.sent_at end,
      settled_at = case when given.is_settled then given.at else null end,
      not_before = given.not_before,
      check_at = given.check_at,
      text = case when sms.is_secret and given.is_settled then ${WIPED_TEXT} else sms.text end,
      "values" = case when sms.is_secret and given.is_settled then null else sms.values end
    from json_to_recordset(${JSON.stringify(marks.map(givenOf))}::text::json)
      as given(sms_id text, status text, sources json, reason text, provider_id text, provider_code text,
        at timestamptz, is_settled boolean, not_before timestamptz, check_at timestamptz)
    where sms.sms_id = given.sms_id and given.sources::jsonb ? sms.status
    returning sms.sms_id, sms.person_key, sms.status`.execute(database);
  return rows;
}

function givenOf({ smsId, to, reason, providerId, providerCode, atMs, notBeforeMs, checkAtMs }: Mark) {
  return {
    sms_id: smsId,
    status: to,
    sources: sourcesOf(to),
    reason: reason ?? null,
    provider_id: providerId ?? null,
    provider_code: providerCode ?? null,
    at: isoOf(atMs),
    is_settled: SMS_SETTLED.includes(to),
    not_before: isoOf(notBeforeMs),
    check_at: isoOf(checkAtMs),
  };
}

export function isoOf(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}

/** What is before a person's last task was answered by that. */
async function askForCalls(trx: Kysely<SmsTables>, persons: readonly string[], nowMs: number): Promise<void> {
  if (persons.length === 0) return;
  await sql`
    insert into sms_escalations (escalation_id, person_key, kind, sms_id, created_at, region)
    select 'phone-call-' || max(s.sms_id), s.person_key, 'phone-call', max(s.sms_id), ${isoOf(nowMs)}::timestamptz,
      coalesce((select region from cases where person_key = s.person_key order by ordinal desc limit 1), '')
    from sms s
    where s.person_key = any(${persons}::text[]) and s.status = 'failed' and not s.is_secret
      and s.settled_at > greatest(
        ${isoOf(nowMs - UNDELIVERED_WITHIN_MS)}::timestamptz,
        (select max(e.created_at) from sms_escalations e where e.person_key = s.person_key))
    group by s.person_key
    having count(*) >= ${UNDELIVERED_FOR_CALL}
    on conflict do nothing`.execute(trx);
}
