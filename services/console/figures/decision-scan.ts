/**
 * Lists of decisions, newest first, that read bounded numbers of rows whatever is asked for.
 *
 * 1. The newest rows are taken in the order of time, as many as a look has, and the filter is applied to them: a look
 *    never reads on until something matches. Looks grow; after the last the page ends where it has come to.
 * 2. A look (`decision-looks.ts`) reads places and what the filter asks for; whole rows are read of what is shown (`placed-rows.ts`).
 * 3. A row that lies twice is shown once.
 */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import { type LookAsked, lookOf, matchingOf } from "./decision-looks.js";
import { rowPlaceOf } from "./decision-rows.js";
import { ask, type FiguresDatabase } from "./figures-query.js";
import { institutionRowsAt, listRowsAt } from "./placed-rows.js";
import { cursorOf, placeAfter, placeOf, type RowPlace } from "./row-place.js";

/** Most pages are full after the first; of a rare rule a day is looked through. Where all rows match, a page's rows come before. */
export const LOOKS = [1_000, 10_000, 50_000] as const;

export interface Scanned {
  readonly rows: readonly Row[];
  /** Where to go on; null: there is nothing more. */
  readonly next: RowPlace | null;
}

export interface ScanAsked extends LookAsked {
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
  let before = asked.after === null ? placeAfter(asked.range.to) : placeOf(asked.after);
  const places: Row[] = [];
  const matching = matchingOf(asked);
  for (const look of matching.sql === "true" ? [asked.limit + 1, ...LOOKS] : LOOKS) {
    const wanted = asked.limit - places.length;
    const found = await ask(
      database,
      lookOf(asked, matching, { before, look, limit: wanted + 1 }),
      asked.signal,
    );
    const some = once(found.filter((row) => Boolean(row.isMatch)));
    places.push(...some.slice(0, wanted));
    if (some.length > wanted) return { places, next: rowPlaceOf(places.at(-1)!) };
    if (found.length <= wanted && !isCut(found)) return { places, next: null };
    before = rowPlaceOf(found.at(-1)!);
    if (places.length === asked.limit) break;
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
