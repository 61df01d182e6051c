/**
 * Finds findings page by page, the latest seen first.
 *
 * 1. A page looks at `SCANNED_MAX` findings at most. Where that ends before a page is full it says how far it looked.
 * 2. Who may see some regions only reads those regions: an index of cities and provinces leaves the others out.
 */

import { type Kysely, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import type { Severity } from "../../../schemas/fields.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { PatrolId } from "../../../schemas/patrols.js";
import { inRange } from "../overview/within-scope.js";
import { rangesOf } from "../queue/queue-places.js";
import type { AlertsTables } from "../tables.js";

export const FINDINGS_PER_PAGE = 25;
/** Some ten milliseconds where none of them fits. */
export const SCANNED_MAX = 300;
/** Rows of one statement: so few that PostgreSQL reads an index in its order also where it knows nothing of the table. */
const FIRST_LOOK = FINDINGS_PER_PAGE;
const LOOK = 200;

export interface FindingsFilter {
  readonly scope: Scope;
  readonly patrol: PatrolId | null;
  readonly severity: Severity | null;
  readonly subjectKind: string | null;
  /** Of the subject. */
  readonly subject?: string;
  readonly institutionId: string | null;
  readonly after: string | null;
}

export interface ScannedFinding {
  readonly finding_id: string;
  readonly last_seen_at: Date;
  readonly fits: boolean;
}

/** @returns a page, and from where to go on: its last one, or the last that was looked at; undefined where none is left. */
export async function searchFindings(
  tables: Kysely<AlertsTables>,
  filter: FindingsFilter,
): Promise<{ readonly shown: readonly ScannedFinding[]; readonly last: ScannedFinding | undefined }> {
  const shown: ScannedFinding[] = [];
  let after = filter.after;
  for (let looked = 0; ; ) {
    const size = Math.min(looked === 0 ? FIRST_LOOK : LOOK, SCANNED_MAX - looked);
    const rows = await look(tables, { ...filter, after }, size);
    for (const row of rows) {
      if (row.fits) shown.push(row);
      if (shown.length === FINDINGS_PER_PAGE) return { shown, last: row };
    }
    looked += size;
    if (rows.length < size) return { shown, last: undefined };
    if (looked === SCANNED_MAX) return { shown, last: rows.at(-1) };
    after = cursorOf(rows.at(-1)!);
  }
}

/** Ranges of indexes, each in its order: PostgreSQL merges them and reads no further than the limit. */
async function look(tables: Kysely<AlertsTables>, filter: FindingsFilter, size: number) {
  const ranges = indexed(filter).map(
    (
      range,
    ) => sql`(select finding_id, last_seen_at, region, subject_kind, patrol, severity from patrol_findings
      where ${range} and ${behind(filter.after)}
      order by last_seen_at desc, finding_id desc limit ${sql.lit(size)})`,
  );
  if (ranges.length === 0) return [];
  const { rows } = await sql<ScannedFinding>`
    select finding_id, last_seen_at, ${fitting(filter)} as fits from (${sql.join(ranges, sql` union all `)}) found
    order by last_seen_at desc, finding_id desc limit ${sql.lit(size)}`.execute(tables);
  return rows;
}

/** What indexes find, those that leave the fewest as a rule. */
function indexed({ scope, subjectKind, subject, institutionId, patrol, severity }: FindingsFilter) {
  if (subject !== undefined) return [sql`subject_kind = ${subjectKind} and subject_key = ${subject}`];
  if (institutionId !== null) return [sql`institution_id = ${institutionId}`];
  const kind = patrol !== null ? sql`patrol = ${patrol}` : sql`true`;
  if (!scope.includes("")) return rangesOf(scope).map((range) => sql`${inRange(range)} and ${kind}`);
  return [patrol === null && severity !== null ? sql`severity = ${severity}` : kind];
}

function fitting({ scope, subjectKind, patrol, severity }: FindingsFilter) {
  const conditions = [
    scope.includes("")
      ? sql`true`
      : sql`exists (select 1 from unnest(${[...scope]}::text[]) as prefix where starts_with(region, prefix))`,
    subjectKind === null ? sql`true` : sql`subject_kind = ${subjectKind}`,
    patrol === null ? sql`true` : sql`patrol = ${patrol}`,
    severity === null ? sql`true` : sql`severity = ${severity}`,
  ];
  return sql`(${sql.join(conditions, sql` and `)})`;
}

/** Milliseconds and the finding: instants are stored to the millisecond. */
export function cursorOf({ last_seen_at, finding_id }: ScannedFinding): string {
  return `${last_seen_at.getTime()}-${finding_id}`;
}

function behind(after: string | null) {
  const [, ms, findingId] = /^(\d{1,15})-(.+)$/s.exec(after ?? "") ?? [];
  if (ms === undefined || findingId === undefined) return sql`true`;
  return sql`(last_seen_at, finding_id) < (${formatInstant(Number(ms))}::timestamptz, ${findingId})`;
}
