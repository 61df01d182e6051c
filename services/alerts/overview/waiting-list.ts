/** What waits, as the page "today" shows it: the first of them, and how many there are up to a limit. */

import { type Expression, type QueryExecutorProvider, type RawBuilder, sql } from "kysely";
import { NEED_COUNT_MAX, NEED_ITEMS_MAX, type NeedItem } from "../../../schemas/http/overview.js";

export interface Waiting {
  /** At most NEED_ITEMS_MAX. */
  readonly items: readonly NeedItem[];
  /** At most NEED_COUNT_MAX + 1, which says: more than that. */
  readonly count: number;
}

export interface WaitingAsked<Row> {
  /** A query for all of them. */
  readonly found: Expression<Row>;
  readonly order: RawBuilder<unknown>;
  /** A query of at most one row for each that is shown, by `shown`: what those that are only counted are not looked up for. */
  readonly lookedUp?: RawBuilder<unknown>;
  readonly itemOf: (row: Row) => NeedItem;
}

/** Counted where they are found: of those that are not shown nothing is sent. */
export async function waitingList<Row>(
  tables: QueryExecutorProvider,
  { found, order, lookedUp, itemOf }: WaitingAsked<Row>,
): Promise<Waiting> {
  const shown = sql`
    select counted.*, (count(*) over ())::int as of_all
    from (select * from (${found}) found order by ${order} limit ${sql.lit(NEED_COUNT_MAX + 1)}) counted
    order by ${order} limit ${sql.lit(NEED_ITEMS_MAX)}`;
  const withLookedUp =
    lookedUp &&
    sql`select * from (${shown}) shown left join lateral (${lookedUp}) looked_up on true order by ${order}`;
  const { rows } = await sql<Row & { readonly of_all: number }>`${withLookedUp ?? shown}`.execute(tables);
  return { items: rows.map(itemOf), count: rows[0]?.of_all ?? 0 };
}
