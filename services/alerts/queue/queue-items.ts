/** Rows of the queue with everything that stands in them: for a page of cases, whatever they hold. */

import { type Kysely, sql } from "kysely";
import type { CaseState } from "../../../schemas/case-transitions.js";
import { caseClocks } from "../../../schemas/console/sla.js";
import type { Action, Severity } from "../../../schemas/fields.js";
import type { QueueItem } from "../../../schemas/http/queue.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";
import { ALERTS_LOOKED_AT_MAX } from "./queue-conditions.js";

/** Places named in a row; the case names all. */
const PLACES_SHOWN_MAX = 5;

/** In the order of the ids, institutions without their names; a case that is gone by now is left out. @throws DatabaseError. */
export async function queueItems(
  tables: Kysely<AlertsTables>,
  caseIds: readonly string[],
  nowMs: number,
): Promise<readonly QueueItem[]> {
  if (caseIds.length === 0) return [];
  const { rows } = await itemsStatement(caseIds, nowMs).execute(tables);
  return rows.map(itemOf);
}

/** Of a case the latest alerts, and of the earliest ones when the first of them that stands happened. */
export function itemsStatement(caseIds: readonly string[], nowMs: number) {
  const looked = sql.lit(ALERTS_LOOKED_AT_MAX);
  return sql<ItemRow>`
    select c.case_id, c.subject_kind, coalesce(c.person_key, c.subject_key, '') as subject, c.region, c.highest_severity,
      c.strongest_action, c.money_at_risk_fen, c.alert_count, c.standing_count, c.opened_at, c.last_alert_at,
      coalesce(w.state, 'new') as state, w.assignee, coalesce(w.version, 0) as version,
      (select code from case_codes where case_id = c.case_id limit 1) as code, p.to_state, p.proposed_by, recent.*,
      (select min(occurred_at) from (
        select occurred_at, state from alerts where case_id = c.case_id order by occurred_at limit ${looked}
      ) earliest where earliest.state = 'standing') as first_standing_at,
      (select max(at) from case_history where case_id = c.case_id and w.case_id is not null
        and action = 'moved' and detail ->> 'from' = 'closed') as reopened_at,
      coalesce((select true from appeals where case_id = c.case_id and state not in ('withdrawn', 'closed')
        and state <> 'draft' limit 1), false) as has_open_appeal,
      coalesce((select true from sms_escalations where person_key = c.person_key and done_at is null limit 1), false)
        as is_to_be_phoned,
      coalesce((select true from citizen_answers where case_id = c.case_id and answer = 'not-mine' limit 1), false)
        as said_not_mine
    from unnest(${caseIds}::text[]) with ordinality as asked(case_id, place)
    cross join lateral (select * from cases where case_id = asked.case_id limit 1) c
    left join lateral (select * from case_work where case_id = c.case_id limit 1) w on true
    left join lateral (
      select to_state, proposed_by from case_proposals
      where case_id = c.case_id and status = 'open' and expires_at > ${formatInstant(nowMs)}::timestamptz limit 1
    ) p on true
    cross join lateral (
      select
        coalesce(jsonb_agg(rules), '[]') as rules,
        coalesce(jsonb_agg(institution_id) filter (where institution_id is not null), '[]') as institutions,
        coalesce(jsonb_agg(care_region) filter (where care_region is not null), '[]') as care_regions,
        coalesce(jsonb_agg(card_tail) filter (where card_tail is not null), '[]') as card_tails,
        coalesce(bool_or(disputed), false) as is_disputed,
        coalesce(bool_or(degraded), false) as is_degraded
      from (
        select * from (
          select * from alerts where case_id = c.case_id order by occurred_at desc limit ${looked}
        ) latest where latest.state = 'standing' or c.standing_count = 0
      ) standing
    ) recent
    order by asked.place`;
}

interface ItemRow {
  readonly case_id: string;
  readonly subject_kind: string;
  readonly subject: string;
  readonly region: string;
  readonly highest_severity: Severity;
  readonly strongest_action: Action;
  readonly money_at_risk_fen: number;
  readonly alert_count: number;
  readonly standing_count: number;
  readonly opened_at: Date;
  readonly last_alert_at: Date | null;
  readonly state: CaseState;
  readonly assignee: string | null;
  readonly version: number;
  readonly code: string | null;
  readonly to_state: CaseState | null;
  readonly proposed_by: string | null;
  /** An alert each, the latest first. */
  readonly rules: readonly (readonly string[])[];
  readonly institutions: readonly string[];
  readonly care_regions: readonly string[];
  readonly card_tails: readonly string[];
  readonly is_disputed: boolean;
  readonly is_degraded: boolean;
  readonly first_standing_at: Date | null;
  readonly reopened_at: Date | null;
  readonly has_open_appeal: boolean;
  readonly is_to_be_phoned: boolean;
  readonly said_not_mine: boolean;
}

function itemOf(row: ItemRow): QueueItem {
  const institutions = [...new Set(row.institutions)];
  const clocks = caseClocks({
    severity: row.highest_severity,
    firstStandingAtMs: row.first_standing_at?.getTime() ?? null,
    reopenedAtMs: row.reopened_at?.getTime() ?? null,
    state: row.state,
    assignee: row.assignee,
  });
  return {
    caseId: row.case_id,
    code: row.code,
    subjectKind: row.subject_kind,
    subject: row.subject,
    region: row.region,
    severity: row.highest_severity,
    action: row.strongest_action,
    rules: [...new Set(row.rules.flat())].sort(),
    moneyAtRiskFen: row.money_at_risk_fen,
    cardTails: [...new Set(row.card_tails)].slice(0, PLACES_SHOWN_MAX),
    institutions: institutions
      .slice(0, PLACES_SHOWN_MAX)
      .map((institutionId) => ({ institutionId, name: null })),
    institutionCount: institutions.length,
    careRegions: [...new Set(row.care_regions)].slice(0, PLACES_SHOWN_MAX),
    alerts: row.alert_count,
    standing: row.standing_count,
    isDisputed: row.is_disputed,
    isDegraded: row.is_degraded,
    openedAt: formatInstant(row.opened_at.getTime()),
    lastAlertAt: instantOrNull(row.last_alert_at),
    state: row.state,
    assignee: row.assignee,
    version: row.version,
    takeBy: clocks.takeByMs === null ? null : formatInstant(clocks.takeByMs),
    decideBy: clocks.decideByMs === null ? null : formatInstant(clocks.decideByMs),
    proposal:
      row.to_state === null || row.proposed_by === null
        ? null
        : { to: row.to_state, proposedBy: row.proposed_by },
    hasOpenAppeal: row.has_open_appeal,
    isToBePhoned: row.is_to_be_phoned,
    saidNotMine: row.said_not_mine,
  };
}

function instantOrNull(at: Date | null): string | null {
  return at && formatInstant(at.getTime());
}
