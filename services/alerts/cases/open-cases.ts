/** Cases: at most one open case a person; its figures follow from its alerts. */

import { type Kysely, sql, type Transaction } from "kysely";
import { insertMissing } from "../../../platform/database/insert-rows.js";
import { ACTIONS, SEVERITIES } from "../../../schemas/fields.js";
import type { OutcomePosition } from "../../../schemas/topics.js";
import type { AlertDraft } from "../alert.js";
import { type AlertsTables, CASE_COLUMNS, type CaseRow } from "../tables.js";
import { caseAt, closingsOf } from "./closings.js";

/** Of alerts whose swipe is not known there is no time: their case begins with time itself. */
const TIME_UNKNOWN = "1970-01-01T08:00:00.000+08:00";

/** Opens what is missing. @returns the case of each alert: the person's open one, or the closed one that ends behind it. */
export async function openCases(
  transaction: Transaction<AlertsTables>,
  alerts: readonly PlacedAlert[],
): Promise<{ readonly caseOf: ReadonlyMap<string, string>; readonly opened: number }> {
  const closings = await closingsOf(transaction, [...new Set(alerts.map(({ alert }) => alert.person_key))]);
  const caseOf = new Map<string, string>();
  const rows = new Map<string, CaseRow>();
  for (const { alert, position, insuredRegion } of alerts) {
    const { ordinal, status } = caseAt(closings.get(alert.person_key) ?? [], position);
    const row = caseRow(alert, { ordinal, status, region: insuredRegion });
    caseOf.set(alert.alert_id, row.case_id);
    if (!rows.has(row.case_id)) rows.set(row.case_id, row);
  }
  const opened = await insertMissing(transaction, "cases", CASE_COLUMNS, [...rows.values()]);
  if (opened > 0) await moveCalls(transaction, [...rows.values()]);
  return { caseOf, opened };
}

/** Persons who are to be phoned are so by the region of their latest case. */
async function moveCalls(
  transaction: Transaction<AlertsTables>,
  opened: readonly { readonly person_key: string }[],
): Promise<void> {
  await sql`
    update sms_escalations e set region = latest.region
    from unnest(${[...new Set(opened.map(({ person_key }) => person_key))]}::text[]) as one(person_key)
    cross join lateral (
      select region from cases where person_key = one.person_key order by ordinal desc limit 1
    ) latest
    where e.person_key = one.person_key and e.done_at is null and e.region <> latest.region`.execute(
    transaction,
  );
}

/** With the place in the journal of what caused it. */
export interface PlacedAlert {
  readonly alert: AlertDraft;
  readonly position: OutcomePosition;
  /** Of its swipe; '' where that is not known. */
  readonly insuredRegion: string;
}

function caseRow(
  first: AlertDraft,
  { ordinal, status, region }: Pick<CaseRow, "ordinal" | "status" | "region">,
): CaseRow {
  return {
    case_id: `${first.person_key}-${ordinal}`,
    person_key: first.person_key,
    ordinal,
    status,
    opened_at: first.occurred_at ?? TIME_UNKNOWN,
    region,
  };
}

/** More than a number holds is no sum of money. */
const SUM_FEN_MAX = Number.MAX_SAFE_INTEGER;

/**
 * Counts anew from the alerts: so that applying a batch again changes nothing. An authorize and its settle are one
 * purchase: the money of the settle counts.
 */
export async function recount(database: Kysely<AlertsTables>, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return;
  await sql`
    update cases set
      alert_count = counted.alerts,
      standing_count = counted.standing,
      money_at_risk_fen = counted.money,
      last_alert_at = counted.last_at,
      strongest_action = (${sql.val(ACTIONS)}::text[])[counted.action_rank],
      highest_severity = (${sql.val(SEVERITIES)}::text[])[counted.severity_rank]
    from (
      select
        case_id,
        count(*)::integer as alerts,
        (count(*) filter (where state = 'standing'))::integer as standing,
        least(coalesce(sum(at_risk_fen) filter (where state = 'standing' and not settled), 0), ${SUM_FEN_MAX}::bigint)::bigint as money,
        max(occurred_at) as last_at,
        coalesce(max(array_position(${sql.val(ACTIONS)}::text[], action)) filter (where state = 'standing'), 1) as action_rank,
        coalesce(max(array_position(${sql.val(SEVERITIES)}::text[], severity)) filter (where state = 'standing'), 1) as severity_rank
      from (
        select a.*, a.kind = 'authorize' and exists (
          select 1 from alerts s
          where s.case_id = a.case_id and s.kind = 'settle' and s.state = 'standing'
            and s.original_event_id = a.event_id
        ) as settled
        from alerts a where a.case_id = any(${caseIds}::text[])
      ) marked
      group by case_id
    ) counted
    where cases.case_id = counted.case_id`.execute(database);
}
