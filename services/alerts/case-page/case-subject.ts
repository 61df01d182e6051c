/** Whom a case is about, as far as the scope has it. */

import { Kysely } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { Scope } from "../../../schemas/console/access.js";
import { belongsTo } from "../cases/case-scope.js";
import type { AlertsTables } from "../tables.js";

export interface CaseSubject {
  readonly caseId: string;
  readonly personKey: string | null;
}

/** @returns null where there is none, or none within the scope. */
export async function caseSubject(
  { dialect }: Pick<OpenDatabase, "dialect">,
  caseId: string,
  scope: Scope,
): Promise<CaseSubject | null> {
  const row = await new Kysely<AlertsTables>({ dialect })
    .selectFrom("cases")
    .select("person_key")
    .where("case_id", "=", caseId)
    .where(belongsTo(scope))
    .executeTakeFirst();
  return row === undefined ? null : { caseId, personKey: row.person_key };
}
