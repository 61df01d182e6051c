/** A cardholder sets limits on the page (rule R21): kept, and a record for the journal, in one transaction. */

import { type Kysely, sql, type Transaction } from "kysely";
import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import { storableText } from "../../../platform/database/database.js";
import type { HolderLimitsFact } from "../../../schemas/holder-record.js";
import { formatInstant } from "../../../schemas/instant.js";
import { enqueueJournalRecord, recordIdOf } from "../journal-outbox/journal-outbox.js";
import { personKeysOf } from "../person-keys.js";
import type { ChannelTables } from "./channel-tables.js";
import { isThere, oneAtATime } from "./request-loss.js";

export interface Limits {
  /** Only in the insured region. */
  readonly homeOnly: boolean;
  /** Of one day; null: none. */
  readonly dailyFen: number | null;
  /** None from 23:00 to 06:00. */
  readonly noNight: boolean;
}

export interface LimitsRequest {
  readonly requestId: string;
  readonly personKey: string;
  readonly limits: Limits;
  readonly requestedAtMs: number;
}

const NO_LIMITS: Limits = { homeOnly: false, dailyFen: null, noNight: false };

/** @returns false where the request is there already. @throws Error where it is another person's. */
export async function requestLimits<Tables>(
  transaction: Transaction<Tables>,
  request: LimitsRequest,
): Promise<boolean> {
  const trx = transaction as unknown as Transaction<ChannelTables>;
  const { requestId, personKey, limits, requestedAtMs } = request;
  await oneAtATime(trx, personKey);
  if (await isThere(trx, "holder_limits", request)) return false;
  const body = journalBodyOf(request);
  const { homeOnly, dailyFen, noNight } = limits;
  await trx
    .insertInto("holder_limits")
    .values({
      request_id: storableText(requestId),
      person_key: personKey,
      event_id: body.eventId,
      home_only: homeOnly,
      daily_fen: dailyFen,
      no_night: noNight,
      requested_at: formatInstant(requestedAtMs),
    })
    .execute();
  await enqueueJournalRecord(trx, { recordId: body.eventId, path: "/v1/holder-records", body });
  await appendAudit(trx, formatInstant(requestedAtMs), {
    actor: "holder",
    action: "person.limits-set",
    subject: `person:${personKey}`,
    detail: { requestId, eventId: body.eventId, homeOnly, dailyFen, noNight },
  });
  return true;
}

/** What the person asked for last, under whichever key; what other systems set is not known here. */
export async function limitsOf<Tables>(database: Kysely<Tables>, personKey: string): Promise<Limits> {
  const keys = await personKeysOf(database, personKey);
  const row = await (database as unknown as Kysely<ChannelTables>)
    .selectFrom("holder_limits")
    .select(["home_only", "daily_fen", "no_night"])
    .where("person_key", "=", sql<string>`any(${keys}::text[])`)
    .orderBy("place", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return NO_LIMITS;
  return { homeOnly: row.home_only, dailyFen: row.daily_fen, noNight: row.no_night };
}

/** Whatever is not said is not limited: the latest fact counts alone. */
function journalBodyOf({ requestId, personKey, limits, requestedAtMs }: LimitsRequest): HolderLimitsFact {
  const { homeOnly, dailyFen, noNight } = limits;
  return {
    type: "person-fact",
    eventId: recordIdOf("holder-limits", [requestId]),
    occurredAt: formatInstant(requestedAtMs),
    personKey,
    fact: "limits",
    homeOnly,
    ...(dailyFen === null ? {} : { dailyFen }),
    noNight,
  };
}
