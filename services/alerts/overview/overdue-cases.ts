/** Cases of a person that are past their day (schemas/console/sla.ts). */

import { sql } from "kysely";
import type { CaseState } from "../../../schemas/case-transitions.js";
import { caseClocks } from "../../../schemas/console/sla.js";
import type { Severity } from "../../../schemas/fields.js";
import { NEED_COUNT_MAX, NEED_ITEMS_MAX, type NeedItem } from "../../../schemas/http/overview.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { Looking } from "./waiting-cases.js";
import type { Waiting } from "./waiting-list.js";
import { withinScope } from "./within-scope.js";

/** Nobody works on more at a time; of those who do, the ones that rest longest. */
export const OWN_CASES_MAX = 300;
/** Of whatever regions: who was given others keeps what he had. */
export const OWN_LOOKED_AT_MAX = 1_000;

/** The longest overdue first. */
export async function overdueCases(looking: Looking): Promise<Waiting> {
  const { nowMs } = looking;
  const overdue = (await ownCases(looking))
    .flatMap((row) => {
      const { decideByMs } = caseClocks({
        severity: row.severity,
        firstStandingAtMs: row.first_standing_at?.getTime() ?? null,
        reopenedAtMs: row.reopened_at?.getTime() ?? null,
        state: row.state,
        assignee: looking.name,
      });
      return decideByMs === null || decideByMs > nowMs ? [] : [{ row, dueMs: decideByMs }];
    })
    .sort((a, b) => a.dueMs - b.dueMs);
  return {
    items: overdue.slice(0, NEED_ITEMS_MAX).map(itemOf),
    count: Math.min(overdue.length, NEED_COUNT_MAX + 1),
  };
}

function itemOf({ row, dueMs }: { readonly row: OwnCaseRow; readonly dueMs: number }): NeedItem {
  return {
    id: row.case_id,
    caseId: row.case_id,
    what: row.state,
    by: null,
    severity: row.severity,
    region: row.region,
    since: formatInstant(row.changed_at.getTime()),
    dueAt: formatInstant(dueMs),
  };
}

interface OwnCaseRow {
  readonly case_id: string;
  readonly state: CaseState;
  readonly changed_at: Date;
  readonly region: string;
  readonly severity: Severity;
  readonly first_standing_at: Date | null;
  readonly reopened_at: Date | null;
}

async function ownCases({ tables, name, scope }: Looking): Promise<readonly OwnCaseRow[]> {
  const { rows } = await sql<OwnCaseRow>`
    select w.case_id, w.state, w.changed_at, c.region, c.highest_severity as severity,
      (select occurred_at from alerts where case_id = w.case_id and state = 'standing'
        order by occurred_at limit 1) as first_standing_at,
      (select at from case_history where case_id = w.case_id and detail->>'from' = 'closed'
        order by version desc limit 1) as reopened_at
    from (
      select case_id, state, changed_at from case_work
      where assignee = ${name} and state in ('new', 'triage', 'investigating')
      order by changed_at limit ${sql.lit(OWN_LOOKED_AT_MAX)}
    ) w
    cross join lateral (select region, highest_severity from cases where case_id = w.case_id limit 1) c
    where ${withinScope(scope, sql.ref("c.region"))}
    order by w.changed_at
    limit ${OWN_CASES_MAX}`.execute(tables);
  return rows;
}
