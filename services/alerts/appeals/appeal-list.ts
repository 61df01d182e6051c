/** Appeals as a list, page by page, by appealId: a page that changes meanwhile leaves nothing out. Drafts are the holder's alone. */

import { type Kysely, sql } from "kysely";
import { APPEAL_STATES, type AppealState } from "../../../schemas/appeal.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { AppealSummary } from "../../../schemas/http/appeals.js";
import { formatInstant } from "../../../schemas/instant.js";
import { inRange, withinScope } from "../overview/within-scope.js";
import { rangesOf } from "../queue/queue-places.js";
import type { AlertsTables } from "../tables.js";
import { numberOf } from "./appeal-store.js";

/** Some 5 kB. */
export const APPEALS_PER_PAGE = 25;
/** For one page: where few of a city lie in its county it holds what there was, and `after` goes on. */
export const APPEALS_LISTED_AT_MAX = 500;
/** Nobody but the holder knows of a draft. */
const LISTED_STATES = APPEAL_STATES.filter((state) => state !== "draft");

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
  return { appeals: rows.map(summaryOf), after: end };
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
  /** Kinds of deadlines. */
  readonly missed: string[];
}

/** @returns a page, and the appeal from which to go on; null where none is left. */
async function search(
  tables: Tables,
  asked: AppealPageAsked,
): Promise<{ readonly rows: readonly AppealRow[]; readonly end: string | null }> {
  const found: AppealRow[] = [];
  let after = asked.after ?? "";
  for (let looked = 0; ; ) {
    const size = APPEALS_PER_PAGE;
    const rows = await look(tables, { ...asked, after }, size);
    for (const row of rows) {
      if (row.fits) found.push(row);
      if (found.length === APPEALS_PER_PAGE) return { rows: found, end: row.appeal_id };
    }
    looked += size;
    if (rows.length < size) return { rows: found, end: null };
    after = rows.at(-1)!.appeal_id;
    if (looked >= APPEALS_LISTED_AT_MAX) return { rows: found, end: after };
  }
}

/** Ranges of the key, or of the indexes of regions, each in its order: PostgreSQL merges them and reads no further than the limit. */
async function look(tables: Tables, { after, state, scope }: AppealPageAsked, size: number) {
  const ranges = rangesOf(scope).flatMap((range) => {
    const behind = sql`appeal_id > ${after} and ${inRange(range)}`;
    const conditions =
      range.digits === 0 && state === null
        ? [sql`${behind} and state <> 'draft'`]
        : LISTED_STATES.filter((one) => state === null || one === state).map(
            (one) => sql`${behind} and state = ${one}`,
          );
    return conditions.map(
      (condition) =>
        sql`(select * from appeals where ${condition} order by appeal_id limit ${sql.lit(size)})`,
    );
  });
  if (ranges.length === 0) return [];
  const { rows } = await sql<AppealRow>`
    select appeal_id, place, case_id, state, version, opened_at, changed_at,
      ${withinScope(scope, sql.ref("appeals.region"))} as fits,
      array(
        select kind from appeal_escalations late where late.appeal_id = appeals.appeal_id order by due_at
      ) as missed
    from (${sql.join(ranges, sql` union all `)}) appeals order by appeal_id limit ${sql.lit(size)}`.execute(
    tables,
  );
  return rows;
}

function summaryOf(row: AppealRow): AppealSummary {
  return {
    appealId: row.appeal_id,
    number: numberOf(row.place, row.opened_at.getTime()),
    caseId: row.case_id,
    state: row.state,
    version: row.version,
    openedAt: formatInstant(row.opened_at.getTime()),
    changedAt: formatInstant(row.changed_at.getTime()),
    missed: row.missed,
  };
}
