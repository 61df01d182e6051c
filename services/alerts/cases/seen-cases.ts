/** Which cases a scope shows, of some that are named. */

import { Kysely } from "kysely";
import { type OpenDatabase, storableText } from "../../../platform/database/database.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { AlertsTables } from "../tables.js";
import { belongsTo } from "./case-scope.js";

/** The nation sees also what is not there (any more): whoever asks for it then says so. */
export async function seenCases(
  database: Pick<OpenDatabase, "dialect">,
  caseIds: readonly string[],
  scope: Scope,
): Promise<ReadonlySet<string>> {
  if (scope.includes("") || caseIds.length === 0) return new Set(caseIds);
  const rows = await new Kysely<AlertsTables>({ dialect: database.dialect })
    .selectFrom("cases")
    .select("case_id")
    .where("case_id", "in", [...new Set(caseIds.map(storableText))])
    .where(belongsTo(scope))
    .execute();
  return new Set(rows.map(({ case_id }) => case_id));
}
