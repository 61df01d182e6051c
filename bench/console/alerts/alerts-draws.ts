/** What each time of a query is about: spread evenly over what was made. */

import { type QueryExecutorProvider, sql } from "kysely";
import { numberOf } from "../../../services/alerts/appeals/appeal-store.js";
import { type AlertsFillOptions, ANALYSTS, BLOCK_CASES, caseNumbers, casesOf } from "./case-numbers.js";
import { cardTailOf, codeOf } from "./fill-cases.js";

export interface AlertsDraw {
  readonly caseId: string;
  readonly personKey: string;
  readonly code: string;
  readonly cardTail: string;
  readonly decisionId: string;
  /** County of the case; its city are the first four digits. */
  readonly region: string;
  readonly at: Date;
  readonly assignee: string;
  readonly findingId: string;
  readonly institutionId: string;
  readonly appealId: string;
  readonly appealNumber: string;
}

interface CaseRow
  extends Omit<AlertsDraw, "assignee" | "findingId" | "institutionId" | "appealId" | "appealNumber"> {}

/** Tables are filled. @throws Error where there is nothing to draw. */
export async function alertsDraws(
  tables: QueryExecutorProvider,
  options: AlertsFillOptions,
  count: number,
): Promise<readonly AlertsDraw[]> {
  const cases = await casesDrawn(tables, options, count);
  const findings = await spread<{ finding_id: string; institution_id: string }>(tables, count, {
    of: "select finding_id, institution_id, last_seen_at from patrol_findings",
    by: "last_seen_at, finding_id",
  });
  const appeals = await spread<{ appeal_id: string; place: number; opened_at: Date }>(tables, count, {
    of: "select appeal_id, place, opened_at from appeals where state <> 'draft'",
    by: "place",
  });
  return cases.map((row, i) => ({
    ...row,
    assignee: `analyst-${String((i % ANALYSTS) + 1).padStart(2, "0")}`,
    findingId: findings[i]!.finding_id,
    institutionId: findings[i]!.institution_id,
    appealId: appeals[i]!.appeal_id,
    appealNumber: numberOf(appeals[i]!.place, appeals[i]!.opened_at.getTime()),
  }));
}

/** Every third is a large one, the first of its block. */
async function casesDrawn(
  tables: QueryExecutorProvider,
  options: AlertsFillOptions,
  count: number,
): Promise<readonly CaseRow[]> {
  const numbers = Array.from({ length: count }, (_, i) => {
    const c = Math.floor(((i + 0.5) * casesOf(options)) / count);
    return i % 3 === 2 ? c - (c % BLOCK_CASES) : c;
  });
  const { rows } = await sql<CaseRow>`
    select case_id as "caseId", person_key as "personKey", ${sql.raw(codeOf("c"))} as code,
      ${sql.raw(cardTailOf("person"))} as "cardTail", first_decision_id as "decisionId", region, last_at as at
    from (${sql.raw(caseNumbers(options, `select unnest(array[${numbers.join(",")}]) as c`))}) cases`.execute(
    tables,
  );
  return rows;
}

async function spread<Row>(
  tables: QueryExecutorProvider,
  count: number,
  { of, by }: { readonly of: string; readonly by: string },
): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    with all_rows as (
      select *, row_number() over (order by ${sql.raw(by)}) - 1 as place_of, count(*) over () as rows from (${sql.raw(of)}) found
    )
    select all_rows.* from generate_series(0, ${sql.lit(count - 1)}) i
    join all_rows on place_of = i * rows / ${sql.lit(count)} order by i`.execute(tables);
  if (rows.length < count) throw new Error(`nothing to draw of: ${of}`);
  return rows;
}
