/** What outcomes say to cardholders, put into the ledger within the transaction of their alerts. */

import { sql, type Transaction } from "kysely";
import { storableText } from "../../../platform/database/database.js";
import { insertMissing } from "../../../platform/database/insert-rows.js";
import { codesOf } from "../cases/case-code.js";
import type { AlertsTables } from "../tables.js";
import { type SmsDraft, withCode } from "./sms-draft.js";
import { type GuardOptions, guardedSms, type SmsBefore } from "./sms-guard.js";
import { SMS_COLUMNS } from "./sms-tables.js";

const DAY_MS = 86_400_000;

type Trx = Transaction<AlertsTables>;

export interface InsertedSms {
  readonly smsQueued: number;
  readonly smsSuppressed: number;
}

export async function insertSms(
  trx: Trx,
  drafts: readonly SmsDraft[],
  {
    caseOf,
    guard,
  }: {
    /** The case of each alert that something is told of. */
    readonly caseOf: ReadonlyMap<string, string>;
    readonly guard: GuardOptions;
  },
): Promise<InsertedSms> {
  if (drafts.length === 0) return { smsQueued: 0, smsSuppressed: 0 };
  const coded = await withCodes(trx, drafts, caseOf);
  const rows = guardedSms(coded, await smsBefore(trx, coded), guard);
  const isQueued = ({ status }: (typeof rows)[number]) => status === "queued";
  return {
    smsQueued: await insertMissing(trx, "sms", SMS_COLUMNS, rows.filter(isQueued)),
    smsSuppressed: await insertMissing(
      trx,
      "sms",
      SMS_COLUMNS,
      rows.filter((row) => !isQueued(row)),
    ),
  };
}

async function withCodes(
  trx: Trx,
  drafts: readonly SmsDraft[],
  caseOf: ReadonlyMap<string, string>,
): Promise<readonly SmsDraft[]> {
  const caseIdOf = ({ alertId }: SmsDraft) => (alertId === null ? null : caseOf.get(alertId)!);
  const codes = await codesOf(
    trx,
    drafts.flatMap((draft) => caseIdOf(draft) ?? []),
  );
  return drafts.map((draft) => {
    const caseId = caseIdOf(draft);
    return caseId === null ? draft : withCode(draft, codes.get(caseId)!);
  });
}

/** The persons' SMS of a day around the drafts, and the drafts' own: more the guard does not look at. */
async function smsBefore(trx: Trx, drafts: readonly SmsDraft[]): Promise<readonly SmsBefore[]> {
  const times = drafts.map(({ eventMs }) => eventMs);
  const persons = [...new Set(drafts.map(({ personKey }) => personKey))];
  const ids = drafts.map(({ smsId }) => storableText(smsId));
  const rows = await trx
    .selectFrom("sms")
    .select(["sms_id", "person_key", "template", "news_key", "created_at", "status"])
    .select(["journal_offset", "sequence"])
    .where("person_key", "=", sql<string>`any(${persons}::text[])`)
    .where("journal_offset", "is not", null)
    // Of a flood there are thousands that were held back; they count for nothing but their ids.
    .where(({ eb, or, and }) =>
      or([
        eb("sms_id", "=", sql<string>`any(${ids}::text[])`),
        and([
          eb("status", "<>", "suppressed"),
          eb("created_at", ">=", new Date(Math.min(...times) - DAY_MS)),
          eb("created_at", "<=", new Date(Math.max(...times) + DAY_MS)),
        ]),
      ]),
    )
    .execute();
  return rows.map((row) => ({
    smsId: row.sms_id,
    personKey: row.person_key,
    situation: row.template,
    newsKey: row.news_key,
    eventMs: row.created_at.getTime(),
    position: { journalOffset: row.journal_offset!, sequence: row.sequence! },
    isSuppressed: row.status === "suppressed",
  }));
}
