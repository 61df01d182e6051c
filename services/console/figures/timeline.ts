/** The journal of one person, newest first, and single swipes of it. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { TimelinePage, TimelineSwipe } from "../../../schemas/http/figures.js";
import type { FiguresDesk, Range } from "../server/figures-desk.js";
import { rowPlaceOf } from "./decision-rows.js";
import { eventRows } from "./event-rows.js";
import { textIn } from "./figure-sums.js";
import { allOf, ask, type Condition, type FiguresDatabase, scopeCondition } from "./figures-query.js";
import { type PersonSaid, personSaid } from "./person-rows.js";
import { plainDecisions } from "./plain-decisions.js";
import { cursorOf, placeAfter, placeOf, type RowPlace } from "./row-place.js";
import { entryOf, JOURNAL_COLUMNS, judgedBy, type Said } from "./timeline-entries.js";

/** Each swipe of a page is looked up in the order of events and of time. */
export const TIMELINE_LIMIT_MAX = 50;

export async function personTimeline(
  database: FiguresDatabase,
  asked: Parameters<FiguresDesk["personTimeline"]>[0],
): Promise<TimelinePage> {
  const { scope, range, signal } = asked;
  const limit = Math.min(TIMELINE_LIMIT_MAX, Math.max(1, asked.limit));
  const person = await personSaid(database, asked.personKey, signal);
  const { keys } = person;
  // Whoever sees the nation sees whatever there is: that question reads the person's granules once more.
  const seen: Condition | null = scope.includes("")
    ? { sql: "true", parameters: {} }
    : await seenBy(database, scope, keys);
  if (seen === null) return { entries: [], after: null };
  const question = pageOf({ keys, seen, range, after: asked.after, limit: limit + 1 });
  const rows = await ask(database, question, signal);
  const shown = rows.slice(0, limit);
  const said = await saidOf(database, { scope, person, rows: shown, signal });
  return {
    entries: shown.map((row) => entryOf(row, said)),
    after: rows.length > limit ? cursorOf(rowPlaceOf(shown.at(-1)!)) : null,
  };
}

/** One swipe with its reasons; null where there is none within the scope. */
export async function swipeOf(
  database: FiguresDatabase,
  { scope, eventId }: { readonly scope: Scope; readonly eventId: string },
): Promise<TimelineSwipe | null> {
  const [row] = (await eventRows(database, { scope, eventIds: [eventId] })).get(eventId) ?? [];
  if (row === undefined) return null;
  const person = await personSaid(database, textIn(row, "person"));
  const [journal] = await ask(database, {
    sql: `SELECT ${JOURNAL_COLUMNS} FROM journal_records
      WHERE ${OF_KEYS} AND type = 'swipe' AND eventId = {eventId:String} ORDER BY appendedAt, logOffset LIMIT 1`,
    parameters: { keys: [...person.keys], eventId },
  });
  if (journal === undefined) return null;
  const said = await saidOf(database, { scope, person, rows: [journal], signal: undefined });
  const entry = entryOf(journal, said);
  return entry.type === "swipe" ? entry : null;
}

const OF_KEYS = "has({keys:Array(String)}, personKey) AND personKey IN ({keys:Array(String)})";

/** Which of the person's records a scope of regions may see: null none. Without a swipe in it, only what names its regions. */
async function seenBy(
  database: FiguresDatabase,
  scope: Scope,
  keys: readonly string[],
): Promise<Condition | null> {
  const regions = scopeCondition(scope);
  const own = "arrayExists(prefix -> startsWith(region, prefix), {scope:Array(String)})";
  const [found] = await ask(database, {
    sql: `SELECT countIf(type = 'swipe' AND ${regions.sql}) > 0 AS hasSwipe, countIf(type = 'card-status' AND ${own}) > 0 AS hasStatus
      FROM journal_records WHERE ${OF_KEYS}`,
    parameters: { ...regions.parameters, keys: [...keys] },
  });
  const isTrue = (column: string) => Boolean(found?.[column]);
  if (isTrue("hasSwipe")) return { sql: `type != 'swipe' OR ${regions.sql}`, parameters: regions.parameters };
  if (!isTrue("hasStatus")) return null;
  return { sql: `type = 'card-status' AND ${own}`, parameters: regions.parameters };
}

interface Page {
  readonly keys: readonly string[];
  readonly seen: Condition;
  readonly range: Range | undefined;
  readonly after: string | null;
  readonly limit: number;
}

function pageOf({ keys, seen, range, after, limit }: Page) {
  const { sql, parameters } = allOf([
    { sql: OF_KEYS, parameters: { keys: [...keys] } },
    seen,
    ...timesOf(range, after),
  ]);
  return {
    sql: `SELECT ${JOURNAL_COLUMNS} FROM journal_records WHERE ${sql}
      ORDER BY occurredAt DESC, partition DESC, logOffset DESC LIMIT 1 BY partition, logOffset LIMIT {limit:UInt32}`,
    parameters: { ...parameters, limit },
  };
}

/** Only what is asked: a condition that holds for all rows is looked up in every part's indexes like any other. */
function timesOf(range: Range | undefined, after: string | null): readonly Condition[] {
  const conditions: Condition[] = [];
  if (range !== undefined)
    conditions.push({
      sql: "occurredAt >= fromUnixTimestamp64Milli({from:Int64})",
      parameters: { from: range.from },
    });
  if (after !== null) conditions.push(beforeCondition(placeOf(after)));
  else if (range !== undefined) conditions.push(beforeCondition(placeAfter(range.to)));
  return conditions;
}

function beforeCondition({ at, partition, journalOffset }: RowPlace): Condition {
  return {
    sql: `(occurredAt, partition, logOffset) <
      (fromUnixTimestamp64Milli({beforeAt:Int64}), {beforePartition:UInt16}, {beforeOffset:UInt64})`,
    parameters: { beforeAt: at, beforePartition: partition, beforeOffset: journalOffset },
  };
}

interface SaidAsked {
  readonly scope: Scope;
  readonly person: PersonSaid;
  readonly rows: readonly Row[];
  readonly signal: AbortSignal | undefined;
}

async function saidOf(database: FiguresDatabase, { scope, person, rows, signal }: SaidAsked): Promise<Said> {
  const { judged, revisions } = person;
  const swipes = rows.filter((row) => row.type === "swipe" && judgedBy(row, judged)?.type !== "decision");
  return { judged, revisions, plain: await plainDecisions(database, { scope, swipes, signal }) };
}
