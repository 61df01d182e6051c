/** A case as it stands, read in the transaction that changes it; its row is locked by then. */

import { sql, type Transaction } from "kysely";
import { ruleId } from "../../../schemas/fields.js";
import { openCallOf } from "../sms/phone-calls.js";
import type { AlertsTables } from "../tables.js";
import type { CaseStanding, OpenProposal } from "./case-change.js";
import type { ClosableCase } from "./closings.js";

type Trx = Transaction<AlertsTables>;

export interface StoredCase {
  readonly found: Omit<ClosableCase, "partition">;
  readonly region: string;
  /** 0 where nobody has done anything. */
  readonly version: number;
  readonly standing: CaseStanding;
}

/** Waits for whoever changes the case. @returns null where there is none. */
export async function lockedCase(
  trx: Trx,
  caseId: string,
  openAppealOf: (trx: Trx, caseId: string) => Promise<string | null>,
): Promise<StoredCase | null> {
  const row = await trx
    .selectFrom("cases")
    .selectAll()
    .where("case_id", "=", caseId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return null;
  const work = await trx.selectFrom("case_work").selectAll().where("case_id", "=", caseId).executeTakeFirst();
  const found = {
    caseId,
    subjectKind: row.subject_kind,
    subjectKey: row.person_key ?? row.subject_key ?? "",
    ordinal: row.ordinal,
  };
  return {
    found,
    region: row.region,
    version: work?.version ?? 0,
    standing: {
      state: work?.state ?? "new",
      assignee: work?.assignee ?? null,
      alerts: row.alert_count,
      moneyAtRiskFen: row.money_at_risk_fen,
      rules: row.subject_kind === "person" ? await rulesOf(trx, caseId) : [],
      proposal: await openProposal(trx, caseId),
      ...(await notesOf(trx, caseId)),
      isLatest: await isLatest(trx, found),
      openAppealId: await openAppealOf(trx, caseId),
      openCallId:
        row.subject_kind === "person" ? ((await openCallOf(trx, found.subjectKey))?.id ?? null) : null,
    },
  };
}

/** Of standing alerts, in order; what patrols are named by is no rule of a person's. */
async function rulesOf(trx: Trx, caseId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ rule: string }>`
    select distinct jsonb_array_elements_text(rules) as rule from alerts
    where case_id = ${caseId} and state = 'standing' order by rule`.execute(trx);
  return rows.map(({ rule }) => rule).filter((rule) => ruleId.safeParse(rule).success);
}

async function openProposal(trx: Trx, caseId: string): Promise<OpenProposal | null> {
  const row = await trx
    .selectFrom("case_proposals")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("status", "=", "open")
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    proposalId: row.proposal_id,
    to: row.to_state,
    rules: row.rules,
    alertsSeen: row.alerts_seen,
    proposedBy: row.proposed_by,
    expiresAtMs: row.expires_at.getTime(),
  };
}

async function notesOf(trx: Trx, caseId: string) {
  const rows = await trx
    .selectFrom("case_notes")
    .select(["note_id", "struck_by"])
    .where("case_id", "=", caseId)
    .execute();
  const standing = rows.filter(({ struck_by }) => struck_by === null);
  return { notes: rows.length, standingNotes: standing.map(({ note_id }) => note_id) };
}

async function isLatest(trx: Trx, { subjectKind, subjectKey, ordinal }: StoredCase["found"]) {
  const subject = subjectKind === "person" ? "person_key" : "subject_key";
  const later = await trx
    .selectFrom("cases")
    .select("case_id")
    .where(subject, "=", subjectKey)
    .where("subject_kind", "=", subjectKind as "person")
    .where("ordinal", ">", ordinal)
    .limit(1)
    .execute();
  return later.length === 0;
}
