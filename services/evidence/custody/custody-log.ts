/** Custody logs in the database: appended to within the transaction of what they tell. */

import type { CustodyEntry } from "../../../schemas/evidence/custody.js";
import { custodyEntry } from "../../../schemas/evidence/custody.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { Reads, Trx } from "../tables.js";
import { type CustodyDraft, nextLine } from "./custody-chain.js";

/** Entries are never dated before the one before them, also where this machine's clock stepped back. @returns the entry. */
export async function addEntry(
  trx: Trx,
  draft: Omit<CustodyDraft, "at"> & { readonly nowMs: number },
): Promise<CustodyEntry> {
  const last = await lastLine(trx, draft.caseId);
  const lastMs = last === null ? 0 : Date.parse(custodyEntry.parse(JSON.parse(last)).at);
  const line = nextLine(last, { ...draft, at: formatInstant(Math.max(draft.nowMs, lastMs)) });
  const entry = custodyEntry.parse(JSON.parse(line));
  await trx.insertInto("evidence_custody").values({ case_id: draft.caseId, seq: entry.seq, line }).execute();
  return entry;
}

/** Up to `seq`, in order. */
export async function custodyLines(tables: Reads, caseId: string, seq: number): Promise<readonly string[]> {
  const rows = await tables
    .selectFrom("evidence_custody")
    .select("line")
    .where("case_id", "=", caseId)
    .where("seq", "<=", seq)
    .orderBy("seq")
    .execute();
  return rows.map(({ line }) => line);
}

async function lastLine(trx: Trx, caseId: string): Promise<string | null> {
  const row = await trx
    .selectFrom("evidence_custody")
    .select("line")
    .where("case_id", "=", caseId)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.line ?? null;
}
