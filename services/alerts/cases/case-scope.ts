/** Which cases a scope shows, as a condition on rows of `cases`. */

import { type RawBuilder, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";

/** Digits only (schemas/console/access.ts), so that no sign of theirs means anything to `like`. No prefix, no row. */
export function belongsTo(scope: Scope): RawBuilder<boolean> {
  if (scope.includes("")) return sql<boolean>`true`;
  if (scope.length === 0) return sql<boolean>`false`;
  return sql<boolean>`(${sql.join(
    scope.map((prefix) => sql`left(cases.region, ${sql.lit(prefix.length)}) = ${prefix}`),
    sql` or `,
  )})`;
}

/** The same of rows that name a case. @param caseId the column. */
export function isOfCaseIn(scope: Scope, caseId: RawBuilder<unknown>): RawBuilder<boolean> {
  if (scope.includes("")) return sql<boolean>`true`;
  return sql<boolean>`exists (select 1 from cases where cases.case_id = ${caseId} and ${belongsTo(scope)})`;
}
