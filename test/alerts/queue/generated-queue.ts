/** As many cases as a test wants, made in the database: spread over 300 cities of 30 provinces, an alert or two each. */

import { type Kysely, type RawBuilder, sql } from "kysely";
import { EXPLAIN, rowsOfPlan } from "../../../bench/console/alerts/plan-rows.js";
import type { AlertsTables } from "../../../services/alerts/tables.js";

/** The n-th case: each city has every severity; one in 23 is critical, one in nine closed, one in 101 somebody's. */
export async function generateQueue(
  tables: Kysely<AlertsTables>,
  { from, cases }: { readonly from: number; readonly cases: number },
): Promise<void> {
  const [first, last] = [sql.lit(from), sql.lit(from + cases - 1)];
  await sql`
    insert into cases (case_id, person_key, ordinal, status, opened_at, last_alert_at, alert_count, standing_count,
      money_at_risk_fen, strongest_action, highest_severity, region)
    select lpad(to_hex(n), 32, '0') || '-1', lpad(to_hex(n), 32, '0'), 1, case when n % 9 = 0 then 'closed' else 'open' end,
      timestamptz '2026-03-01T00:00:00+08:00' + n * interval '7 seconds',
      timestamptz '2026-03-01T01:00:00+08:00' + n * interval '7 seconds', 1, 1, (n * 7919) % 500000,
      (array['review', 'challenge', 'reject'])[1 + n % 3],
      case when n % 23 = 7 then 'critical' else (array['high', 'medium', 'low'])[1 + (n / 300) % 3] end,
      (11 + (n % 300) / 10)::text || '0' || (1 + n % 9)::text || '00'
    from generate_series(${first}::integer, ${last}::integer) n`.execute(tables);
  await sql`
    insert into alerts (alert_id, case_id, person_key, decision_id, ordinal, event_id, care_region, institution_id, occurred_at,
      card_tail, action, severity, rules, disputed, degraded, state)
    select 'd-' || n, lpad(to_hex(n), 32, '0') || '-1', lpad(to_hex(n), 32, '0'), 'd-' || n, 0, 'e-' || n, '330106',
      'P' || (n % 5000), timestamptz '2026-03-01T01:00:00+08:00' + n * interval '7 seconds', lpad((n % 10000)::text, 4, '0'),
      'reject', 'high', jsonb_build_array('R' || lpad((1 + n % 21)::text, 2, '0')), n % 50 = 0, false, 'standing'
    from generate_series(${first}::integer, ${last}::integer) n`.execute(tables);
  await sql`
    insert into case_work (case_id, state, version, assignee, changed_at)
    select lpad(to_hex(n), 32, '0') || '-1', case when n % 9 = 0 then 'closed' else 'triage' end, 1,
      (array['lin', 'wang', 'zhao'])[1 + n % 3], now()
    from generate_series(${first}::integer, ${last}::integer) n where n % 101 = 1 or n % 9 = 0`.execute(
    tables,
  );
  // As autovacuum does.
  for (const table of ["cases", "alerts", "case_work"])
    await sql`analyze ${sql.table(table)}`.execute(tables);
}

/** Rows that the engine took out of tables and indexes, by its own count. */
export async function rowsRead(
  tables: Kysely<AlertsTables>,
  statement: RawBuilder<unknown>,
): Promise<number> {
  const { rows } = await sql`${sql.raw(EXPLAIN)} ${statement}`.execute(tables);
  return rowsOfPlan(rows);
}
