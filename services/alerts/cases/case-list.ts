/** Cases as a list, the latest first, page by page. */

import { Kysely } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { CaseSummary } from "../../../schemas/http/cases.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";

/** A page is some 100 kB of JSON. */
export const CASES_PAGE_MAX = 200;

export interface CasePage {
  readonly cases: readonly CaseSummary[];
  /** For the next page; null where there is none. */
  readonly after: string | null;
}

/** @param after caseId of the last page's last case; null for the first page. One that is not known begins anew. */
export async function casePage(
  database: Pick<OpenDatabase, "dialect">,
  after: string | null,
): Promise<CasePage> {
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  const mark = after === null ? undefined : await placeOf(tables, after);
  let query = tables
    .selectFrom("cases")
    .selectAll()
    .orderBy("opened_at", "desc")
    .orderBy("case_id")
    .limit(CASES_PAGE_MAX);
  if (mark !== undefined)
    query = query.where(({ eb, and, or }) =>
      or([eb("opened_at", "<", mark), and([eb("opened_at", "=", mark), eb("case_id", ">", after!)])]),
    );
  const rows = await query.execute();
  const cases = rows.map((row) => ({
    caseId: row.case_id,
    subjectKind: row.subject_kind,
    subject: row.person_key ?? row.subject_key ?? "",
    status: row.status,
    openedAt: formatInstant(row.opened_at.getTime()),
    lastAlertAt: row.last_alert_at && formatInstant(row.last_alert_at.getTime()),
    alerts: row.alert_count,
    standing: row.standing_count,
    moneyAtRiskFen: row.money_at_risk_fen,
    strongestAction: row.strongest_action,
    highestSeverity: row.highest_severity,
  }));
  return { cases, after: rows.length < CASES_PAGE_MAX ? null : rows.at(-1)!.case_id };
}

async function placeOf(tables: Kysely<AlertsTables>, caseId: string): Promise<Date | undefined> {
  const row = await tables
    .selectFrom("cases")
    .select("opened_at")
    .where("case_id", "=", caseId)
    .executeTakeFirst();
  return row?.opened_at;
}
