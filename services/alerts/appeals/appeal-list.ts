/** Appeals as a list, page by page, by appealId: a page that changes meanwhile leaves nothing out. Drafts are the holder's alone. */

import { type Kysely, sql } from "kysely";
import type { AppealState } from "../../../schemas/appeal.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { AppealSummary } from "../../../schemas/http/appeals.js";
import { formatInstant } from "../../../schemas/instant.js";
import { belongsTo } from "../cases/case-scope.js";
import type { AlertsTables } from "../tables.js";
import { numberOf } from "./appeal-store.js";

/** Some 20 kB. */
const PAGE = 100;
/** For one page: where few lie in the scope it holds what there was, and `after` goes on. */
export const APPEALS_LISTED_AT_MAX = 2_000;
/** Rows of one statement after the first: so few that PostgreSQL reads an index in its order also where it knows nothing of the table. */
const LOOK = 200;

export interface AppealPageAsked {
  /** As the last page said, an appealId; null for the first page. */
  readonly after: string | null;
  readonly state: AppealState | null;
  readonly scope: Scope;
}

export interface AppealPage {
  readonly appeals: readonly AppealSummary[];
  readonly after: string | null;
}

type Tables = Kysely<AlertsTables>;

export async function appealPage(tables: Tables, asked: AppealPageAsked): Promise<AppealPage> {
  const { rows, end } = await search(tables, asked);
  const missed = await missedOf(
    tables,
    rows.map(({ appeal_id }) => appeal_id),
  );
  return {
    appeals: rows.map((row) => summaryOf(row, missed.get(row.appeal_id) ?? [])),
    after: end,
  };
}

interface AppealRow {
  readonly appeal_id: string;
  readonly place: number;
  readonly case_id: string;
  readonly state: AppealState;
  readonly version: number;
  readonly opened_at: Date;
  readonly changed_at: Date;
  readonly fits: boolean;
}

/** @returns a page, and the appeal from which to go on; null where none is left. */
async function search(
  tables: Tables,
  asked: AppealPageAsked,
): Promise<{ readonly rows: readonly AppealRow[]; readonly end: string | null }> {
  const found: AppealRow[] = [];
  let after = asked.after ?? "";
  for (let looked = 0; ; ) {
    const size = looked === 0 ? PAGE : LOOK;
    const rows = await look(tables, { ...asked, after }, size);
    for (const row of rows) {
      if (row.fits) found.push(row);
      if (found.length === PAGE) return { rows: found, end: row.appeal_id };
    }
    looked += size;
    if (rows.length < size) return { rows: found, end: null };
    after = rows.at(-1)!.appeal_id;
    if (looked >= APPEALS_LISTED_AT_MAX) return { rows: found, end: after };
  }
}

/** A range of the key, or of the index of states. */
async function look(tables: Tables, { after, state, scope }: AppealPageAsked, size: number) {
  const ofState = state === null ? sql`` : sql`and state = ${state}`;
  const { rows } = await sql<AppealRow>`
    select appeals.*, appeals.state <> 'draft' and ${belongsTo(scope)} as fits from (
      select * from appeals where appeal_id > ${after} ${ofState} order by appeal_id limit ${sql.lit(size)}
    ) appeals cross join lateral (select region from cases where case_id = appeals.case_id limit 1) cases
    order by appeal_id`.execute(tables);
  return rows;
}

function summaryOf(row: AppealRow, missed: string[]): AppealSummary {
  return {
    appealId: row.appeal_id,
    number: numberOf(row.place, row.opened_at.getTime()),
    caseId: row.case_id,
    state: row.state,
    version: row.version,
    openedAt: formatInstant(row.opened_at.getTime()),
    changedAt: formatInstant(row.changed_at.getTime()),
    missed,
  };
}

/** Kinds of deadlines, by appeal. */
async function missedOf(tables: Tables, ids: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const missed = new Map<string, string[]>();
  if (ids.length === 0) return missed;
  const rows = await tables
    .selectFrom("appeal_escalations")
    .select(["appeal_id", "kind"])
    .where("appeal_id", "in", ids)
    .orderBy("due_at")
    .execute();
  for (const { appeal_id, kind } of rows) missed.set(appeal_id, [...(missed.get(appeal_id) ?? []), kind]);
  return missed;
}
