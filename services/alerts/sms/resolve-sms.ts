/** A person says what became of an SMS of which nobody else knows: the operator's own page, or the holder, told it. */

import { Kysely } from "kysely";
import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { formatInstant } from "../../../schemas/instant.js";
import { applyMarks } from "./sms-marks.js";
import type { SmsTables } from "./sms-tables.js";

export interface SmsResolution {
  readonly smsId: string;
  /** again: it is sent once more. */
  readonly as: "sent" | "again";
  /** Who says so. */
  readonly actor: string;
  readonly nowMs: number;
}

export type SmsResolved =
  | { readonly kind: "resolved" }
  | {
      readonly kind: "refused";
      readonly code: "SMS_NOT_FOUND" | "SMS_NOT_UNKNOWN" | "SMS_WIPED";
      readonly message: string;
    };

/** With its entry of the audit log, in one transaction. @throws DatabaseError. */
export async function resolveSms(
  { dialect }: Pick<OpenDatabase, "dialect">,
  { smsId, as, actor, nowMs }: SmsResolution,
): Promise<SmsResolved> {
  return new Kysely<SmsTables>({ dialect }).transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom("sms")
      .select(["status", "values", "is_secret"])
      .where("sms_id", "=", smsId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return refused("SMS_NOT_FOUND", `SMS '${smsId}' is not in the ledger`);
    if (row.status !== "unknown")
      return refused(
        "SMS_NOT_UNKNOWN",
        `SMS '${smsId}' is ${row.status}; only an unknown one is resolved by a person`,
      );
    if (as === "again" && row.is_secret && row.values === null)
      return refused(
        "SMS_WIPED",
        `SMS '${smsId}' was a one-time code that is wiped; its holder asks for a new one`,
      );
    await applyMarks(trx, [{ smsId, to: as === "sent" ? "sent" : "queued", atMs: nowMs }]);
    await appendAudit(trx, formatInstant(nowMs), {
      actor,
      action: "sms.resolved",
      subject: `sms:${smsId}`,
      detail: { as },
    });
    return { kind: "resolved" };
  });
}

function refused(code: Extract<SmsResolved, { kind: "refused" }>["code"], message: string): SmsResolved {
  return { kind: "refused", code, message };
}
