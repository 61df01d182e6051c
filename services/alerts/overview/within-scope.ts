/** Which rows a person may see, as SQL: regions that lie below one of the person's. */

import { type RawBuilder, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import { type QueueRange, rangesOf } from "../queue/queue-places.js";

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

/**
 * The same query of each range, whose index it reads in its order to its limit, one behind the other: whoever orders them by the
 * same has them merged. Nothing where the scope is empty.
 */
export function ofEachRange(
  scope: Scope,
  queryOf: (within: RawBuilder<boolean>) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  const ranges = rangesOf(scope).map(inRange);
  const queries = (ranges.length === 0 ? [sql<boolean>`false`] : ranges).map(
    (within) => sql`(${queryOf(within)})`,
  );
  return sql.join(queries, sql` union all `);
}
