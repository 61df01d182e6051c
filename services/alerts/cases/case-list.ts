/** Cases as a list, the latest first, page by page, with where the work stands. */

import { Kysely } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { CaseState } from "../../../schemas/case-transitions.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { CaseSummary } from "../../../schemas/http/cases.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";
import { belongsTo } from "./case-scope.js";

/** A page is some 100 kB of JSON. */
export const CASES_PAGE_MAX = 200;

export interface CasePage {
  readonly cases: readonly CaseSummary[];
  /** For the next page; null where there is none. */
  readonly after: string | null;
}

export interface CasePageAsked {
  /** caseId of the last page's last case; null for the first page. One that is not known begins anew. */
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
  const mark = after === null ? undefined : await placeOf(tables, after);
  let query = summaries(tables, scope)
    .orderBy("opened_at", "desc")
    .orderBy("cases.case_id")
    .limit(CASES_PAGE_MAX);
  if (mark !== undefined)
    query = query.where(({ eb, and, or }) =>
      or([eb("opened_at", "<", mark), and([eb("opened_at", "=", mark), eb("cases.case_id", ">", after!)])]),
    );
  if (state === "new")
    query = query.where(({ eb, or }) => or([eb("state", "is", null), eb("state", "=", "new")]));
  else if (state !== null) query = query.where("state", "=", state);
  if (assignee !== null) query = query.where("assignee", "=", assignee);
  const rows = await query.execute();
  return { cases: rows.map(summaryOf), after: rows.length < CASES_PAGE_MAX ? null : rows.at(-1)!.case_id };
}

/** @returns null where there is none. */
export async function caseSummary(
  tables: Kysely<AlertsTables>,
  caseId: string,
  scope: Scope,
): Promise<CaseSummary | null> {
  const row = await summaries(tables, scope).where("cases.case_id", "=", caseId).executeTakeFirst();
  return row === undefined ? null : summaryOf(row);
}

function summaries(tables: Kysely<AlertsTables>, scope: Scope) {
  return tables
    .selectFrom("cases")
    .leftJoin("case_work", "case_work.case_id", "cases.case_id")
    .where(belongsTo(scope))
    .selectAll("cases")
    .select(["state", "assignee", "version"]);
}

type SummaryRow = Awaited<ReturnType<ReturnType<typeof summaries>["executeTakeFirstOrThrow"]>>;

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
