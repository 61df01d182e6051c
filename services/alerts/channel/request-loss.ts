/**
 * A cardholder reports a loss on the page: one transaction, from which everything follows whatever dies.
 *
 * 1. The record for the journal (which blocks the card here) and the request to the bureau (which blocks it everywhere) are
 *    both there, or neither is.
 * 2. The same request again is the one that is there, as it was first; of another person it is nobody's.
 * 3. Records of one person's requests have the order of the requests.
 */

import { sql, type Transaction } from "kysely";
import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import { storableText } from "../../../platform/database/database.js";
import type { Credential } from "../../../schemas/fields.js";
import type { HolderCardStatus } from "../../../schemas/holder-record.js";
import { formatInstant } from "../../../schemas/instant.js";
import { enqueueJournalRecord, recordIdOf } from "../journal-outbox/journal-outbox.js";
import type { ChannelTables } from "./channel-tables.js";

export interface LossReport {
  readonly requestId: string;
  readonly personKey: string;
  /** null: all of the person's cards of the credential. */
  readonly card: { readonly cardKey: string; readonly cardTail: string } | null;
  readonly credential: Credential;
  /** Where the person is insured: its policy says from when and how long the report holds. */
  readonly region: string;
  readonly reportedAtMs: number;
}

/** How the page knows that it is the holder: the case's code, four signs of the ID number, a code sent to the telephone. */
export const HOLDER_METHODS = ["case-code", "id-number-last-4", "sms-code"] as const;

/** @returns false where the request is there already. @throws Error where it is another person's. */
export async function requestLossReport<Tables>(
  transaction: Transaction<Tables>,
  report: LossReport,
): Promise<boolean> {
  const trx = transaction as unknown as Transaction<ChannelTables>;
  await oneAtATime(trx, report.personKey);
  if (await isThere(trx, "bureau_requests", report)) return false;
  const body = journalBodyOf(report);
  await trx.insertInto("bureau_requests").values(rowOf(report, body.eventId)).execute();
  await enqueueJournalRecord(trx, { recordId: body.eventId, path: "/v1/holder-records", body });
  await appendAudit(trx, formatInstant(report.reportedAtMs), {
    actor: "holder",
    action: "card.loss-reported",
    subject: `person:${report.personKey}`,
    detail: {
      requestId: report.requestId,
      credential: report.credential,
      cardTail: report.card?.cardTail ?? null,
      eventId: body.eventId,
    },
  });
  return true;
}

/** Until the transaction ends: what one person asks for has an order. */
export async function oneAtATime(trx: Transaction<ChannelTables>, personKey: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`kadun-holder ${personKey}`}))`.execute(trx);
}

export async function isThere(
  trx: Transaction<ChannelTables>,
  table: keyof ChannelTables,
  { requestId, personKey }: Pick<LossReport, "requestId" | "personKey">,
): Promise<boolean> {
  const row = await trx
    .selectFrom(table)
    .select("person_key")
    .where("request_id", "=", storableText(requestId))
    .executeTakeFirst();
  if (row !== undefined && row.person_key !== personKey)
    throw new Error(`request ${requestId} is another person's; every request has an id of its own`);
  return row !== undefined;
}

function rowOf(
  { requestId, personKey, card, credential, region, reportedAtMs }: LossReport,
  eventId: string,
) {
  const reportedAt = formatInstant(reportedAtMs);
  return {
    request_id: storableText(requestId),
    person_key: personKey,
    event_id: eventId,
    card_key: card?.cardKey ?? null,
    card_tail: card?.cardTail ?? null,
    credential,
    region,
    reported_at: reportedAt,
    next_at: reportedAt,
    receipt_no: null,
    refusal: null,
  };
}

function journalBodyOf({
  requestId,
  personKey,
  card,
  credential,
  region,
  reportedAtMs,
}: LossReport): HolderCardStatus {
  const reportedAt = formatInstant(reportedAtMs);
  return {
    type: "card-status",
    eventId: recordIdOf("holder-loss", [requestId]),
    occurredAt: reportedAt,
    personKey,
    ...(card ?? {}),
    credential,
    action: "report-loss",
    channel: "web",
    region,
    reportedAt,
    verification: { complete: true, methods: [...HOLDER_METHODS] },
  };
}
