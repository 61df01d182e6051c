/**
 * Receipts of operators: what a phone took, or did not. They come late, twice and in any order; a row goes only where the
 * table of sms-state.ts lets it, so `delivered` is never taken back.
 */

import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { SmsReceipt } from "../../../platform/sms-gateway/sms-receipt.js";
import { applyMarks, type Mark } from "./sms-marks.js";
import type { SmsTables } from "./sms-tables.js";

export interface ReceiptsApplied {
  /** Rows that changed. */
  readonly applied: number;
  /** Known before, or overtaken. */
  readonly repeated: number;
  /** Of messages that this ledger does not hold. */
  readonly foreign: number;
}

/** In one transaction with what follows of them. @throws DatabaseError. */
export async function applyReceipts(
  { dialect }: Pick<OpenDatabase, "dialect">,
  receipts: readonly SmsReceipt[],
  nowMs: number,
): Promise<ReceiptsApplied> {
  const database = new Kysely<SmsTables>({ dialect });
  const ids = await smsIdsOf(database, receipts);
  const marks = new Map<string, Mark>();
  for (const receipt of receipts) {
    const smsId = ids.bySms.get(receipt.smsId ?? "") ?? ids.byProvider.get(receipt.providerId ?? "");
    if (smsId !== undefined) remember(marks, markOf(smsId, receipt, nowMs));
  }
  const changed = await applyMarks(database, [...marks.values()]);
  const known = receipts.filter(
    ({ smsId, providerId }) => ids.bySms.has(smsId ?? "") || ids.byProvider.has(providerId ?? ""),
  ).length;
  return {
    applied: changed.length,
    repeated: known - changed.length,
    foreign: receipts.length - known,
  };
}

/** Of several about one message in one body `delivered` counts. */
function remember(marks: Map<string, Mark>, mark: Mark): void {
  if (marks.get(mark.smsId)?.to !== "delivered") marks.set(mark.smsId, mark);
}

function markOf(smsId: string, { state, atMs, code, providerId }: SmsReceipt, nowMs: number): Mark {
  return {
    smsId,
    to: state,
    reason: state === "failed" ? "undelivered" : null,
    providerId,
    providerCode: code,
    // An operator's clock may be ahead of ours.
    atMs: Math.min(atMs ?? nowMs, nowMs),
  };
}

async function smsIdsOf(database: Kysely<SmsTables>, receipts: readonly SmsReceipt[]) {
  const smsIds = receipts.flatMap(({ smsId }) => smsId ?? []);
  const providerIds = receipts.flatMap(({ providerId }) => providerId ?? []);
  const rows = await database
    .selectFrom("sms")
    .select(["sms_id", "provider_id"])
    .where(({ eb, or }) =>
      or([
        eb("sms_id", "=", sql<string>`any(${smsIds}::text[])`),
        eb("provider_id", "=", sql<string>`any(${providerIds}::text[])`),
      ]),
    )
    .execute();
  return {
    bySms: new Map(rows.map(({ sms_id }) => [sms_id, sms_id])),
    byProvider: new Map(
      rows.flatMap(({ sms_id, provider_id }) => (provider_id === null ? [] : [[provider_id, sms_id]])),
    ),
  };
}
