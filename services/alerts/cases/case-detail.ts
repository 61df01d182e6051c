/** One case with all that is known of it, as an analyst sees it. */

import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import {
  type CaseState,
  caseStatesAfter,
  caseTransition,
  needsSecondPerson,
} from "../../../schemas/case-transitions.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { CaseDetail, CaseSummary } from "../../../schemas/http/cases.js";
import { formatInstant } from "../../../schemas/instant.js";
import { openCallOf } from "../sms/phone-calls.js";
import type { AlertsTables } from "../tables.js";
import type { CaseCodeTables } from "./case-code.js";
import { caseSummary } from "./case-list.js";

/** Half a kilobyte each: a case of more alerts is looked at by its package. */
const ALERTS_SHOWN_MAX = 500;
const SMS_SHOWN_MAX = 200;
const ANSWERS_SHOWN_MAX = 200;
/** Changes, the latest first: a case of more is not worked on by hand. */
const HISTORY_SHOWN_MAX = 2_000;

type Tables = Kysely<AlertsTables & CaseCodeTables>;

/** @returns null where there is none. @throws DatabaseError. */
export async function readCase(
  { dialect }: Pick<OpenDatabase, "dialect">,
  { caseId, scope, nowMs }: { readonly caseId: string; readonly scope: Scope; readonly nowMs: number },
): Promise<CaseDetail | null> {
  const tables: Tables = new Kysely({ dialect });
  const alertsTables = new Kysely<AlertsTables>({ dialect });
  const summary = await caseSummary(alertsTables, caseId, scope);
  if (summary === null) return null;
  return {
    ...summary,
    code: await codeOf(tables, caseId),
    next: nextOf(summary),
    alertList: await alertsOf(tables, caseId),
    sms: summary.subjectKind === "person" ? await smsOf(tables, summary.subject) : [],
    openCall: summary.subjectKind === "person" ? await callOf(alertsTables, summary.subject) : null,
    answers: await answersOf(tables, caseId),
    notes: await notesOf(tables, caseId),
    proposals: await proposalsOf(tables, caseId, nowMs),
    history: await historyOf(tables, caseId),
  };
}

function nextOf({ state, moneyAtRiskFen }: CaseSummary): CaseDetail["next"] {
  return caseStatesAfter(state).map((to: CaseState) => {
    const transition = caseTransition(state, to)!;
    const { reason, requires } = transition;
    return {
      to,
      reason,
      secondPerson: needsSecondPerson(transition, moneyAtRiskFen),
      requires: [...requires],
    };
  });
}

async function codeOf(tables: Tables, caseId: string): Promise<string | null> {
  const row = await tables
    .selectFrom("case_codes")
    .select("code")
    .where("case_id", "=", caseId)
    .executeTakeFirst();
  return row?.code ?? null;
}

async function alertsOf(tables: Tables, caseId: string): Promise<CaseDetail["alertList"]> {
  const rows = await tables
    .selectFrom("alerts")
    .selectAll()
    .where("case_id", "=", caseId)
    .orderBy("occurred_at", "desc")
    .orderBy("alert_id")
    .limit(ALERTS_SHOWN_MAX)
    .execute();
  return rows.map((row) => ({
    alertId: row.alert_id,
    decisionId: row.decision_id,
    eventId: row.event_id,
    findingId: row.finding_id,
    kind: row.kind,
    occurredAt: instantOrNull(row.occurred_at),
    institutionId: row.institution_id,
    careRegion: row.care_region,
    cardTail: row.card_tail,
    totalFen: row.total_fen,
    atRiskFen: row.at_risk_fen,
    action: row.action,
    severity: row.severity,
    rules: [...row.rules],
    disputed: row.disputed,
    state: row.state,
  }));
}

async function smsOf(tables: Tables, personKey: string): Promise<CaseDetail["sms"]> {
  const rows = await tables
    .selectFrom("sms")
    .select(["sms_id", "template", "text", "status", "created_at"])
    .where("person_key", "=", personKey)
    // One-time codes say nothing about a case, and whoever read one could enter as the holder.
    .where("is_secret", "=", false)
    .orderBy("created_at", "desc")
    .orderBy("sms_id")
    .limit(SMS_SHOWN_MAX)
    .execute();
  return rows.map((row) => ({
    smsId: row.sms_id,
    situation: row.template,
    text: row.text,
    status: row.status,
    createdAt: formatInstant(row.created_at.getTime()),
  }));
}

async function callOf(tables: Kysely<AlertsTables>, personKey: string): Promise<CaseDetail["openCall"]> {
  const call = await openCallOf(tables, personKey);
  return call && { since: formatInstant(call.since.getTime()) };
}

/** As the cardholder's pages keep them. */
async function answersOf(tables: Tables, caseId: string): Promise<CaseDetail["answers"]> {
  const { rows } = await sql<AnswerRow>`
    select decision_id, answer, answered_at_ms from citizen_answers
    where case_id = ${caseId} order by answered_at_ms desc, decision_id limit ${ANSWERS_SHOWN_MAX}`.execute(
    tables,
  );
  return rows.map((row) => ({
    decisionId: row.decision_id,
    answer: row.answer,
    answeredAt: formatInstant(row.answered_at_ms),
  }));
}

interface AnswerRow {
  readonly decision_id: string;
  readonly answer: "mine" | "not-mine";
  readonly answered_at_ms: number;
}

async function notesOf(tables: Tables, caseId: string): Promise<CaseDetail["notes"]> {
  const rows = await tables
    .selectFrom("case_notes")
    .selectAll()
    .where("case_id", "=", caseId)
    .orderBy("note_id")
    .execute();
  return rows.map((row) => ({
    noteId: row.note_id,
    author: row.author,
    text: row.text,
    writtenAt: formatInstant(row.written_at.getTime()),
    struck:
      row.struck_at === null
        ? null
        : { by: row.struck_by!, at: formatInstant(row.struck_at.getTime()), reason: row.struck_reason! },
  }));
}

/** One that nobody decided in time is expired, whether or not another has taken its place. */
async function proposalsOf(tables: Tables, caseId: string, nowMs: number): Promise<CaseDetail["proposals"]> {
  const rows = await tables
    .selectFrom("case_proposals")
    .selectAll()
    .where("case_id", "=", caseId)
    .orderBy("proposal_id")
    .execute();
  return rows.map((row) => ({
    proposalId: row.proposal_id,
    from: row.from_state,
    to: row.to_state,
    reason: row.reason,
    rules: row.rules && [...row.rules],
    alertsSeen: row.alerts_seen,
    proposedBy: row.proposed_by,
    proposedAt: formatInstant(row.proposed_at.getTime()),
    expiresAt: formatInstant(row.expires_at.getTime()),
    status: row.status === "open" && row.expires_at.getTime() <= nowMs ? "expired" : row.status,
    decidedBy: row.decided_by,
    decidedAt: instantOrNull(row.decided_at),
    decisionReason: row.decision_reason,
  }));
}

async function historyOf(tables: Tables, caseId: string): Promise<CaseDetail["history"]> {
  const rows = await tables
    .selectFrom("case_history")
    .selectAll()
    .where("case_id", "=", caseId)
    .orderBy("version", "desc")
    .limit(HISTORY_SHOWN_MAX)
    .execute();
  return rows.reverse().map((row) => ({
    version: row.version,
    at: formatInstant(row.at.getTime()),
    actor: row.actor,
    action: row.action,
    detail: row.detail,
    reason: row.reason,
    auditSeq: row.audit_seq,
  }));
}

function instantOrNull(at: Date | null): string | null {
  return at && formatInstant(at.getTime());
}
