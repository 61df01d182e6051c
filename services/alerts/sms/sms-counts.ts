/** How many SMS of the ledger are not settled, and what they wait for. */

import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { isoOf } from "./sms-marks.js";
import type { SmsTables } from "./sms-tables.js";

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
  const { rows } = await sql<SmsCounts>`
    select
      (select count(*)::int from sms where status = 'queued' and not coalesce(${waits}, false))
        + (select count(*)::int from sms where status = 'sending') as queued,
      (select count(*)::int from sms where status = 'queued' and ${waits}) as waiting,
      (select count(*)::int from sms where status = 'unknown' and check_at is not null) as unknown,
      (select count(*)::int from sms where status = 'unknown' and check_at is null) as "toResolve",
      (select count(*)::int from sms_escalations where done_at is null) as calls`.execute(
    new Kysely<SmsTables>({ dialect }),
  );
  return rows[0]!;
}
