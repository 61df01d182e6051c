/** Cases as a list, the latest opened first, page by page, with where the work stands. */

import { Kysely, type RawBuilder, sql } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { CaseState } from "../../../schemas/case-transitions.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { Action, Severity } from "../../../schemas/fields.js";
import type { CaseSummary } from "../../../schemas/http/cases.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";
import { belongsTo } from "./case-scope.js";

/** A page is some 100 kB of JSON. */
export const CASES_PAGE_MAX = 200;
/** For one page, some 10 ms; where few of them are asked for, a page holds what there was and says from where it goes on. */
export const CASES_LOOKED_AT_MAX = 2_000;

export interface CasePage {
  readonly cases: readonly CaseSummary[];
  /** For the next page; null where there is none. */
  readonly after: string | null;
}

export interface CasePageAsked {
  /** As the last page said, a caseId; null for the first page. One that is not known begins anew. */
  readonly after: string | null;
  readonly state?: CaseState | null;
  readonly assignee?: string | null;
  readonly scope: Scope;
}

export async function casePage(
  database: Pick<OpenDatabase, "dialect">,
  { after, scope, state = null, assignee = null }: CasePageAsked,
): Promise<CasePage> {
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  const looked = lookedAt(after, after === null ? undefined : await placeOf(tables, after));
  const conditions = [
    belongsTo(scope),
    ...(state === null ? [] : [sql`coalesce(work.state, 'new') = ${state}`]),
    ...(assignee === null ? [] : [sql`work.assignee = ${assignee}`]),
  ];
  const { rows } = await sql<SummaryRow>`
    ${summariesOf(looked)} where ${sql.join(conditions, sql` and `)}
    order by cases.opened_at desc, cases.case_id limit ${sql.lit(CASES_PAGE_MAX)}`.execute(tables);
  const end = rows.length === CASES_PAGE_MAX ? rows.at(-1)!.case_id : await endOf(tables, looked);
  return { cases: rows.map(summaryOf), after: end };
}

/** @returns null where there is none. */
export async function caseSummary(
  tables: Kysely<AlertsTables>,
  caseId: string,
  scope: Scope,
): Promise<CaseSummary | null> {
  const one = sql`select * from cases where case_id = ${caseId}`;
  const { rows } = await sql<SummaryRow>`${summariesOf(one)} where ${belongsTo(scope)}`.execute(tables);
  return rows[0] === undefined ? null : summaryOf(rows[0]);
}

/** In the order of their index, which ends at the page or at the look's end. */
function lookedAt(after: string | null, mark: Date | undefined): RawBuilder<unknown> {
  const behind =
    mark === undefined
      ? sql`true`
      : sql`opened_at <= ${mark}::timestamptz and (opened_at < ${mark}::timestamptz or case_id > ${after})`;
  return sql`select * from cases where ${behind} order by opened_at desc, case_id limit ${sql.lit(CASES_LOOKED_AT_MAX)}`;
}

/** @returns the last one looked at; null where there were none left. */
async function endOf(tables: Kysely<AlertsTables>, looked: RawBuilder<unknown>): Promise<string | null> {
  const { rows } = await sql<{ case_id: string }>`
    select case_id from (${looked}) cases order by opened_at desc, case_id
    offset ${sql.lit(CASES_LOOKED_AT_MAX - 1)} limit 1`.execute(tables);
  return rows[0]?.case_id ?? null;
}

/** Row by row, by its key: joined as tables, PostgreSQL might read all of the one for a page of the other. */
function summariesOf(cases: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select cases.*, work.state, work.assignee, work.version from (${cases}) cases
    left join lateral (select state, assignee, version from case_work where case_id = cases.case_id limit 1) work on true`;
}

interface SummaryRow {
  readonly case_id: string;
  readonly person_key: string | null;
  readonly subject_kind: string;
  readonly subject_key: string | null;
  readonly status: "open" | "closed";
  readonly opened_at: Date;
  readonly region: string;
  readonly last_alert_at: Date | null;
  readonly alert_count: number;
  readonly standing_count: number;
  readonly money_at_risk_fen: number;
  readonly strongest_action: Action;
  readonly highest_severity: Severity;
  /** Of its work; null where nobody has touched it. */
  readonly state: CaseState | null;
  readonly assignee: string | null;
  readonly version: number | null;
}

function summaryOf(row: SummaryRow): CaseSummary {
  return {
    caseId: row.case_id,
    subjectKind: row.subject_kind,
    subject: row.person_key ?? row.subject_key ?? "",
    status: row.status,
    state: row.state ?? "new",
    assignee: row.assignee,
    version: row.version ?? 0,
    region: row.region,
    openedAt: formatInstant(row.opened_at.getTime()),
    lastAlertAt: row.last_alert_at && formatInstant(row.last_alert_at.getTime()),
    alerts: row.alert_count,
    standing: row.standing_count,
    moneyAtRiskFen: row.money_at_risk_fen,
    strongestAction: row.strongest_action,
    highestSeverity: row.highest_severity,
  };
}

async function placeOf(tables: Kysely<AlertsTables>, caseId: string): Promise<Date | undefined> {
  const row = await tables
    .selectFrom("cases")
    .select("opened_at")
    .where("case_id", "=", caseId)
    .executeTakeFirst();
  return row?.opened_at;
}
