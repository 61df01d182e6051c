/**
 * Searches the queue: a few ranges of its indexes, merged in order, row by row until enough match or enough were looked at.
 *
 * 1. What is read is bounded by the question, never by how many cases there are: `scanMax` rows, each with at most
 *    `ALERTS_LOOKED_AT_MAX` alerts.
 * 2. A search that ends at its bound says where: it goes on from there and leaves nothing out.
 */

import { type Kysely, type QueryExecutorProvider, type RawBuilder, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import type { AskedFilter } from "../../../schemas/console/queue-filter.js";
import { SEVERITIES, type Severity } from "../../../schemas/fields.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";
import { LATEST, matches, WORK_OF_CASE } from "./queue-conditions.js";
import { lanesOf, type QueuePlace, type QueueRange, rangesOf } from "./queue-places.js";

/** Rows of the look after the first, doubled from look to look: what is rare is found, or not, with few statements. */
const CHUNK_ROWS = 200;

export interface QueueAsked {
  readonly filter: AskedFilter;
  /** Already narrowed to the filter's region. */
  readonly scope: Scope;
  /** The last place seen; null: from the beginning. */
  readonly after: QueuePlace | null;
  readonly limit: number;
  /** Rows of the queue that are looked at. */
  readonly scanMax: number;
}

export interface QueueFound {
  /** In order, at most `limit`. */
  readonly found: readonly QueuePlace[];
  /** From where it goes on; null: there is nothing more. */
  readonly after: QueuePlace | null;
  /** It stopped because it had looked at enough, not because it had found enough. */
  readonly isCut: boolean;
}

interface ScannedRow extends QueuePlace {
  readonly matches: boolean;
}

/** @throws DatabaseError. */
export async function scanQueue(tables: Kysely<AlertsTables>, asked: QueueAsked): Promise<QueueFound> {
  const search = new Search(tables, asked);
  for (const lane of lanesOf(asked.filter)) {
    const over = isBehind(asked, lane) ? null : await search.through(lane);
    if (over !== null) return over;
  }
  return { found: search.found, after: null, isCut: false };
}

/** How far one search is. */
class Search {
  readonly found: QueuePlace[] = [];
  private left: number;
  private chunkRows = CHUNK_ROWS;

  constructor(
    private readonly tables: Kysely<AlertsTables>,
    private readonly asked: QueueAsked,
  ) {
    this.left = asked.scanMax;
  }

  /** @returns null where the lane ended before the search was over. */
  async through(lane: readonly Severity[]): Promise<QueueFound | null> {
    const { asked, found } = this;
    for (let after = placeIn(asked, lane); ; ) {
      const size = Math.min(this.left, this.takeSize());
      const rows = await scannedRows(this.tables, chunkStatement(asked, { lane, after, size }));
      const fitting = rows.filter((row) => row.matches);
      const wanted = asked.limit - found.length;
      found.push(...fitting.slice(0, wanted));
      if (fitting.length > wanted) return { found, after: found.at(-1)!, isCut: false };
      this.left -= rows.length;
      if (rows.length < size) return null;
      after = rows.at(-1)!;
      if (found.length === asked.limit) return { found, after, isCut: false };
      if (this.left === 0) return { found, after, isCut: true };
    }
  }

  /** Of the next look, the one behind it being larger. */
  private takeSize(): number {
    if (this.left === this.asked.scanMax) return this.asked.limit + 1;
    const size = this.chunkRows;
    this.chunkRows *= 2;
    return size;
  }
}

/** Everything in the lane stands before the last place seen. */
function isBehind({ after, filter }: QueueAsked, lane: readonly Severity[]): boolean {
  if (after === null || filter.sort === "latest") return false;
  return SEVERITIES.indexOf(lane[0]!) > SEVERITIES.indexOf(after.severity);
}

/** In lanes behind the one of the last place seen it begins at their beginning. */
function placeIn({ after, filter }: QueueAsked, lane: readonly Severity[]): QueuePlace | null {
  return after !== null && (filter.sort === "latest" || after.severity === lane[0]) ? after : null;
}

export interface Chunk {
  readonly lane: readonly Severity[];
  readonly after: QueuePlace | null;
  readonly size: number;
}

/** Each range stands in an index as it is asked for: PostgreSQL merges them and reads no further than the limit. */
export function chunkStatement(
  { filter, scope }: Pick<QueueAsked, "filter" | "scope">,
  { lane, after, size }: Chunk,
): RawBuilder<unknown> {
  const statuses = [...new Set(filter.states.map((state) => (state === "closed" ? "closed" : "open")))];
  const ranges = statuses.flatMap((status) =>
    lane.flatMap((severity) =>
      rangesOf(scope).map((range) => rangeStatement({ status, severity, range, after, size, filter })),
    ),
  );
  // No scope, no range: a statement all the same, so that nobody tells it by its silence.
  const from =
    ranges.length === 0 ? sql`select * from cases where false` : sql.join(ranges, sql` union all `);
  return sql`
    select cases.case_id, cases.highest_severity, ${LATEST} as at, ${matches(filter, scope)} as matches
    from (select * from (${from}) ranges order by ${LATEST} desc, case_id desc limit ${sql.lit(size)}) cases
    ${WORK_OF_CASE}
    order by ${LATEST} desc, cases.case_id desc`;
}

interface RangeAsked extends Pick<Chunk, "after" | "size"> {
  readonly status: string;
  readonly severity: Severity;
  readonly range: QueueRange;
  readonly filter: AskedFilter;
}

function rangeStatement({ status, severity, range, after, size, filter }: RangeAsked): RawBuilder<unknown> {
  const { digits, prefix } = range;
  const { openedSinceMs } = filter;
  const conditions = [
    sql`status = ${status}`,
    ...(digits === 0 ? [] : [sql`left(region, ${sql.lit(digits)}) = ${prefix}`]),
    sql`highest_severity = ${severity}`,
    ...(after === null
      ? []
      : [sql`(${LATEST}, case_id) < (${formatInstant(after.atMs)}::timestamptz, ${after.caseId}::text)`]),
    // Opened since then, its latest alert is of since then too.
    ...(openedSinceMs === null ? [] : [sql`${LATEST} >= ${formatInstant(openedSinceMs)}::timestamptz`]),
  ];
  return sql`(select * from cases where ${sql.join(conditions, sql` and `)}
    order by ${LATEST} desc, case_id desc limit ${sql.lit(size)})`;
}

/** Of a statement that gives case_id, highest_severity, at, matches. */
export async function scannedRows(
  database: QueryExecutorProvider,
  statement: RawBuilder<unknown>,
): Promise<readonly ScannedRow[]> {
  const { rows } = await (statement as RawBuilder<StoredRow>).execute(database);
  return rows.map((row) => ({
    caseId: row.case_id,
    severity: row.highest_severity,
    atMs: row.at.getTime(),
    matches: row.matches,
  }));
}

interface StoredRow {
  readonly case_id: string;
  readonly highest_severity: Severity;
  readonly at: Date;
  readonly matches: boolean;
}
