/** What of a filter is no order of an index: looked at row by row. */

import { type RawBuilder, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import { type AskedFilter, OPEN_STATES } from "../../../schemas/console/queue-filter.js";
import { formatInstant } from "../../../schemas/instant.js";
import { belongsTo } from "../cases/case-scope.js";

/** A case of more alerts is known by its latest ones. Bounds what a row can cost. */
export const ALERTS_LOOKED_AT_MAX = 100;

/** By this the queue is ordered, as its indexes say it. */
export const LATEST = sql<Date>`coalesce(last_alert_at, opened_at)`;

/** Row by row, by its key: joined as tables, PostgreSQL might read all of the one for a page of the other. So elsewhere here. */
export const WORK_OF_CASE = sql`
  left join lateral (select state, assignee from case_work where case_id = cases.case_id limit 1) work on true`;

/** Of a row `cases` with its `work` (case_work, or nulls). */
export function matches(filter: AskedFilter, scope: Scope): RawBuilder<boolean> {
  const all = [
    belongsTo(scope),
    ...workConditions(filter),
    ...caseConditions(filter),
    ...alertConditions(filter),
  ];
  return sql<boolean>`(${sql.join(all, sql` and `)})`;
}

function workConditions({ states, assignee }: AskedFilter): readonly RawBuilder<unknown>[] {
  const isAny = OPEN_STATES.every((state) => states.includes(state));
  return [
    ...(isAny ? [] : [sql`coalesce(work.state, 'new') = any(${states}::text[])`]),
    ...(assignee.kind === "nobody" ? [sql`work.assignee is null`] : []),
    ...(assignee.kind === "person" ? [sql`work.assignee = ${assignee.name}`] : []),
  ];
}

function caseConditions(filter: AskedFilter): readonly RawBuilder<unknown>[] {
  const { actions, moneyFenMin, openedSinceMs } = filter;
  return [
    ...(actions.length === 0 ? [] : [sql`cases.strongest_action = any(${actions}::text[])`]),
    ...(moneyFenMin === 0 ? [] : [sql`cases.money_at_risk_fen >= ${moneyFenMin}::bigint`]),
    ...(openedSinceMs === null ? [] : [sql`cases.opened_at >= ${formatInstant(openedSinceMs)}::timestamptz`]),
  ];
}

function alertConditions(filter: AskedFilter): readonly RawBuilder<unknown>[] {
  const { rules, institution, isDisputed, isDegraded, text } = filter;
  return [
    ...(rules.length === 0 ? [] : [sql`recent.rules ?| ${rules}::text[]`]),
    ...(institution === null ? [] : [sql`recent.institution_id = ${institution}`]),
    ...(text?.kind === "card-tail" ? [sql`recent.card_tail = ${text.cardTail}`] : []),
    ...(isDisputed ? [sql`recent.disputed`] : []),
    ...(isDegraded ? [sql`recent.degraded`] : []),
  ].map(
    (condition) => sql`exists (
      select 1 from (
        select state, rules, institution_id, card_tail, disputed, degraded from alerts
        where alerts.case_id = cases.case_id
        order by occurred_at desc limit ${sql.lit(ALERTS_LOOKED_AT_MAX)}
      ) recent where recent.state = 'standing' and ${condition})`,
  );
}
