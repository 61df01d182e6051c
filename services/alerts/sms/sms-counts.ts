/** How many SMS of the ledger are not settled, and what they wait for. */

import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { isoOf } from "./sms-marks.js";
import type { SmsTables } from "./sms-tables.js";

/** More of a kind are told as so many: an outage, whatever their number. Some ten milliseconds. */
export const SMS_WAITING_COUNTED_MAX = 10_000;

export interface SmsCounts {
  /** To be handed over now, or under way; those that a failure put off too. */
  readonly queued: number;
  /** For the day. */
  readonly waiting: number;
  /** The operator is asked. */
  readonly unknown: number;
  /** Unknown, and nobody can be asked any more: `kadun sms resolve`. */
  readonly toResolve: number;
  /** Persons to be phoned. */
  readonly calls: number;
}

/** A failure puts a message off for five minutes at most: what is to wait longer waits for the day. */
const PUT_OFF_MAX_MS = 600_000;

/** @throws DatabaseError. */
export async function smsCounts(
  { dialect }: Pick<OpenDatabase, "dialect">,
  nowMs: number,
): Promise<SmsCounts> {
  const waits = sql`(not_before > ${isoOf(nowMs)}::timestamptz and (attempts = 0 or not_before > ${isoOf(nowMs + PUT_OFF_MAX_MS)}::timestamptz))`;
  const most = sql`limit ${sql.lit(SMS_WAITING_COUNTED_MAX)}`;
  const { rows } = await sql<SmsCounts>`
    select queued.now + (select count(*)::int from (select from sms where status = 'sending' ${most}) sending) as queued,
      queued.later as waiting, unknown.asked as unknown, unknown.silent as "toResolve",
      (select count(*)::int from (select from sms_escalations where done_at is null ${most}) open) as calls
    from (
      select (count(*) filter (where not waits))::int as now, (count(*) filter (where waits))::int as later
      from (select coalesce(${waits}, false) as waits from sms where status = 'queued' ${most}) open
    ) queued, (
      select (count(*) filter (where is_asked))::int as asked, (count(*) filter (where not is_asked))::int as silent
      from (select check_at is not null as is_asked from sms where status = 'unknown' ${most}) open
    ) unknown`.execute(new Kysely<SmsTables>({ dialect }));
  return rows[0]!;
}
