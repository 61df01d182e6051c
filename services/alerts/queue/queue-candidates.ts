/**
 * Questions to which few cases can be the answer: those are looked up by what they have in common and put in order here, instead
 * of searching the queue for them.
 */

import { type Kysely, type QueryExecutorProvider, type RawBuilder, sql } from "kysely";
import type { AskedFilter } from "../../../schemas/console/queue-filter.js";
import { assertNever } from "../assert-never.js";
import { type CaseCodeTables, caseIdOfCode } from "../cases/case-code.js";
import type { AlertsTables } from "../tables.js";
import { LATEST, matches, WORK_OF_CASE } from "./queue-conditions.js";
import { comparePlaces } from "./queue-places.js";
import { type QueueAsked, type QueueFound, scannedRows } from "./queue-scan.js";

/** Rows that are looked up at once; where there are more, they are not few and the queue is searched. */
export const CANDIDATES_MAX = 1_000;

type Tables = Kysely<AlertsTables & CaseCodeTables>;

/**
 * A query for the ids of all cases that it can be, `case_id`, some of them more than once: they stay in the database.
 * @returns null where they may be many. @throws DatabaseError.
 */
export async function candidatesOf(
  tables: Kysely<AlertsTables>,
  filter: AskedFilter,
): Promise<RawBuilder<unknown> | null> {
  const { text, institution } = filter;
  if (text !== null) return byText(tables as unknown as Tables, text);
  if (institution !== null) {
    const alerts = sql`select case_id from alerts where institution_id = ${institution} order by occurred_at desc`;
    if (await areFew(tables, alerts)) return atMost(alerts, CANDIDATES_MAX);
  }
  const work = byWork(filter);
  return work !== null && (await areFew(tables, work)) ? atMost(work, CANDIDATES_MAX) : null;
}

async function byText(tables: Tables, text: NonNullable<AskedFilter["text"]>): Promise<RawBuilder<unknown>> {
  switch (text.kind) {
    case "code":
      return sql`select ${await caseIdOfCode(tables, text.code)}::text as case_id`;
    case "case":
      return sql`select ${text.caseId}::text as case_id`;
    case "person":
      return atMost(
        sql`select case_id from cases where person_key = ${text.personKey} order by ordinal desc`,
        CANDIDATES_MAX,
      );
    case "card-tail":
      // Every tail is many people's: the latest ones.
      return atMost(
        sql`select case_id from alerts where card_tail = ${text.cardTail} order by occurred_at desc`,
        CANDIDATES_MAX,
      );
    default:
      return assertNever(text);
  }
}

/** What people work on is little beside what nobody has looked at. @returns null where work says nothing. */
function byWork({ assignee, states }: AskedFilter): RawBuilder<unknown> | null {
  if (assignee.kind === "nobody") return null;
  const open = states.includes("closed") ? sql`true` : sql`state <> 'closed'`;
  // In the order of their index: else as much of the table might be read until there are enough.
  if (assignee.kind === "person")
    return sql`select case_id from case_work where assignee = ${assignee.name} and ${open} order by changed_at desc`;
  return states.includes("new")
    ? null
    : sql`select case_id from case_work where state = any(${states}::text[])`;
}

async function areFew(database: QueryExecutorProvider, candidates: RawBuilder<unknown>): Promise<boolean> {
  const { rows } = await sql<{ rows: number }>`
    select count(*)::int as rows from (${atMost(candidates, CANDIDATES_MAX + 1)}) candidates`.execute(
    database,
  );
  return rows[0]!.rows <= CANDIDATES_MAX;
}

function atMost(candidates: RawBuilder<unknown>, most: number): RawBuilder<unknown> {
  return sql`${candidates} limit ${sql.lit(most)}`;
}

/** Of these cases those that match, as a search would have found them. */
export async function searchCandidates(
  tables: Kysely<AlertsTables>,
  candidates: RawBuilder<unknown>,
  asked: QueueAsked,
): Promise<QueueFound> {
  const { filter, after, limit } = asked;
  const places = await scannedRows(tables, candidatesStatement(candidates, asked));
  const ordered = places
    .filter((place) => after === null || comparePlaces(filter.sort, place, after) > 0)
    .sort((a, b) => comparePlaces(filter.sort, a, b));
  const found = ordered.slice(0, limit);
  return { found, after: ordered.length > limit ? found.at(-1)! : null, isCut: false };
}

export function candidatesStatement(
  candidates: RawBuilder<unknown>,
  { filter, scope }: Pick<QueueAsked, "filter" | "scope">,
): RawBuilder<unknown> {
  const statuses = filter.states.map((state) => (state === "closed" ? "closed" : "open"));
  return sql`
    select cases.case_id, cases.highest_severity, ${LATEST} as at, true as matches
    from (select distinct case_id from (${candidates}) found) candidate
    cross join lateral (
      select * from cases where case_id = candidate.case_id and status = any(${statuses}::text[])
        and highest_severity = any(${filter.severities}::text[]) limit 1
    ) cases ${WORK_OF_CASE}
    where ${matches(filter, scope)}`;
}
