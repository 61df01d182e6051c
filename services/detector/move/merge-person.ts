/**
 * What was known of a former key becomes part of the person: card states first (open reports, blocks, PIN locks), then
 * windows and facts. The former's own record is spent by it.
 *
 * Merging and judging on gives what one person with one number all along would have got, where nothing that one of
 * them did touches what the other did meanwhile. Where arrays are too small for both the oldest go (`dropped`); of
 * facts of one kind the new number's own stands.
 */

import type { RejudgeFrom } from "../late-hits.js";
import type { Person } from "../person/person.js";
import type { RegionTable } from "../place/region.js";
import { makeRoomForLink, renumberFormers } from "./former-numbers.js";
import { mergeCards } from "./merge-cards.js";
import { mergeMemories } from "./merge-memories.js";
import { mergeSwipes } from "./merge-swipes.js";

export interface Merge {
  readonly dropped: Readonly<Record<string, number>>;
  /** The former's reports for swipes of the person, the person's for swipes of the former. */
  readonly rejudgeFrom: RejudgeFrom;
}

export function mergePerson(person: Person, former: Person, regions: RegionTable): Merge {
  const ownFromMs = earliestReportMs(person);
  const formerFromMs = earliestReportMs(former);
  const counts = countsOf(person, former);
  const arrived = mergeLinks(person, former);
  const cards = mergeCards(person, former);
  mergeMemories(person, former, cards);
  mergeSwipes(person, former, cards, regions);
  return {
    dropped: droppedOf(counts, person),
    rejudgeFrom: (kept, at) => (arrived.has(kept.former(at)) ? ownFromMs : formerFromMs),
  };
}

/** The former's swipes are named by the person's numbers from here on. @returns the numbers of what arrives. */
function mergeLinks(person: Person, former: Person): ReadonlySet<number> {
  const ownKey = person.record.personKey();
  const formerKey = former.record.personKey();
  const keys = former.links.mergedKeys();
  const keyOf = new Map(keys.map((key) => [former.links.formerOf(key), key]));
  for (const key of [...keys, formerKey]) {
    if (key === ownKey || person.links.isMerged(key)) continue;
    if (!person.links.knowsSender(key)) makeRoomForLink(person);
    person.links.setMerged(key);
  }
  // Where there was no room for all, those that gave way are the person's own (0).
  const numberOf = (number: number) =>
    person.links.formerOf(number === 0 ? formerKey : (keyOf.get(number) ?? ""));
  renumberFormers(former, numberOf);
  return new Set([...keyOf.keys(), 0].map(numberOf));
}

function earliestReportMs(person: Person): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { reportedAtMs, effectiveAtMs } of person.events.all())
    earliest = Math.min(earliest, reportedAtMs, effectiveAtMs);
  return earliest;
}

const COUNTED = [
  "cards",
  "events",
  "pins",
  "seen",
  "lossAppends",
  "filings",
  "traces",
  "feedback",
  "passes",
  "refunds",
  "others",
  "authorizes",
  "settles",
] as const satisfies readonly (keyof Person)[];

function countsOf(...persons: readonly Person[]): Map<string, number> {
  return new Map(
    COUNTED.map((array) => [array, persons.reduce((sum, person) => sum + person[array].count(), 0)]),
  );
}

/** What both held and the one does not: also what was the same in both. */
function droppedOf(before: ReadonlyMap<string, number>, person: Person): Record<string, number> {
  const dropped: Record<string, number> = {};
  for (const array of COUNTED) {
    const missing = before.get(array)! - person[array].count();
    if (missing > 0) dropped[array] = missing;
  }
  return dropped;
}
