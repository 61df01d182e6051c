/** Two streams told as one, page by page: nothing twice, nothing left out, nothing before what is newer. */

import { expect, test } from "@jest/globals";
import {
  BEGINNING,
  type MergePlace,
  mergePage,
  placeOf,
  placeText,
} from "../../../services/console/server/case-page-merge.js";
import { type Random, seededRandom } from "../../oracle/scenario-random.js";

interface Journal {
  readonly at: string;
  readonly position: string;
  readonly isSeldom: boolean;
}
interface Work {
  readonly at: string;
  readonly id: string;
}

const instant = (second: number) => new Date(Date.UTC(2026, 2, 1) + second * 1_000).toISOString();
const byTime = (a: { at: string }, b: { at: string }) => Date.parse(b.at) - Date.parse(a.at);

function streams(random: Random): { journal: Journal[]; work: Work[] } {
  const seconds = (count: number) => Array.from({ length: count }, () => random.integer(0, 60));
  return {
    journal: seconds(random.integer(0, 40))
      .map((second, index) => ({
        at: instant(second),
        position: `0/${index}`,
        isSeldom: random.integer(0, 4) === 0,
      }))
      .sort(byTime),
    work: seconds(random.integer(0, 40))
      .map((second, index) => ({ at: instant(second), id: `w-${String(index).padStart(3, "0")}` }))
      .sort((a, b) => byTime(a, b) || (a.id < b.id ? 1 : -1)),
  };
}

/** As the desks answer at a place. */
function pageAt(
  { journal, work }: ReturnType<typeof streams>,
  place: MergePlace,
  { size, onlySeldom }: { readonly size: number; readonly onlySeldom: boolean },
) {
  const from = place.journal === "end" ? 0 : Number(place.journal.after ?? 0);
  const next = from + size;
  const told = place.work;
  const behind =
    told === "end"
      ? []
      : work.filter(
          ({ at, id }) =>
            told === null ||
            Date.parse(at) < Date.parse(told.at) ||
            (Date.parse(at) === Date.parse(told.at) && id < told.id),
        );
  return mergePage<Journal, Work>({
    place,
    journal:
      place.journal === "end"
        ? null
        : { entries: journal.slice(from, next), after: next < journal.length ? String(next) : null },
    isTold: ({ isSeldom }) => !onlySeldom || isSeldom,
    work: { entries: behind.slice(0, size), hasMore: behind.length > size },
    limit: size,
  });
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

test("two streams of any lengths, in pages of any size", () => {
  for (const seed of SEEDS) tellAll(seed);
});

function tellAll(seed: number): void {
  const random = seededRandom(seed);
  const given = streams(random);
  const asked = { size: random.integer(1, 9), onlySeldom: seed % 2 === 0 };
  const told: (Journal | Work)[] = [];
  let place = BEGINNING;
  let pages = 0;
  for (let text = placeText(place); text !== null; text = placeText(place)) {
    // Through the text, as a page's address carries it.
    const page = pageAt(given, placeOf(text)!, asked);
    expect(page.entries.length).toBeLessThanOrEqual(asked.size);
    told.push(...page.entries);
    place = page.place;
    expect(++pages).toBeLessThan(200);
  }
  const expected = [
    ...given.journal.filter(({ isSeldom }) => !asked.onlySeldom || isSeldom),
    ...given.work,
  ].sort(byTime);
  expect({ seed, times: told.map(({ at }) => at) }).toEqual({ seed, times: expected.map(({ at }) => at) });
  expect({ seed, told: new Set(told) }).toEqual({ seed, told: new Set(expected) });
}

test("a place that nobody gave is none", () => {
  const texts = ["", "x", "bnVsbA", Buffer.from('{"journal":"end"}').toString("base64url")];
  expect(texts.map(placeOf)).toEqual([null, null, null, null]);
});
