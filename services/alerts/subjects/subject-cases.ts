/** Cases as pages of persons and institutions list them, and as the search finds them. */

import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { SubjectCase } from "../../../schemas/http/subjects.js";
import { formatInstant } from "../../../schemas/instant.js";
import { numberOf } from "../appeals/appeal-store.js";
import { caseIdOfCode } from "../cases/case-code.js";
import { belongsTo } from "../cases/case-scope.js";
import type { AlertsTables } from "../tables.js";

/** Of one person, or of one institution with all its terminals. */
export const CASES_SHOWN_MAX = 50;
/** Alerts of one card tail: ten thousand tails share a million alerts. */
const TAIL_ALERTS_MAX = 1_000;
/** Of one card tail; the queue has the others. */
export const TAIL_CASES_SHOWN_MAX = 10;

type Tables = Kysely<AlertsTables>;

export async function casesWhere(
  tables: Tables,
  ids: readonly string[],
  scope: Scope,
): Promise<readonly SubjectCase[]> {
  const rows = await summaries(tables, scope)
    .where("cases.case_id", "=", sql<string>`any(${[...ids]}::text[])`)
    .orderBy("cases.opened_at", "desc")
    .orderBy("cases.case_id")
    .limit(CASES_SHOWN_MAX)
    .execute();
  return rows.map(caseOf);
}

export async function casesOfPerson(
  tables: Tables,
  keys: readonly string[],
  scope: Scope,
): Promise<readonly SubjectCase[]> {
  const rows = await summaries(tables, scope)
    .where("cases.person_key", "=", sql<string>`any(${[...keys]}::text[])`)
    .orderBy("cases.opened_at", "desc")
    .orderBy("cases.case_id")
    .limit(CASES_SHOWN_MAX)
    .execute();
  return rows.map(caseOf);
}

/** What the search looks up, each null where it is not within the scope. */
export class CaseLookups {
  private readonly tables: Tables;

  constructor({ dialect }: Pick<OpenDatabase, "dialect">) {
    this.tables = new Kysely<AlertsTables>({ dialect });
  }

  async ofId(caseId: string, scope: Scope): Promise<SubjectCase | null> {
    return (await casesWhere(this.tables, [caseId], scope))[0] ?? null;
  }

  async ofCode(code: string, scope: Scope): Promise<SubjectCase | null> {
    const caseId = await caseIdOfCode(this.tables, code);
    return caseId === null ? null : this.ofId(caseId, scope);
  }

  /** Those with the latest alerts on such a card: no others are looked up. */
  async ofCardTail(tail: string, scope: Scope) {
    const { rows } = await sql<SummaryRow>`
      select cases.case_id, subject_kind, subject_key, person_key, status, opened_at, last_alert_at, alert_count,
        money_at_risk_fen, strongest_action, highest_severity, region, work.state, work.assignee
      from (
        select case_id, max(occurred_at) as at from (
          select case_id, occurred_at from alerts where card_tail = ${tail}
          order by occurred_at desc limit ${sql.lit(TAIL_ALERTS_MAX)}
        ) latest group by case_id order by at desc nulls last, case_id
      ) found
      cross join lateral (select * from cases where case_id = found.case_id limit 1) cases
      left join lateral (select state, assignee from case_work where case_id = found.case_id limit 1) work on true
      where ${belongsTo(scope)}
      order by at desc nulls last, found.case_id limit ${sql.lit(TAIL_CASES_SHOWN_MAX + 1)}`.execute(
      this.tables,
    );
    const isCut = rows.length > TAIL_CASES_SHOWN_MAX;
    return { cases: rows.slice(0, TAIL_CASES_SHOWN_MAX).map(caseOf), isCut };
  }

  async idOfDecision(decisionId: string, scope: Scope): Promise<string | null> {
    const row = await this.tables
      .selectFrom("alerts")
      .innerJoin("cases", "cases.case_id", "alerts.case_id")
      .select("cases.case_id")
      .where("alerts.decision_id", "=", decisionId)
      .where(belongsTo(scope))
      .limit(1)
      .executeTakeFirst();
    return row?.case_id ?? null;
  }

  async appealOfNumber(number: string, scope: Scope) {
    const place = Number(number.slice("SS2026".length));
    const row = await this.tables
      .selectFrom("appeals")
      .innerJoin("cases", "cases.case_id", "appeals.case_id")
      .selectAll("appeals")
      .where("appeals.place", "=", place)
      .where("appeals.state", "<>", "draft")
      .where(belongsTo(scope))
      .executeTakeFirst();
    if (row === undefined || numberOf(row.place, row.opened_at.getTime()) !== number) return null;
    const { appeal_id: appealId, case_id: caseId, state, opened_at } = row;
    return { appealId, number, caseId, state, openedAt: formatInstant(opened_at.getTime()) };
  }
}

function summaries(tables: Tables, scope: Scope) {
  return tables
    .selectFrom("cases")
    .leftJoin("case_work", "case_work.case_id", "cases.case_id")
    .where(belongsTo(scope))
    .select(["cases.case_id", "cases.subject_kind", "cases.subject_key", "cases.person_key", "cases.status"])
    .select(["cases.opened_at", "cases.last_alert_at", "cases.alert_count", "cases.money_at_risk_fen"])
    .select(["cases.strongest_action", "cases.highest_severity"])
    .select(["state", "assignee", sql<string>`cases.region`.as("region")]);
}

type SummaryRow = Awaited<ReturnType<ReturnType<typeof summaries>["executeTakeFirstOrThrow"]>>;

function caseOf(row: SummaryRow): SubjectCase {
  return {
    caseId: row.case_id,
    subjectKind: row.subject_kind,
    subject: row.person_key ?? row.subject_key ?? "",
    region: row.region,
    status: row.status,
    state: row.state ?? "new",
    assignee: row.assignee,
    openedAt: formatInstant(row.opened_at.getTime()),
    lastAlertAt: row.last_alert_at && formatInstant(row.last_alert_at.getTime()),
    alerts: row.alert_count,
    moneyAtRiskFen: row.money_at_risk_fen,
    strongestAction: row.strongest_action,
    highestSeverity: row.highest_severity,
  };
}
