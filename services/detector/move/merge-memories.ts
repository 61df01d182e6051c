/**
 * The small memories of a former key become the person's: PIN results, facts, feedback, passes, refunds, repeats.
 * Of what is too much the oldest goes; where only the order of arrival is known both give of their newest in turn.
 */

import { readU48 } from "../person/bytes.js";
import { CARD_FORGOTTEN, UNSEEN } from "../person/cards.js";
import type { Entries } from "../person/entries.js";
import {
  FILINGS_MAX,
  LOSS_APPENDS_MAX,
  OTHERS_MAX,
  PASSES_MAX,
  REFUNDS_MAX,
  SEEN_MAX,
  TRACES_MAX,
} from "../person/layout.js";
import type { Person } from "../person/person.js";
import type { CardMap } from "./merge-cards.js";

type Entry = Uint8Array;

const PASS_CARD = 12;
const SEEN_SORT = 6;
const TRACE_TIME = 12;

export function mergeMemories(person: Person, former: Person, cards: CardMap): void {
  mergePins(person, former, cards);
  mergeByTime(person.lossAppends, former.lossAppends, LOSS_APPENDS_MAX, firstFloat);
  mergeByTime(person.refunds, former.refunds, REFUNDS_MAX, firstFloat);
  mergeByTime(person.traces, former.traces, TRACES_MAX, (entry) => readU48(viewOf(entry), TRACE_TIME));
  mergePasses(person, former, cards);
  person.feedback.mergeEarlier(former.feedback);
  person.facts.takeMissing(former.facts);
  person.filings.replaceAll([...former.filings.copies(), ...person.filings.copies()].slice(-FILINGS_MAX));
  person.cities.takeAll(former.cities);
  mergeByTurns(person.others, former.others, OTHERS_MAX);
  mergeByTurns(person.seen, former.seen, SEEN_MAX, (entry) => entry[SEEN_SORT]!);
}

function mergePins(person: Person, former: Person, cards: CardMap): void {
  const { pins } = former;
  for (let index = 0; index < pins.count(); index++) {
    const card = cards(pins.card(index));
    if (isInTable(card)) person.pins.add(card, pins.t(index), pins.isWrong(index), pins.institution(index));
  }
}

function mergePasses(person: Person, former: Person, cards: CardMap): void {
  const arriving = former.passes.copies().flatMap((entry) => {
    const card = cards(entry[PASS_CARD]!);
    entry[PASS_CARD] = card;
    return isInTable(card) ? [entry] : [];
  });
  replaceByTime(person.passes, arriving, PASSES_MAX, firstFloat);
}

function isInTable(card: number): boolean {
  return card !== CARD_FORGOTTEN && card !== UNSEEN;
}

function mergeByTime(own: Entries, former: Entries, limit: number, timeOf: (entry: Entry) => number): void {
  replaceByTime(own, former.copies(), limit, timeOf);
}

/** Of the same moment the former's comes first. */
function replaceByTime(
  own: Entries,
  arriving: readonly Entry[],
  limit: number,
  timeOf: (entry: Entry) => number,
): void {
  if (arriving.length === 0) return;
  const all = [...arriving, ...own.copies()].sort((a, b) => timeOf(a) - timeOf(b));
  own.replaceAll(all.slice(-limit));
}

/** Entries that begin with the hash of an eventId; `limit` of each sort. What both have the person's own says. */
function mergeByTurns(
  own: Entries,
  former: Entries,
  limit: number,
  sortOf: (entry: Entry) => number = () => 0,
): void {
  const ownEntries = own.copies();
  const known = new Set(ownEntries.map(idHashOf));
  const arriving = former.copies().filter((entry) => !known.has(idHashOf(entry)));
  const newestFirst: Entry[] = [];
  for (let back = 1; back <= Math.max(ownEntries.length, arriving.length); back++)
    newestFirst.push(...at(ownEntries, back), ...at(arriving, back));
  own.replaceAll(newestOfEach(newestFirst, limit, sortOf).reverse());
}

function at(entries: readonly Entry[], back: number): readonly Entry[] {
  const entry = entries.at(-back);
  return entry === undefined ? [] : [entry];
}

function newestOfEach(
  newestFirst: readonly Entry[],
  limit: number,
  sortOf: (entry: Entry) => number,
): Entry[] {
  const counts = new Map<number, number>();
  return newestFirst.filter((entry) => {
    const sort = sortOf(entry);
    const count = counts.get(sort) ?? 0;
    counts.set(sort, count + 1);
    return count < limit;
  });
}

function idHashOf(entry: Entry): number {
  return readU48(viewOf(entry), 0);
}

function firstFloat(entry: Entry): number {
  return viewOf(entry).getFloat64(0, true);
}

function viewOf(entry: Entry): DataView {
  return new DataView(entry.buffer, entry.byteOffset, entry.length);
}
