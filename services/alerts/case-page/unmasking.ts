/**
 * Shows who a case's person is, to somebody who said why.
 *
 * 1. The entry in the audit log and the words are stored before the contact is opened, also where there is none.
 * 2. In the audit log the reason is a hash: words may name people. The case keeps the words.
 */

import { hash } from "node:crypto";
import { Kysely } from "kysely";
import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import { type OpenDatabase, storableText } from "../../../platform/database/database.js";
import type { Contact } from "../../../schemas/contact.js";
import type { Unmasked } from "../../../schemas/http/case-page.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { CasePageTables } from "./page-tables.js";

/** To read it and to make a call; then whoever passes the desk sees nothing. */
export const SHOWN_FOR_SECONDS = 300;
/** Of one person: a busy hour of calls is a dozen. Whoever wants more is collecting. */
export const UNMASKED_PER_HOUR_MAX = 30;
const HOUR_MS = 3_600_000;
const TAIL = 4;

export interface UnmaskAsked {
  readonly caseId: string;
  readonly personKey: string;
  readonly actor: string;
  readonly reason: string;
}

export interface UnmaskParts {
  readonly database: Pick<OpenDatabase, "dialect">;
  readonly nowMs: number;
  /** null where nobody gave one. */
  readonly contactOf: (personKey: string) => Promise<Contact | null>;
}

export async function unmaskPerson(
  { database, nowMs, contactOf }: UnmaskParts,
  asked: UnmaskAsked,
): Promise<
  | { readonly kind: "shown"; readonly unmasked: Unmasked }
  | { readonly kind: "refused"; readonly code: "UNMASKED_TOO_OFTEN"; readonly detail: string }
> {
  const tables = new Kysely<CasePageTables>({ dialect: database.dialect });
  if (!(await writeDown(tables, asked, nowMs)))
    return {
      kind: "refused",
      code: "UNMASKED_TOO_OFTEN",
      detail: `within an hour you were shown ${UNMASKED_PER_HOUR_MAX} persons, which is the limit; ask again later`,
    };
  const contact = await contactOf(asked.personKey);
  return {
    kind: "shown",
    unmasked: {
      contact: contact && {
        name: contact.name,
        phoneTail: contact.phone.slice(-TAIL),
        idNumberLast4: contact.idNumberLast4,
      },
      hideAfterSeconds: SHOWN_FOR_SECONDS,
    },
  };
}

/** @returns false where it is too often. */
function writeDown(tables: Kysely<CasePageTables>, asked: UnmaskAsked, nowMs: number): Promise<boolean> {
  return tables.transaction().execute(async (trx) => {
    const [at, reason] = [formatInstant(nowMs), storableText(asked.reason)];
    // Takes the chain's lock: two at once are counted one after the other.
    const seq = await appendAudit(trx, at, {
      actor: asked.actor,
      action: "case.person-shown",
      subject: `case:${asked.caseId}`,
      detail: { reasonSha256: hash("sha256", reason) },
    });
    const { count } = await trx
      .selectFrom("case_unmaskings")
      .select((row) => row.fn.countAll<number>().as("count"))
      .where("person", "=", asked.actor)
      .where("at", ">", new Date(nowMs - HOUR_MS))
      .executeTakeFirstOrThrow();
    if (Number(count) >= UNMASKED_PER_HOUR_MAX) return false;
    await trx
      .insertInto("case_unmaskings")
      .values({ audit_seq: seq, case_id: asked.caseId, person: asked.actor, at, reason })
      .execute();
    return true;
  });
}
