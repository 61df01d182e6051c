/** Outcomes enough to be killed at, and what must have become of them whatever happened meanwhile. */

import type { Kysely } from "kysely";
import type { LogEntry } from "../../platform/event-log/event-log.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { at, challenged, decision, lossReport, rejected, reviewed, revision } from "./outcome-records.js";

/** Each person: approved and reviewed swipes, a loss, late hits, rejected and challenged swipes. */
export function manyOutcomes({
  persons,
  rounds,
}: {
  readonly persons: number;
  readonly rounds: number;
}): LoggedOutcome[] {
  const outcomes: LoggedOutcome[] = [];
  for (let round = 0; round < rounds; round++)
    for (let person = 0; person < persons; person++) {
      const personKey = person.toString(16).padStart(12, "0").padEnd(32, "a");
      const fields = { personKey, occurredAt: at(round * 20 + person / persons) };
      const settle = (round % 2 === 0 ? decision : reviewed)(`s-${round}`, fields);
      outcomes.push(settle);
      if (round === 3) outcomes.push(lossReport(`c-${round}`, { personKey, reportedAt: fields.occurredAt }));
      if (round === 4) outcomes.push(revision(settle, 1));
      if (round === 5) outcomes.push(rejected(`r-${round}`, fields));
      if (round === 6 && person % 3 === 0) outcomes.push(challenged(`h-${round}`, fields));
    }
  return outcomes;
}

const CASE_CODE = /[0-9A-Z]{4}-[0-9A-Z]{4}/;

/** For a process that makes its log of a file. */
export function writtenEntries(logged: readonly LogEntry[]): string {
  return JSON.stringify(
    logged.map(({ key, value, header }) => ({
      key,
      value: Buffer.from(value).toString("base64"),
      header: Buffer.from(header).toString("base64"),
    })),
  );
}

/** What `writtenEntries` wrote. */
export function readEntries(text: string): LogEntry[] {
  const written: readonly { readonly key: string; readonly value: string; readonly header: string }[] =
    JSON.parse(text);
  return written.map(({ key, value, header }) => ({
    key,
    value: Buffer.from(value, "base64"),
    header: Buffer.from(header, "base64"),
  }));
}

/** All but what depends on when an SMS was sent, and the codes of cases, which are drawn. */
export async function rowsMade(database: Kysely<AlertsTables>) {
  const [alerts, cases, sms] = await Promise.all([
    database.selectFrom("alerts").selectAll().orderBy("alert_id").execute(),
    database.selectFrom("cases").selectAll().orderBy("case_id").execute(),
    database
      .selectFrom("sms")
      .select([
        "sms_id",
        "person_key",
        "template",
        "text",
        "status",
        "reason",
        "created_at",
        "journal_offset",
      ])
      .orderBy("sms_id")
      .execute(),
  ]);
  return { alerts, cases, sms: sms.map(madeOf) };
}

function madeOf<
  Row extends { readonly text: string; readonly status: string; readonly reason: string | null },
>({ status, ...row }: Row) {
  const text = row.text.replace(CASE_CODE, "K7M2-Q9XW");
  return { ...row, text, reason: status === "suppressed" ? row.reason : null };
}
