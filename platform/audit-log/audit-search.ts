/**
 * Entries of the audit log by who, what, of what and when: the latest first, page by page.
 *
 * 1. A page looks at `SCANNED_MAX` entries at most, whatever is asked: what is given exactly is found by an index, the rest
 *    among those. Where a page ends before the log does, `before` says from where to go on, also of an empty page.
 */

import { type Kysely, sql } from "kysely";
import type { AuditTables } from "./audit-log.js";

export interface AuditAsked {
  readonly actor: string | null;
  /** `case.assigned`, or a kind with its point: `case.` */
  readonly action: string | null;
  /** `case:…` */
  readonly subject: string | null;
  /** ISO 8601 with +08:00, as entries have it: from then on, and before then. */
  readonly from: string | null;
  readonly to: string | null;
  /** Number of the last page's last entry that was looked at; null for the first page. */
  readonly before: number | null;
}

export interface AuditFound {
  /** As they are hashed. */
  readonly lines: readonly string[];
  readonly before: number | null;
}

/** A screen, some 20 kB. */
export const FOUND_MAX = 50;
/** Some twenty milliseconds where none of them fits. */
export const SCANNED_MAX = 1_100;
/** Rows of one statement, twice as many in each that follows: so few that PostgreSQL reads an index in its order also where it knows nothing of the table. */
const FIRST_LOOK = 2 * FOUND_MAX;
const LOOK_MAX = 500;

interface Range {
  readonly from: number;
  readonly end: number;
}

export async function searchAudit<Tables>(database: Kysely<Tables>, asked: AuditAsked): Promise<AuditFound> {
  const tables = database as unknown as Kysely<AuditTables>;
  const range = await seqRange(tables, asked);
  if (range === null) return { lines: [], before: null };
  const found: string[] = [];
  for (let looked = 0, end = range.end, next = FIRST_LOOK; ; next = Math.min(2 * next, LOOK_MAX)) {
    const size = Math.min(next, SCANNED_MAX - looked);
    const rows = await look(tables, asked, { from: range.from, end, size });
    for (const { seq, line } of rows) {
      if (line !== null) found.push(line);
      if (found.length === FOUND_MAX) return { lines: found, before: seq };
    }
    looked += size;
    if (rows.length < size) return { lines: found, before: null };
    end = rows.at(-1)!.seq;
    if (looked === SCANNED_MAX) return { lines: found, before: end };
  }
}

/** Entries by number, the latest first; without the line where it does not fit. */
async function look(
  tables: Kysely<AuditTables>,
  asked: AuditAsked,
  { from, end, size }: Range & { readonly size: number },
): Promise<readonly { readonly seq: number; readonly line: string | null }[]> {
  const { rows } = await sql<{ seq: number; line: string | null }>`
    select seq, case when ${fitting(asked)} then line end as line from (
      select * from audit_log where seq >= ${from} and seq < ${end} ${indexed(asked)}
      order by seq desc limit ${sql.lit(size)}
    ) audit_log`.execute(tables);
  return rows;
}

/** Entries are in the order of their times. @returns null where none lies in the time. */
async function seqRange(
  tables: Kysely<AuditTables>,
  { from, to, before }: AuditAsked,
): Promise<Range | null> {
  const firstAt = async (at: string) => {
    const { rows } = await sql<{ seq: number }>`
      select seq from audit_log where at collate "C" >= ${at} order by at collate "C", seq limit 1`.execute(
      tables,
    );
    return rows[0]?.seq ?? null;
  };
  const first = from === null ? 1 : await firstAt(from);
  if (first === null) return null;
  const behind = to === null ? null : await firstAt(to);
  return { from: first, end: Math.min(before ?? MAX_SEQ, behind ?? MAX_SEQ) };
}

/** Of integer in the database. */
const MAX_SEQ = 2_147_483_647;

/** The one that leaves the fewest, as a rule: the engine reads its index backwards. */
function indexed({ subject, actor, action }: AuditAsked) {
  if (subject !== null) return sql`and subject = ${escaped(subject)}`;
  if (actor !== null) return sql`and actor = ${escaped(actor)}`;
  if (action !== null && !action.endsWith(".")) return sql`and action = ${escaped(action)}`;
  return sql``;
}

function fitting({ subject, actor, action }: AuditAsked) {
  const conditions = [
    subject === null ? sql`true` : sql`subject = ${escaped(subject)}`,
    actor === null ? sql`true` : sql`actor = ${escaped(actor)}`,
    action === null
      ? sql`true`
      : action.endsWith(".")
        ? sql`starts_with(action, ${escaped(action)})`
        : sql`action = ${escaped(action)}`,
  ];
  return sql`coalesce(${sql.join(conditions, sql` and `)}, false)`;
}

/** As it stands in a line. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
