/** Repeated and reused eventIds (rules.md 0.14), within what the person record still holds. */

import type { CanonicalPersonLink, PersonRecordEvent } from "../../schemas/journal.js";
import { type KeptSwipes, NONE } from "./person/kept-swipes.js";
import { Section } from "./person/layout.js";
import type { Person } from "./person/person.js";
import { SeenSort } from "./person/seen-records.js";
import { idHashOf, idTagOf, type Swipe } from "./swipe.js";

/** The same message again: answered with the first decision. */
export interface Repeat {
  readonly result: "repeat";
  readonly action: number;
  readonly responseCode: string;
  /** The key it was decided under: the person's own, or a former one. */
  readonly decidedUnder: string;
}

/** Another message under a used eventId. */
export interface Reused {
  readonly result: "reused";
}

const REUSED: Reused = { result: "reused" };

export function findEarlier(person: Person, swipe: Swipe): Repeat | Reused | null {
  return (
    earlierIn(person, person.settles, swipe) ??
    earlierIn(person, person.authorizes, swipe) ??
    earlierOther(person, swipe) ??
    (person.record.isEmpty(Section.SEEN) || person.seen.find(swipe.idHash) < 0 ? null : REUSED)
  );
}

function earlierIn(person: Person, kept: KeptSwipes, swipe: Swipe): Repeat | Reused | null {
  if (kept.count() === 0) return null;
  const at = kept.findOwn(swipe);
  if (at === NONE) return null;
  if (kept.contentTag(at) !== swipe.contentTag) return REUSED;
  return {
    result: "repeat",
    action: kept.firstAction(at),
    responseCode: kept.responseCode(at),
    decidedUnder: decidedUnder(person, kept.former(at)),
  };
}

function earlierOther(person: Person, swipe: Swipe): Repeat | Reused | null {
  const { others } = person;
  if (person.record.isEmpty(Section.OTHERS)) return null;
  const index = others.find(swipe.idHash);
  if (index < 0) return null;
  if (others.contentTag(index) !== swipe.contentTag) return REUSED;
  return {
    result: "repeat",
    action: others.action(index),
    responseCode: others.responseCode(index),
    decidedUnder: decidedUnder(person, others.former(index)),
  };
}

/** The personKey in the decisionId of a kept swipe. */
export function decidedUnder(person: Person, former: number): string {
  return person.links.keyOfFormer(former) ?? person.record.personKey();
}

type OtherRecord = Exclude<PersonRecordEvent, { type: "swipe" | "answer-given" }> | CanonicalPersonLink;

/** Remembers a status, fact or feedback record or a link, or says what it repeats. */
export function rememberRecord(person: Person, record: OtherRecord): "new" | "repeat" | "reused" {
  const known = knownRecord(person, record);
  if (known !== "new") return known;
  const sort = record.type === "feedback" ? SeenSort.FEEDBACK : SeenSort.STATUS_OR_FACT;
  person.seen.add(idHashOf(record.eventId), contentTagOf(record), sort);
  return "new";
}

/** What such a record repeats; nothing is remembered. */
export function knownRecord(person: Person, record: OtherRecord): "new" | "repeat" | "reused" {
  const idHash = idHashOf(record.eventId);
  const index = person.seen.find(idHash);
  if (index >= 0) return person.seen.contentTag(index) === contentTagOf(record) ? "repeat" : "reused";
  return isSwipeId(person, record.eventId, idHash) ? "reused" : "new";
}

function contentTagOf({ contentHash }: OtherRecord): number {
  return Number.parseInt(contentHash.slice(0, 8), 16);
}

function isSwipeId(person: Person, eventId: string, idHash: number): boolean {
  const idTag = idTagOf(eventId);
  return (
    person.settles.find(eventId, idTag) !== NONE ||
    person.authorizes.find(eventId, idTag) !== NONE ||
    person.others.find(idHash) >= 0
  );
}
