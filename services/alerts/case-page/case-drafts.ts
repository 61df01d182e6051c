/** Texts that somebody typed on the page of a case and has not sent. */

import { Kysely } from "kysely";
import { type OpenDatabase, storableText } from "../../../platform/database/database.js";
import type { Draft, DraftField } from "../../../schemas/http/case-page.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { CasePageTables } from "./page-tables.js";

/** Nobody comes back to a sentence after a quarter of a year; bounds what is kept. */
const KEPT_MS = 90 * 86_400_000;

type Database = Pick<OpenDatabase, "dialect">;

export async function draftsOf(
  { dialect }: Database,
  { caseId, person }: { readonly caseId: string; readonly person: string },
): Promise<readonly Draft[]> {
  const rows = await new Kysely<CasePageTables>({ dialect })
    .selectFrom("case_drafts")
    .select(["field", "text", "changed_at"])
    .where("case_id", "=", caseId)
    .where("person", "=", person)
    .orderBy("field")
    .execute();
  return rows.map(({ field, text, changed_at }) => ({
    field,
    text,
    changedAt: formatInstant(changed_at.getTime()),
  }));
}

export interface KeptDraft {
  readonly caseId: string;
  readonly person: string;
  readonly field: DraftField;
  /** Empty: it is forgotten. */
  readonly text: string;
}

export async function keepDraft({ dialect }: Database, kept: KeptDraft, nowMs: number): Promise<void> {
  const tables = new Kysely<CasePageTables>({ dialect });
  const key = { case_id: kept.caseId, person: kept.person, field: kept.field };
  const text = storableText(kept.text);
  const own = tables.deleteFrom("case_drafts").where((where) => where.and(key));
  await tables
    .deleteFrom("case_drafts")
    .where("changed_at", "<", new Date(nowMs - KEPT_MS))
    .execute();
  if (text === "") {
    await own.execute();
    return;
  }
  const changed = { text, changed_at: formatInstant(nowMs) };
  await tables
    .insertInto("case_drafts")
    .values({ ...key, ...changed })
    .onConflict((conflict) => conflict.columns(["case_id", "person", "field"]).doUpdateSet(changed))
    .execute();
}
