/**
 * What patrols found, for the console: page by page, and one whole.
 *
 * 1. A page looks at `SCANNED_MAX` findings at most. Where that ends before a page is full it says how far it looked.
 */

import { type Kysely, sql } from "kysely";
import { isInScope, type Scope } from "../../../schemas/console/access.js";
import type { Severity } from "../../../schemas/fields.js";
import type { FindingDetail, FindingPage, FindingSummary } from "../../../schemas/http/subjects.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { PatrolId } from "../../../schemas/patrols.js";
import { findingText } from "../patrol/finding.js";
import { patrolOf } from "../patrol/registry.js";
import type { AlertsTables } from "../tables.js";

export const FINDINGS_PER_PAGE = 50;
/** Some ten milliseconds where none of them fits. */
export const SCANNED_MAX = 300;
/** Rows of one statement: so few that PostgreSQL reads an index in its order also where it knows nothing of the table. */
const FIRST_LOOK = 2 * FINDINGS_PER_PAGE;
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

/** The latest seen first. */
export async function findingPage(
  tables: Kysely<AlertsTables>,
  filter: FindingsFilter,
): Promise<FindingPage> {
  const { shown, last } = await search(tables, filter);
  const rows = await findingRows(
    tables,
    shown.map(({ finding_id }) => finding_id),
  );
  return {
    findings: rows.map(summaryOf),
    after: last === undefined ? null : cursorOf(last),
    searchedTo: last === undefined ? null : formatInstant(last.last_seen_at.getTime()),
  };
}

/** null where there is none within the scope. */
export async function findingDetail(
  tables: Kysely<AlertsTables>,
  findingId: string,
  scope: Scope,
): Promise<FindingDetail | null> {
  const [row] = await findingRows(tables, [findingId]);
  if (row === undefined || !isInScope(scope, row.region)) return null;
  const { sees, basis, next } = patrolOf(row.patrol);
  const { settings, query } = row.parameters;
  return {
    ...summaryOf(row),
    sees: { ...sees },
    basis: { ...basis },
    next: { ...next },
    facts: { ...row.facts },
    parameters: { settings: { ...settings }, query: { ...query } },
    query: row.query,
    querySha256: row.query_sha256,
    evidenceSha256: row.evidence_sha256,
    evidence: row.evidence.map(({ atMs, eventId, personKey, institutionId }) => ({
      at: formatInstant(atMs),
      eventId,
      personKey,
      institutionId,
    })),
  };
}

interface ScannedRow {
  readonly finding_id: string;
  readonly last_seen_at: Date;
  readonly fits: boolean;
}

/** @returns a page, and from where to go on: its last one, or the last that was looked at; undefined where none is left. */
async function search(
  tables: Kysely<AlertsTables>,
  filter: FindingsFilter,
): Promise<{ readonly shown: readonly ScannedRow[]; readonly last: ScannedRow | undefined }> {
  const shown: ScannedRow[] = [];
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

async function look(tables: Kysely<AlertsTables>, filter: FindingsFilter, size: number) {
  const { rows } = await sql<ScannedRow>`
    select finding_id, last_seen_at, ${fitting(filter)} as fits from patrol_findings
    where ${indexed(filter)} and ${behind(filter.after)}
    order by last_seen_at desc, finding_id desc limit ${sql.lit(size)}`.execute(tables);
  return rows;
}

async function findingRows(tables: Kysely<AlertsTables>, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return tables
    .selectFrom("patrol_findings as f")
    .innerJoin("patrol_queries as q", "q.query_sha256", "f.query_sha256")
    .leftJoin("alerts as a", "a.finding_id", "f.finding_id")
    .selectAll("f")
    .select(["q.query", "a.case_id", sql<string>`f.region`.as("region")])
    .where("f.finding_id", "=", sql<string>`any(${[...ids]}::text[])`)
    .orderBy("f.last_seen_at", "desc")
    .orderBy("f.finding_id", "desc")
    .execute();
}

type FindingRow = Awaited<ReturnType<typeof findingRows>>[number];

function summaryOf(row: FindingRow): FindingSummary {
  const patrol = patrolOf(row.patrol);
  return {
    findingId: row.finding_id,
    patrol: row.patrol,
    name: patrol.name,
    subjectKind: row.subject_kind,
    subject: row.subject_key,
    window: row.window_key,
    severity: row.severity,
    institutionId: row.institution_id,
    region: row.region,
    caseId: row.case_id,
    text: { ...findingText(patrol, { ...row.parameters.settings, ...row.facts }) },
    evidenceCount: Number(row.evidence_count),
    firstAt: formatInstant(row.first_at.getTime()),
    lastAt: formatInstant(row.last_at.getTime()),
    firstSeenAt: formatInstant(row.first_seen_at.getTime()),
    lastSeenAt: formatInstant(row.last_seen_at.getTime()),
    timesSeen: Number(row.times_seen),
  };
}

/** What an index finds, the one that leaves the fewest as a rule. */
function indexed({ subjectKind, subject, institutionId, patrol, severity }: FindingsFilter) {
  if (subject !== undefined) return sql`subject_kind = ${subjectKind} and subject_key = ${subject}`;
  if (institutionId !== null) return sql`institution_id = ${institutionId}`;
  if (patrol !== null) return sql`patrol = ${patrol}`;
  return severity === null ? sql`true` : sql`severity = ${severity}`;
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
function cursorOf({ last_seen_at, finding_id }: ScannedRow): string {
  return `${last_seen_at.getTime()}-${finding_id}`;
}

function behind(after: string | null) {
  const [, ms, findingId] = /^(\d{1,15})-(.+)$/s.exec(after ?? "") ?? [];
  if (ms === undefined || findingId === undefined) return sql`true`;
  return sql`(last_seen_at, finding_id) < (${formatInstant(Number(ms))}::timestamptz, ${findingId})`;
}
