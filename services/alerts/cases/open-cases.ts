/** Cases: one open case a person; its figures follow from its alerts. */

import { type Kysely, sql, type Transaction } from "kysely";
import { insertMissing } from "../../../platform/database/insert-rows.js";
import { ACTIONS, SEVERITIES } from "../../../schemas/fields.js";
import type { AlertDraft } from "../alert.js";
import { type AlertsTables, CASE_COLUMNS, type CaseRow } from "../tables.js";

/** Of alerts whose swipe is not known there is no time: their case begins with time itself. */
const TIME_UNKNOWN = "1970-01-01T08:00:00.000+08:00";

/** Opens what is missing. @returns the open case of each person of the alerts. */
export async function openCases(
  transaction: Transaction<AlertsTables>,
  alerts: readonly AlertDraft[],
): Promise<{ readonly caseOf: ReadonlyMap<string, string>; readonly opened: number }> {
  const firsts = firstAlerts(alerts);
  const stored = await latestCases(transaction, [...firsts.keys()]);
  const caseOf = new Map<string, string>();
  const missing: CaseRow[] = [];
  for (const [personKey, first] of firsts) {
    const latest = stored.get(personKey);
    if (latest?.status === "open") {
      caseOf.set(personKey, latest.case_id);
      continue;
    }
    const row = newCase(personKey, (latest?.ordinal ?? 0) + 1, first.occurred_at ?? TIME_UNKNOWN);
    missing.push(row);
    caseOf.set(personKey, row.case_id);
  }
  return { caseOf, opened: await insertMissing(transaction, "cases", CASE_COLUMNS, missing) };
}

function firstAlerts(alerts: readonly AlertDraft[]): ReadonlyMap<string, AlertDraft> {
  const firsts = new Map<string, AlertDraft>();
  for (const alert of alerts) if (!firsts.has(alert.person_key)) firsts.set(alert.person_key, alert);
  return firsts;
}

async function latestCases(transaction: Transaction<AlertsTables>, persons: readonly string[]) {
  if (persons.length === 0) return new Map<string, never>();
  const rows = await transaction
    .selectFrom("cases")
    .distinctOn("person_key")
    .select(["person_key", "case_id", "ordinal", "status"])
    .where("person_key", "=", sql<string>`any(${persons}::text[])`)
    .orderBy("person_key")
    .orderBy("ordinal", "desc")
    .execute();
  return new Map(rows.map((row) => [row.person_key, row]));
}

function newCase(personKey: string, ordinal: number, openedAt: string): CaseRow {
  return {
    case_id: `${personKey}-${ordinal}`,
    person_key: personKey,
    ordinal,
    status: "open",
    opened_at: openedAt,
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
