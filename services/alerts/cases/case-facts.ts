/** A case as evidence tells it: its alerts and the SMS about them, in an order that stays. */

import { Kysely } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { CaseAlert, CaseSms } from "../../../schemas/evidence/package.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";

export interface CaseFacts {
  readonly caseId: string;
  /** null where it is about an institution, a terminal, an operator …: `subjectKind` says which. */
  readonly personKey: string | null;
  readonly subjectKind: string;
  readonly openedAt: string;
  readonly alerts: readonly CaseAlert[];
  /** Of the person; none where it is not about one. */
  readonly sms: readonly CaseSms[];
}

/** @returns null where there is no such case. */
export async function readCaseFacts(
  database: Pick<OpenDatabase, "dialect">,
  caseId: string,
): Promise<CaseFacts | null> {
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  const found = await tables.selectFrom("cases").selectAll().where("case_id", "=", caseId).executeTakeFirst();
  if (found === undefined) return null;
  return {
    caseId,
    personKey: found.person_key,
    subjectKind: found.subject_kind,
    openedAt: formatInstant(found.opened_at.getTime()),
    alerts: await alertsOf(tables, caseId),
    sms: found.person_key === null ? [] : await smsOf(tables, found.person_key),
  };
}

/** Alerts of a finding have no swipe: they are the institution's and in no person's package. */
async function alertsOf(tables: Kysely<AlertsTables>, caseId: string): Promise<readonly CaseAlert[]> {
  const rows = await tables
    .selectFrom("alerts")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("event_id", "is not", null)
    .orderBy("occurred_at")
    .orderBy("alert_id")
    .execute();
  return rows.map((row) => ({
    alertId: row.alert_id,
    eventId: row.event_id!,
    occurredAt: row.occurred_at === null ? null : formatInstant(row.occurred_at.getTime()),
    action: row.action,
    severity: row.severity,
    rules: [...row.rules],
    disputed: row.disputed,
    state: row.state,
    atRiskFen: row.at_risk_fen,
  }));
}

async function smsOf(tables: Kysely<AlertsTables>, personKey: string): Promise<readonly CaseSms[]> {
  const rows = await tables
    .selectFrom("sms")
    .select(["sms_id", "template", "text", "status", "created_at"])
    .where("person_key", "=", personKey)
    // One-time codes say nothing about a case.
    .where("is_secret", "=", false)
    .orderBy("created_at")
    .orderBy("sms_id")
    .execute();
  return rows.map((row) => ({
    smsId: row.sms_id,
    situation: row.template,
    text: row.text,
    status: row.status,
    createdAt: formatInstant(row.created_at.getTime()),
  }));
}
