/** Which rows a person may see, as SQL: regions that lie below one of the person's. */

import { type RawBuilder, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import type { QueueRange } from "../queue/queue-places.js";

/** @param region an expression that gives a division code; "" is the nation's only. */
export function withinScope(scope: Scope, region: RawBuilder<string>): RawBuilder<boolean> {
  if (scope.includes("")) return sql<boolean>`true`;
  if (scope.length === 0) return sql<boolean>`false`;
  const below = scope.map((prefix) => sql<boolean>`starts_with(${region}, ${prefix})`);
  return sql<boolean>`(${sql.join(below, sql` or `)})`;
}

/** Of a table whose column `region` has indexes by these digits. */
export function inRange({ digits, prefix }: QueueRange): RawBuilder<boolean> {
  return digits === 0 ? sql<boolean>`true` : sql<boolean>`left(region, ${sql.lit(digits)}) = ${prefix}`;
}
