/** The ledger of SMS as people read it, the latest first, page by page. No phone number is in it. */

import { Kysely } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { SmsSummary } from "../../../schemas/http/sms.js";
import { formatInstant } from "../../../schemas/instant.js";
import { WIPED_TEXT } from "./sms-marks.js";
import type { SmsStatus } from "./sms-state.js";
import type { SmsTables } from "./sms-tables.js";

/** A page is some 100 kB of JSON. */
export const SMS_PAGE_MAX = 200;

export interface SmsPage {
  readonly sms: readonly SmsSummary[];
  /** For the next page; null where there is none. */
  readonly after: string | null;
}

export interface SmsPageQuery {
  /** null: all. */
  readonly status: SmsStatus | null;
  /** smsId of the last page's last; null for the first page. One that is not known begins anew. */
  readonly after: string | null;
}

/** @throws DatabaseError. */
export async function smsPage(
  { dialect }: Pick<OpenDatabase, "dialect">,
  { status, after }: SmsPageQuery,
): Promise<SmsPage> {
  const tables = new Kysely<SmsTables>({ dialect });
  const mark = after === null ? undefined : await createdAtOf(tables, after);
  let query = rowsOf(tables).orderBy("created_at", "desc").orderBy("sms_id").limit(SMS_PAGE_MAX);
  if (status !== null) query = query.where("status", "=", status);
  if (mark !== undefined)
    query = query.where(({ eb, and, or }) =>
      or([eb("created_at", "<", mark), and([eb("created_at", "=", mark), eb("sms_id", ">", after!)])]),
    );
  const rows = await query.execute();
  return { sms: rows.map(summaryOf), after: rows.length < SMS_PAGE_MAX ? null : rows.at(-1)!.sms_id };
}

/** @returns null where there is no such SMS. @throws DatabaseError. */
export async function smsOf(
  { dialect }: Pick<OpenDatabase, "dialect">,
  smsId: string,
): Promise<SmsSummary | null> {
  const row = await rowsOf(new Kysely<SmsTables>({ dialect })).where("sms_id", "=", smsId).executeTakeFirst();
  return row === undefined ? null : summaryOf(row);
}

function rowsOf(tables: Kysely<SmsTables>) {
  return tables
    .selectFrom("sms")
    .select(["sms_id", "person_key", "template", "text", "severity", "status", "reason", "attempts", "asks"])
    .select("is_secret")
    .select([
      "created_at",
      "not_before",
      "sending_at",
      "sent_at",
      "check_at",
      "provider_id",
      "provider_code",
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof rowsOf>["execute"]>>[number];

function summaryOf(row: Row): SmsSummary {
  return {
    smsId: row.sms_id,
    personKey: row.person_key,
    situation: row.template,
    // Also while it waits: whoever read it could enter as the holder.
    text: row.is_secret ? WIPED_TEXT : row.text,
    severity: row.severity,
    status: row.status,
    reason: row.reason,
    attempts: row.attempts,
    asks: row.asks,
    createdAt: formatInstant(row.created_at.getTime()),
    notBefore: instantOf(row.not_before),
    handedOverAt: instantOf(row.sending_at),
    sentAt: instantOf(row.sent_at),
    askedNextAt: instantOf(row.check_at),
    providerId: row.provider_id,
    providerCode: row.provider_code,
  };
}

function instantOf(date: Date | null): string | null {
  return date === null ? null : formatInstant(date.getTime());
}

async function createdAtOf(tables: Kysely<SmsTables>, smsId: string): Promise<Date | undefined> {
  const row = await tables
    .selectFrom("sms")
    .select("created_at")
    .where("sms_id", "=", smsId)
    .executeTakeFirst();
  return row?.created_at;
}
