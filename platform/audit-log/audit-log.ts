/**
 * The audit log in the database: one chain, appended to within the transaction of what it tells.
 *
 * 1. Appending takes a lock until the transaction ends: a chain has no two ends. Take it last, after the change itself, so
 *    that it is held shortly.
 * 2. What is rolled back leaves no entry.
 */

import { type Kysely, sql, type Transaction } from "kysely";
import { storableText } from "../database/database.js";
import { type AuditDraft, nextAuditLine } from "./audit-chain.js";

export interface AuditTables {
  audit_log: { seq: number; line: string };
}

const LOCK_NAME = "kadun-audit";
/** Names, codes and reasons: a page of text is no detail. */
const LINE_LENGTH_MAX = 16_384;

/**
 * @param transaction of whatever tables; they lie in one database with `audit_log`.
 * @param at ISO 8601 with +08:00.
 * @returns the entry's number. @throws Error where the detail is longer than an entry may be.
 */
export async function appendAudit<Tables>(
  transaction: Transaction<Tables>,
  at: string,
  draft: AuditDraft,
): Promise<number> {
  const trx = transaction as unknown as Transaction<AuditTables>;
  await sql`select pg_advisory_xact_lock(hashtext(${LOCK_NAME}))`.execute(trx);
  const last = await trx
    .selectFrom("audit_log")
    .selectAll()
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const line = storableText(nextAuditLine(last?.line ?? null, at, draft));
  if (line.length > LINE_LENGTH_MAX)
    throw new Error(
      `audit entry '${draft.action}' of ${draft.subject} has ${line.length} characters, at most ${LINE_LENGTH_MAX}; shorten its detail`,
    );
  const seq = (last?.seq ?? 0) + 1;
  await trx.insertInto("audit_log").values({ seq, line }).execute();
  return seq;
}

/** Lines behind `afterSeq`, in order. */
export async function auditLines<Tables>(
  database: Kysely<Tables>,
  { afterSeq, limit }: { readonly afterSeq: number; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await (database as unknown as Kysely<AuditTables>)
    .selectFrom("audit_log")
    .select("line")
    .where("seq", ">", afterSeq)
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map(({ line }) => line);
}
