/** Appeals whose day comes: missed deadlines of the office, and those that run out within some working days. */

import { sql } from "kysely";
import type { DeadlineKind } from "../../../schemas/appeal-deadlines.js";
import { APPEAL_DUE_WORKING_DAYS, type NeedItem } from "../../../schemas/http/overview.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { DeadlineTerms } from "../appeals/appeal-deadlines.js";
import { numberOf } from "../appeals/appeal-store.js";
import type { Looking } from "./waiting-cases.js";
import { type Waiting, waitingList } from "./waiting-list.js";
import { ofEachRange, withinScope } from "./within-scope.js";

/** Of a city, among which those of a county are looked for. */
const APPEALS_LOOKED_AT_MAX = 2_000;

/** Those that are missed by now, the longest first. */
export function missedAppeals(looking: Looking, terms: DeadlineTerms): Promise<Waiting> {
  return appealsDue(looking, terms, sql`office_due_at <= ${instant(looking.nowMs)}`);
}

/** Those whose day comes next. */
export function appealsSoonDue(looking: Looking, terms: DeadlineTerms): Promise<Waiting> {
  const { nowMs } = looking;
  const soonMs = terms.calendar.endOfWorkingDays(nowMs, APPEAL_DUE_WORKING_DAYS).endMs;
  return appealsDue(
    looking,
    terms,
    sql`office_due_at > ${instant(nowMs)} and office_due_at <= ${instant(soonMs)}`,
  );
}

interface DueRow {
  readonly appeal_id: string;
  readonly case_id: string;
  readonly place: number;
  readonly opened_at: Date;
  readonly changed_at: Date;
  readonly region: string;
  readonly office_due_at: Date;
  readonly office_due_kind: DeadlineKind;
}

function appealsDue(
  { tables, scope }: Looking,
  { policy }: DeadlineTerms,
  within: ReturnType<typeof sql>,
): Promise<Waiting> {
  const due = ofEachRange(
    scope,
    (
      range,
    ) => sql`select appeal_id, case_id, place, opened_at, changed_at, region, office_due_at, office_due_kind
      from appeals where ${range} and ${within}
      order by office_due_at, appeal_id limit ${sql.lit(APPEALS_LOOKED_AT_MAX)}`,
  );
  const found = sql<DueRow>`
    select * from (${due}) due where ${withinScope(scope, sql.ref("region"))}`;
  const names = new Map(policy.deadlines.map(({ kind, name }) => [kind, name]));
  const itemOf = (row: DueRow): NeedItem => ({
    id: row.appeal_id,
    caseId: row.case_id,
    what: `${numberOf(row.place, row.opened_at.getTime())} · ${names.get(row.office_due_kind)}`,
    by: null,
    severity: null,
    region: row.region,
    since: formatInstant(row.changed_at.getTime()),
    dueAt: formatInstant(row.office_due_at.getTime()),
  });
  return waitingList(tables, { found, order: sql`office_due_at, appeal_id`, itemOf });
}

function instant(ms: number) {
  return sql`${formatInstant(ms)}::timestamptz`;
}
