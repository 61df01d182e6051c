/** What other parts of Kadun say to a cardholder: reminders, appeals, one-time codes. */

import { sql, type Transaction } from "kysely";
import { storableText } from "../../../platform/database/database.js";
import { insertMissing } from "../../../platform/database/insert-rows.js";
import type { Severity } from "../../../schemas/fields.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { SmsSituation, SmsTemplatesFile } from "../../../schemas/sms-templates.js";
import { notBeforeMs } from "./sms-hours.js";
import type { SmsReason } from "./sms-state.js";
import { SMS_COLUMNS, type SmsRow, type SmsTables } from "./sms-tables.js";
import { orderedValues, type SmsValues, smsText } from "./sms-text.js";

export interface SmsOrder {
  /** Follows from what is told: the same twice is one SMS. */
  readonly smsId: string;
  readonly personKey: string;
  readonly situation: SmsSituation;
  readonly values: SmsValues;
  readonly createdAtMs: number;
  readonly severity: Severity;
}

export type Enqueued =
  /** It goes out, or is in the ledger already. */
  | { readonly kind: "queued" }
  /** It does not go out. A one-time code leaves nothing behind; anything else stays in the ledger as suppressed. */
  | { readonly kind: "too-often"; readonly againAtMs: number };

interface Limit {
  readonly withinMs: number;
  readonly max: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The operators' own for one-time codes; of anything else the template's `perDayMax` holds. */
const CODE_LIMITS: readonly Limit[] = [
  { withinMs: MINUTE_MS, max: 1 },
  { withinMs: HOUR_MS, max: 5 },
];
/** Wiped when they are settled. */
const SECRET: readonly SmsSituation[] = ["login-code"];
/** As the text says: five minutes. */
const USEFUL_MS: Readonly<Partial<Record<SmsSituation, number>>> = { "login-code": 5 * MINUTE_MS };

/**
 * Within the transaction of what is told: it is told if and only if that is committed.
 * @throws Error where a value is missing or does not fit: a mistake of the program.
 */
export async function enqueueSms<Tables>(
  transaction: Transaction<Tables>,
  order: SmsOrder,
  templates: SmsTemplatesFile,
): Promise<Enqueued> {
  const trx = transaction as unknown as Transaction<SmsTables>;
  const { smsId, personKey } = order;
  // Two orders for one person are counted one after the other.
  await sql`select pg_advisory_xact_lock(hashtext(${`kadun-sms ${personKey}`}))`.execute(trx);
  if (await isKnown(trx, smsId)) return { kind: "queued" };
  const againAtMs = await againAt(trx, order, limitsOf(order.situation, templates));
  const isTooOften = againAtMs > order.createdAtMs;
  if (!isTooOften || !SECRET.includes(order.situation))
    await insertMissing(trx, "sms", SMS_COLUMNS, [rowOf(order, templates, isTooOften ? "too-many" : null)]);
  return isTooOften ? { kind: "too-often", againAtMs } : { kind: "queued" };
}

async function isKnown(trx: Transaction<SmsTables>, smsId: string): Promise<boolean> {
  const row = await trx
    .selectFrom("sms")
    .select("sms_id")
    .where("sms_id", "=", storableText(smsId))
    .executeTakeFirst();
  return row !== undefined;
}

function limitsOf(situation: SmsSituation, { templates }: SmsTemplatesFile): readonly Limit[] {
  const ofDay = { withinMs: DAY_MS, max: templates[situation].perDayMax };
  return situation === "login-code" ? [...CODE_LIMITS, ofDay] : [ofDay];
}

/** @returns the first moment at which the limits let it through; at or before its own time: now. */
async function againAt(
  trx: Transaction<SmsTables>,
  { personKey, situation, createdAtMs }: SmsOrder,
  limits: readonly Limit[],
): Promise<number> {
  const rows = await trx
    .selectFrom("sms")
    .select("created_at")
    .where("person_key", "=", personKey)
    .where("template", "=", situation)
    .where("status", "<>", "suppressed")
    .where("created_at", ">", new Date(createdAtMs - DAY_MS))
    .orderBy("created_at", "desc")
    .limit(Math.max(...limits.map(({ max }) => max)))
    .execute();
  const times = rows.map(({ created_at }) => created_at.getTime());
  const free = limits.map(({ withinMs, max }) => (times[max - 1] ?? Number.NEGATIVE_INFINITY) + withinMs);
  return Math.max(...free);
}

function rowOf(order: SmsOrder, templates: SmsTemplatesFile, reason: SmsReason | null): SmsRow {
  const { situation, createdAtMs, severity } = order;
  const values = orderedValues(templates, situation, order.values);
  const fromMs = notBeforeMs({ situation, severity, atMs: createdAtMs });
  const usefulMs = USEFUL_MS[situation];
  return {
    sms_id: order.smsId,
    person_key: order.personKey,
    template: situation,
    text: smsText(templates, situation, values),
    values,
    severity,
    news_key: null,
    status: reason === null ? "queued" : "suppressed",
    reason,
    created_at: formatInstant(createdAtMs),
    not_before: fromMs > createdAtMs ? formatInstant(fromMs) : null,
    expires_at: usefulMs === undefined ? null : formatInstant(createdAtMs + usefulMs),
    is_secret: SECRET.includes(situation),
    journal_offset: null,
    sequence: null,
  };
}
