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
