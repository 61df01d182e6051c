/**
 * Asks the operator what became of messages: of `unknown` ones, and of sent ones whose receipt does not come.
 *
 * Owns: when a row is asked about, and what an answer makes of it.
 * Does not own: the turn (sms-sender.ts asks within its own), receipts (apply-receipts.ts).
 *
 * 1. An unknown message is sent again only where the operator certainly does not have it, and that was said so long after
 *    the hand-over that its own books were written.
 * 2. After 72 hours nobody is asked any more: of a sent one that is all that is known, an unknown one waits for a person.
 * 3. A secret that is of no use any more is wiped also where nobody knows what became of its message.
 */

import { type Kysely, sql } from "kysely";
import { type SmsFate, type SmsGateway, SmsGatewayError } from "../../../platform/sms-gateway/sms-gateway.js";
import { applyMarks, isoOf, type Mark, WIPED_TEXT } from "./sms-marks.js";
import type { SmsSenderOptions } from "./sms-sender.js";
import type { SmsTables } from "./sms-tables.js";

/** The ledger is looked at so often. */
export const ASK_EVERY_MS = 2_000;
/** Of one look: receipts are the rule, asking the exception. */
const ASKED_MAX = 16;
/** Operators write what they took into what can be asked within a minute or two. */
const ASK_AFTER_MS = 120_000;
const ASK_LAST_MS = 6 * 3_600_000;
/** "Not there" before this may be "not there yet". */
const NOT_FOUND_SURE_MS = 600_000;
/** Operators try a phone that is off for two or three days; then they tell nothing new. */
const ASK_FOR_MS = 72 * 3_600_000;

/** When a message that nobody knows of is asked for first; null where the gateway cannot be asked. */
export function firstAskMs(gateway: SmsGateway, nowMs: number): number | null {
  return gateway.query === undefined ? null : nowMs + ASK_AFTER_MS;
}

interface AskedSms {
  readonly sms_id: string;
  readonly person_key: string;
  readonly status: "sent" | "unknown";
  readonly provider_id: string | null;
  readonly sending_at: Date;
  readonly expires_at: Date | null;
  readonly asks: number;
}

export class SmsAsker {
  constructor(
    private readonly options: SmsSenderOptions,
    private readonly database: Kysely<SmsTables>,
  ) {}

  /** @returns how many were asked about. @throws DatabaseError; an operator that is away is asked later. */
  async askDue(): Promise<number> {
    const { clock, onStatus } = this.options;
    await this.wipeExpired();
    const rows = await this.due();
    const fates = await Promise.all(rows.map((row) => this.fateOf(row)));
    const nowMs = clock.now();
    const marks = rows.flatMap((row, i) => markOf(row, fates[i]!, nowMs) ?? []);
    for (const { status } of await applyMarks(this.database, marks)) onStatus(status);
    await this.askLater(rows, nowMs);
    return rows.length;
  }

  private async due(): Promise<readonly AskedSms[]> {
    if (this.options.gateway.query === undefined) return [];
    const { rows } = await sql<AskedSms>`
      select sms_id, person_key, status, provider_id, coalesce(sending_at, sent_at, created_at) as sending_at, expires_at, asks
      from sms
      where check_at <= ${isoOf(this.options.clock.now())}::timestamptz and status in ('sent', 'unknown')
      order by check_at limit ${ASKED_MAX}`.execute(this.database);
    return rows;
  }

  /** Never rejects: what cannot be asked now is asked later. */
  private async fateOf(row: AskedSms): Promise<SmsFate> {
    const { gateway, contactOf, logger } = this.options;
    try {
      const contact = await contactOf(row.person_key);
      if (contact === null) return UNTOLD;
      const { sms_id: smsId, provider_id: providerId } = row;
      return await gateway.query!({
        smsId,
        phone: contact.phone,
        providerId,
        sentAtMs: row.sending_at.getTime(),
      });
    } catch (error) {
      const code = error instanceof SmsGatewayError ? error.code : "";
      logger.warn("alerts.sms-not-asked", { error, code });
      return UNTOLD;
    }
  }

  /** Those that a mark did not settle. */
  private async askLater(rows: readonly AskedSms[], nowMs: number): Promise<void> {
    if (rows.length === 0) return;
    const next = rows.map((row) => ({ sms_id: row.sms_id, check_at: isoOf(nextAskMs(row, nowMs)) }));
    await sql`
      update sms set asks = sms.asks + 1, check_at = given.check_at
      from json_to_recordset(${JSON.stringify(next)}::text::json) as given(sms_id text, check_at timestamptz)
      where sms.sms_id = given.sms_id and sms.status in ('sent', 'unknown')`.execute(this.database);
  }

  private async wipeExpired(): Promise<void> {
    await sql`
      update sms set text = ${WIPED_TEXT}, "values" = null
      where status = 'unknown' and is_secret and "values" is not null
        and expires_at <= ${isoOf(this.options.clock.now())}::timestamptz`.execute(this.database);
  }
}

const UNTOLD: SmsFate = { state: "unknown" };

/** null where the row stays as it is. */
function markOf(row: AskedSms, fate: SmsFate, nowMs: number): Mark | null {
  const smsId = row.sms_id;
  switch (fate.state) {
    case "delivered":
      return { smsId, to: "delivered", atMs: fate.atMs ?? nowMs };
    case "failed":
      return { smsId, to: "failed", reason: "undelivered", providerCode: fate.code, atMs: nowMs };
    case "sent":
      return row.status === "sent" ? null : { smsId, to: "sent", providerId: fate.providerId, atMs: nowMs };
    case "not-found":
      return row.status === "unknown" ? againOf(row, nowMs) : null;
    case "unknown":
      return null;
  }
}

function againOf({ sms_id: smsId, sending_at, expires_at }: AskedSms, nowMs: number): Mark | null {
  if (nowMs - sending_at.getTime() < NOT_FOUND_SURE_MS) return null;
  if (expires_at !== null && expires_at.getTime() <= nowMs)
    return { smsId, to: "suppressed", reason: "expired", atMs: nowMs };
  return { smsId, to: "queued", atMs: nowMs };
}

function nextAskMs({ sending_at, asks }: AskedSms, nowMs: number): number | null {
  if (nowMs - sending_at.getTime() >= ASK_FOR_MS) return null;
  return nowMs + Math.min(ASK_LAST_MS, ASK_AFTER_MS * 2 ** Math.min(asks, 10));
}
