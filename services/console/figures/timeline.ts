/** The journal of one person, newest first, and single swipes of it. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { TimelinePage, TimelineSwipe } from "../../../schemas/http/figures.js";
import type { FiguresDesk } from "../server/figures-desk.js";
import { rowPlaceOf } from "./decision-rows.js";
import { eventRows } from "./event-rows.js";
import { textIn } from "./figure-sums.js";
import { allOf, ask, type Condition, type FiguresDatabase, scopeCondition } from "./figures-query.js";
import { judgedOf, keysOf, revisionsOf } from "./person-rows.js";
import { plainDecisions } from "./plain-decisions.js";
import { cursorOf, placeAfter, placeOf, type RowPlace } from "./row-place.js";
import { entryOf, JOURNAL_COLUMNS, judgedBy, type Said } from "./timeline-entries.js";

/** Each swipe of a page is looked up in the order of events and of time. */
export const TIMELINE_LIMIT_MAX = 50;
/** All there is: the last moment that four digits of a year can say. */
const EVER = { from: 0, to: Date.UTC(9999, 11, 31) };

export async function personTimeline(
  database: FiguresDatabase,
  asked: Parameters<FiguresDesk["personTimeline"]>[0],
): Promise<TimelinePage> {
  const { scope, range = EVER, signal } = asked;
  const limit = Math.min(TIMELINE_LIMIT_MAX, Math.max(1, asked.limit));
  const keys = await keysOf(database, asked.personKey);
  // Whoever sees the nation sees whatever there is: that question reads the person's granules once more.
  const seen: Condition | null = scope.includes("")
    ? { sql: "true", parameters: {} }
    : await seenBy(database, scope, keys);
  if (seen === null) return { entries: [], after: null };
  const before = asked.after === null ? placeAfter(range.to) : placeOf(asked.after);
  const rows = await ask(
    database,
    pageOf({ keys, seen, from: range.from, before, limit: limit + 1 }),
    signal,
  );
  const shown = rows.slice(0, limit);
  const said = await saidOf(database, { scope, keys, rows: shown, signal });
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
  const keys = await keysOf(database, textIn(row, "person"));
  const [journal] = await ask(database, {
    sql: `SELECT ${JOURNAL_COLUMNS} FROM journal_records
      WHERE ${OF_KEYS} AND type = 'swipe' AND eventId = {eventId:String} ORDER BY appendedAt, logOffset LIMIT 1`,
    parameters: { keys: [...keys], eventId },
  });
  if (journal === undefined) return null;
  const said = await saidOf(database, { scope, keys, rows: [journal], signal: undefined });
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
  readonly from: number;
  readonly before: RowPlace;
  readonly limit: number;
}

function pageOf({ keys, seen, from, before, limit }: Page) {
  const { sql, parameters } = allOf([
    { sql: OF_KEYS, parameters: { keys: [...keys] } },
    seen,
    {
      sql: `occurredAt >= fromUnixTimestamp64Milli({from:Int64})
        AND (occurredAt, partition, logOffset) < (fromUnixTimestamp64Milli({beforeAt:Int64}), {beforePartition:UInt16}, {beforeOffset:UInt64})`,
      parameters: {
        ...{
          from,
          beforeAt: before.at,
          beforePartition: before.partition,
          beforeOffset: before.journalOffset,
        },
      },
    },
  ]);
  return {
    sql: `SELECT ${JOURNAL_COLUMNS} FROM journal_records WHERE ${sql}
      ORDER BY occurredAt DESC, partition DESC, logOffset DESC LIMIT 1 BY partition, logOffset LIMIT {limit:UInt32}`,
    parameters: { ...parameters, limit },
  };
}

interface SaidAsked {
  readonly scope: Scope;
  readonly keys: readonly string[];
  readonly rows: readonly Row[];
  readonly signal: AbortSignal | undefined;
}

async function saidOf(database: FiguresDatabase, { scope, keys, rows, signal }: SaidAsked): Promise<Said> {
  const judged = await judgedOf(database, keys, signal);
  const revisions = await revisionsOf(database, keys, signal);
  const swipes = rows.filter((row) => row.type === "swipe" && judgedBy(row, judged)?.type !== "decision");
  return { judged, revisions, plain: await plainDecisions(database, { scope, swipes, signal }) };
}
