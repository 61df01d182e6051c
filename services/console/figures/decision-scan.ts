/**
 * Lists of decisions, newest first, that read bounded numbers of rows whatever is asked for.
 *
 * 1. The newest rows are taken in the order of time, as many as a look has, and the filter is applied to them: a look
 *    never reads on until something matches. Looks grow; after the last the page ends where it has come to.
 * 2. A look (`decision-looks.ts`) reads places and what the filter asks for; whole rows are read of what is shown (`placed-rows.ts`).
 * 3. A row that lies twice is shown once.
 */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { DecisionsFilter, Range } from "../server/figures-desk.js";
import { lookOf, matchingOf } from "./decision-looks.js";
import { rowPlaceOf } from "./decision-rows.js";
import { ask, type FiguresDatabase } from "./figures-query.js";
import { institutionRowsAt, listRowsAt } from "./placed-rows.js";
import { cursorOf, placeAfter, placeOf, type RowPlace } from "./row-place.js";

/** Most pages are full after the first; of a rare rule a day is looked through. Where all rows match, a page's rows come before. */
export const LOOKS = [1_000, 10_000, 50_000] as const;
/**
 * How far back a look goes; if all of that was looked through, the next goes further. Of each part of a table that may have rows
 * of the time the engine reads a block before it knows which are the newest: of a day it opens one or two.
 */
const DAY_MS = 86_400_000;
const SPANS_MS = [DAY_MS, 7 * DAY_MS, Number.POSITIVE_INFINITY] as const;

export interface Scanned {
  readonly rows: readonly Row[];
  /** Where to go on; null: there is nothing more. */
  readonly next: RowPlace | null;
}

export interface ScanAsked {
  readonly scope: Scope;
  readonly range: Range;
  readonly filter: DecisionsFilter;
  readonly after: string | null;
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

export async function scanDecisions(database: FiguresDatabase, asked: ScanAsked): Promise<Scanned> {
  const { places, next } = await scanPlaces(database, asked);
  const { filter, signal } = asked;
  const rows =
    filter.institutionId === undefined
      ? await listRowsAt(database, places, signal)
      : await institutionRowsAt(database, filter.institutionId, places, signal);
  return { rows, next };
}

async function scanPlaces(database: FiguresDatabase, asked: ScanAsked) {
  const { range, limit, signal } = asked;
  const matching = matchingOf(asked);
  const looks = matching.sql === "true" ? [limit + 1, ...LOOKS] : LOOKS;
  const places: Row[] = [];
  let before = asked.after === null ? placeAfter(range.to) : placeOf(asked.after);
  let [looked, widened] = [0, 0];
  while (looked < looks.length && places.length < limit) {
    const from = Math.max(range.from, before.at - SPANS_MS[widened]!);
    const wanted = limit - places.length;
    const look = { from, before, look: looks[looked]!, limit: wanted + 1 };
    const found = await ask(database, lookOf(asked.filter, matching, look), signal);
    const some = once(found.filter((row) => Boolean(row.isMatch)));
    places.push(...some.slice(0, wanted));
    if (some.length > wanted) return { places, next: rowPlaceOf(places.at(-1)!) };
    if (found.length > wanted || isCut(found)) {
      before = rowPlaceOf(found.at(-1)!);
      looked++;
    } else if (from === range.from) {
      return { places, next: null };
    } else {
      before = placeAfter(from);
      widened++;
    }
  }
  return { places, next: before };
}

/** The last of a full look is given whether it matches or not. */
function isCut(found: readonly Row[]): boolean {
  return Boolean(found.at(-1)?.isLast);
}

/** Rows of one place stand beside each other. */
function once(rows: readonly Row[]): readonly Row[] {
  return rows.filter(
    (row, index) => index === 0 || cursorOf(rowPlaceOf(row)) !== cursorOf(rowPlaceOf(rows[index - 1]!)),
  );
}
