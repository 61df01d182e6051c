/** The console's figures and lists out of the analytics database (port: services/console/server/figures-desk.ts). */

import type { DecisionPage, DecisionRow } from "../../../schemas/http/figures.js";
import { formatInstant } from "../../../schemas/instant.js";
import { type FiguresDesk, RANGE_DAYS_MAX, ROWS_PER_PAGE_MAX } from "../server/figures-desk.js";
import { decisionRowOf } from "./decision-rows.js";
import { scanDecisions } from "./decision-scan.js";
import { eventRows } from "./event-rows.js";
import { numberIn, textIn } from "./figure-sums.js";
import { ask, checkRange, type FiguresDatabase } from "./figures-query.js";
import { institution, institutions } from "./institutions.js";
import { neighbours } from "./neighbours.js";
import { revisedBy, revisionsOf } from "./person-rows.js";
import { cursorOf } from "./row-place.js";
import { personTimeline, swipeOf } from "./timeline.js";
import { cities, rules, rulesByCity, today, trend } from "./totals.js";

/** @param database a reader of its own: queries wait for each other. */
export function openFiguresDesk(database: FiguresDatabase): FiguresDesk {
  return {
    today: (asked) => today(database, asked),
    trend: (asked) => trend(database, asked),
    rules: (asked) => rules(database, asked),
    rulesByCity: (asked) => rulesByCity(database, asked),
    cities: (asked) => cities(database, asked),
    institutions: (asked) => institutions(database, asked),
    institution: (asked) => institution(database, asked),
    decisions: (asked) => decisions(database, asked),
    findEvent: (asked) => findEvent(database, asked),
    swipe: (asked) => swipeOf(database, asked),
    personTimeline: (asked) => personTimeline(database, asked),
    neighbours: (asked) => neighbours(database, asked),
    newestAt: () => newestAt(database),
  };
}

async function decisions(
  database: FiguresDatabase,
  asked: Parameters<FiguresDesk["decisions"]>[0],
): Promise<DecisionPage> {
  const { scope, range, filter = {}, after, signal } = asked;
  checkRange(range, RANGE_DAYS_MAX);
  if (filter.terminalId !== undefined && filter.institutionId === undefined)
    throw new RangeError(
      "terminalId: expected institutionId beside it; one number stands at many institutions",
    );
  const limit = Math.min(ROWS_PER_PAGE_MAX, Math.max(1, asked.limit));
  const { rows, next } = await scanDecisions(database, { scope, range, filter, after, limit, signal });
  const persons = [...new Set(rows.map((row) => textIn(row, "person")))];
  const revisions = await revisionsOf(database, persons, signal);
  return {
    rows: rows.map((row) => decisionRowOf(row, revisedBy(revisions.get(textIn(row, "decision"))))),
    after: next === null ? null : cursorOf(next),
    searchedTo: next === null ? null : formatInstant(next.at),
  };
}

async function findEvent(
  database: FiguresDatabase,
  { scope, eventId }: Parameters<FiguresDesk["findEvent"]>[0],
): Promise<DecisionRow | null> {
  const [row] = (await eventRows(database, { scope, eventIds: [eventId] })).get(eventId) ?? [];
  if (row === undefined) return null;
  const revisions = await revisionsOf(database, [textIn(row, "person")]);
  return decisionRowOf(row, revisedBy(revisions.get(textIn(row, "decision"))));
}

async function newestAt(database: FiguresDatabase): Promise<number | null> {
  const [row] = await ask(database, {
    sql: "SELECT toFloat64(toUnixTimestamp64Milli(max(newestAt))) AS newest FROM swipe_figures WHERE level = 'day'",
    parameters: {},
  });
  const newest = row === undefined ? 0 : numberIn(row, "newest");
  return newest <= 0 ? null : newest;
}
