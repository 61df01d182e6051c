/** What is known of a person, for the console: tokens and card tails only. */

import { type Kysely, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import type { PersonAnswer } from "../../../schemas/http/subjects.js";
import { formatInstant } from "../../../schemas/instant.js";
import { numberOf } from "../appeals/appeal-store.js";
import { cardsOf } from "../card-reports/cards-of.js";
import { belongsTo } from "../cases/case-scope.js";
import { lossRequestsOf } from "../channel/loss-requests.js";
import { limitsOf } from "../channel/request-limits.js";
import type { AlertsTables } from "../tables.js";
import { type PersonStanding, personStanding } from "./person-standing.js";
import { casesOfPerson } from "./subject-cases.js";

/** A screen each; the case pages have the rest. */
const SHOWN_MAX = 50;

type Tables = Kysely<AlertsTables>;

/** @returns null where nothing of the person lies within the scope. */
export async function personPage(
  tables: Tables,
  personKey: string,
  { scope, nowMs }: { readonly scope: Scope; readonly nowMs: number },
): Promise<PersonAnswer | null> {
  const standing = await personStanding(tables, personKey, scope);
  if (standing === null) return null;
  const { keys, insuredRegion, isWhole } = standing;
  const own = isWhole ? await ownPart(tables, standing, nowMs) : NOTHING_OWN;
  return {
    personKey,
    formerKeys: keys.slice(1),
    insuredRegion,
    isWhole,
    ...own,
    cases: [...(await casesOfPerson(tables, keys, scope))],
    alerts: await alertsOf(tables, keys, scope),
  };
}

type OwnPart = Omit<
  PersonAnswer,
  "personKey" | "formerKeys" | "insuredRegion" | "isWhole" | "cases" | "alerts"
>;

/** Told of nobody who is insured elsewhere. */
const NOTHING_OWN: OwnPart = {
  cards: [],
  limits: { homeOnly: false, dailyFen: null, noNight: false },
  lossRequests: [],
  reminders: [],
  sms: [],
  appeals: [],
  answers: [],
};

async function ownPart(tables: Tables, { keys }: PersonStanding, nowMs: number): Promise<OwnPart> {
  const [personKey] = keys as readonly [string];
  const requests = await lossRequestsOf(tables, personKey);
  return {
    cards: [...(await cardsOf(tables, personKey, nowMs))],
    limits: { ...(await limitsOf(tables, personKey)) },
    lossRequests: requests.map(({ requestId, requestedAtMs, status, receiptNo, effectiveAt, report }) => {
      const requestedAt = formatInstant(requestedAtMs);
      return { requestId, requestedAt, status, receiptNo, effectiveAt, report };
    }),
    reminders: await remindersOf(tables, keys),
    sms: await smsOf(tables, keys),
    appeals: await appealsOf(tables, keys),
    answers: await answersOf(tables, keys),
  };
}

async function alertsOf(
  tables: Tables,
  keys: readonly string[],
  scope: Scope,
): Promise<PersonAnswer["alerts"]> {
  const rows = await tables
    .selectFrom("alerts")
    // Each by its key: joined as tables, PostgreSQL might read all cases.
    .innerJoinLateral(
      (from) =>
        from
          .selectFrom("cases")
          .select("region")
          .whereRef("cases.case_id", "=", "alerts.case_id")
          .limit(1)
          .as("cases"),
      (join) => join.onTrue(),
    )
    .selectAll("alerts")
    .where("alerts.person_key", "=", anyOf(keys))
    .where(belongsTo(scope))
    .orderBy("alerts.occurred_at", "desc")
    .orderBy("alerts.alert_id")
    .limit(SHOWN_MAX)
    .execute();
  return rows.map((row) => ({
    alertId: row.alert_id,
    caseId: row.case_id,
    decisionId: row.decision_id,
    eventId: row.event_id,
    findingId: row.finding_id,
    kind: row.kind,
    occurredAt: row.occurred_at && formatInstant(row.occurred_at.getTime()),
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

async function remindersOf(tables: Tables, keys: readonly string[]): Promise<PersonAnswer["reminders"]> {
  const rows = await tables
    .selectFrom("reminders")
    .select(["kind", "due_at", "status", "settled_at"])
    .where("person_key", "=", anyOf(keys))
    .orderBy("due_at", "desc")
    .orderBy("reminder_id")
    .limit(SHOWN_MAX)
    .execute();
  return rows.map(({ kind, due_at, status, settled_at }) => ({
    kind,
    dueAt: formatInstant(due_at.getTime()),
    status,
    settledAt: settled_at && formatInstant(settled_at.getTime()),
  }));
}

async function smsOf(tables: Tables, keys: readonly string[]): Promise<PersonAnswer["sms"]> {
  const rows = await tables
    .selectFrom("sms")
    .select(["sms_id", "template", "text", "status", "created_at"])
    .where("person_key", "=", anyOf(keys))
    // Whoever read a one-time code could enter as the holder.
    .where("is_secret", "=", false)
    .orderBy("created_at", "desc")
    .orderBy("sms_id")
    .limit(SHOWN_MAX)
    .execute();
  return rows.map(({ sms_id: smsId, template: situation, text, status, created_at }) => ({
    smsId,
    situation,
    text,
    status,
    createdAt: formatInstant(created_at.getTime()),
  }));
}

async function appealsOf(tables: Tables, keys: readonly string[]): Promise<PersonAnswer["appeals"]> {
  const rows = await tables
    .selectFrom("appeals")
    .select(["appeal_id", "place", "state", "opened_at"])
    .where("person_key", "=", anyOf(keys))
    // A draft is the holder's alone.
    .where("state", "<>", "draft")
    .orderBy("opened_at", "desc")
    .limit(SHOWN_MAX)
    .execute();
  return rows.map(({ appeal_id: appealId, place, state, opened_at }) => ({
    appealId,
    number: numberOf(place, opened_at.getTime()),
    state,
    openedAt: formatInstant(opened_at.getTime()),
  }));
}

interface AnswerRow {
  readonly decision_id: string;
  readonly case_id: string;
  readonly answer: "mine" | "not-mine";
  readonly answered_at_ms: number;
}

/** As the cardholder's pages keep them. */
async function answersOf(tables: Tables, keys: readonly string[]): Promise<PersonAnswer["answers"]> {
  const { rows } = await sql<AnswerRow>`
    select decision_id, case_id, answer, answered_at_ms from citizen_answers
    where person_key = ${anyOf(keys)} order by answered_at_ms desc, decision_id limit ${SHOWN_MAX}`.execute(
    tables,
  );
  return rows.map(({ decision_id: decisionId, case_id: caseId, answer, answered_at_ms }) => ({
    decisionId,
    caseId,
    answer,
    answeredAt: formatInstant(answered_at_ms),
  }));
}

function anyOf(keys: readonly string[]) {
  return sql<string>`any(${[...keys]}::text[])`;
}
