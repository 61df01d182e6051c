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

/** @returns null where they may be many. @throws DatabaseError. */
export async function candidatesOf(
  tables: Kysely<AlertsTables>,
  filter: AskedFilter,
): Promise<readonly string[] | null> {
  const { text, institution } = filter;
  if (text !== null) return byText(tables as unknown as Tables, text);
  if (institution !== null) {
    const found = await distinctCases(
      tables,
      sql<{
        case_id: string;
      }>`select case_id from alerts where institution_id = ${institution} order by occurred_at desc limit ${sql.lit(CANDIDATES_MAX + 1)}`,
    );
    if (found.alerts <= CANDIDATES_MAX) return found.caseIds;
  }
  return byWork(tables, filter);
}

async function byText(tables: Tables, text: NonNullable<AskedFilter["text"]>): Promise<readonly string[]> {
  switch (text.kind) {
    case "code":
      return [await caseIdOfCode(tables, text.code)].filter((caseId) => caseId !== null);
    case "case":
      return [text.caseId];
    case "person": {
      const rows = await tables
        .selectFrom("cases")
        .select("case_id")
        .where("person_key", "=", text.personKey)
        .orderBy("ordinal", "desc")
        .limit(CANDIDATES_MAX)
        .execute();
      return rows.map(({ case_id }) => case_id);
    }
    case "card-tail": {
      // Every tail is many people's: the latest ones.
      const found = await distinctCases(
        tables,
        sql<{
          case_id: string;
        }>`select case_id from alerts where card_tail = ${text.cardTail} order by occurred_at desc limit ${sql.lit(CANDIDATES_MAX)}`,
      );
      return found.caseIds;
    }
    default:
      return assertNever(text);
  }
}

/** What people work on is little beside what nobody has looked at. */
async function byWork(
  tables: Kysely<AlertsTables>,
  { assignee, states }: AskedFilter,
): Promise<readonly string[] | null> {
  if (assignee.kind !== "person" && states.includes("new")) return null;
  if (assignee.kind === "nobody") return null;
  let query = tables
    .selectFrom("case_work")
    .select("case_id")
    .limit(CANDIDATES_MAX + 1);
  // In the order of their index: else as much of the table might be read until there are enough.
  if (assignee.kind === "person")
    query = query.where("assignee", "=", assignee.name).orderBy("changed_at", "desc");
  if (assignee.kind !== "person") query = query.where("state", "in", states);
  else if (!states.includes("closed")) query = query.where("state", "<>", "closed");
  const rows = await query.execute();
  return rows.length > CANDIDATES_MAX ? null : rows.map(({ case_id }) => case_id);
}

async function distinctCases(database: QueryExecutorProvider, alerts: RawBuilder<{ case_id: string }>) {
  const { rows } = await alerts.execute(database);
  return { alerts: rows.length, caseIds: [...new Set(rows.map(({ case_id }) => case_id))] };
}

/** Of these cases those that match, as a search would have found them. */
export async function searchCandidates(
  tables: Kysely<AlertsTables>,
  caseIds: readonly string[],
  asked: QueueAsked,
): Promise<QueueFound> {
  const { filter, after, limit } = asked;
  const places = caseIds.length === 0 ? [] : await scannedRows(tables, candidatesStatement(caseIds, asked));
  const ordered = places
    .filter((place) => after === null || comparePlaces(filter.sort, place, after) > 0)
    .sort((a, b) => comparePlaces(filter.sort, a, b));
  const found = ordered.slice(0, limit);
  return { found, after: ordered.length > limit ? found.at(-1)! : null, isCut: false };
}

export function candidatesStatement(
  caseIds: readonly string[],
  { filter, scope }: Pick<QueueAsked, "filter" | "scope">,
): RawBuilder<unknown> {
  const statuses = filter.states.map((state) => (state === "closed" ? "closed" : "open"));
  return sql`
    select cases.case_id, cases.highest_severity, ${LATEST} as at, true as matches
    from cases ${WORK_OF_CASE}
    where cases.case_id = any(${caseIds}::text[]) and cases.status = any(${statuses}::text[])
      and cases.highest_severity = any(${filter.severities}::text[]) and ${matches(filter, scope)}`;
}
