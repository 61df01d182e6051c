/** Persons and swipes for tests below the judge: a record standing alone, builders with only the fields that matter. */

import { NO_FINDINGS } from "../../services/detector/person/kept-findings.js";
import type { KeptVerdict } from "../../services/detector/person/kept-swipes.js";
import { Person } from "../../services/detector/person/person.js";
import { standaloneRecord } from "../../services/detector/person/record-codec.js";
import { idHashOf, idTagOf, Swipe } from "../../services/detector/swipe.js";

/** An empty person, or the one of stored bytes. */
export function standalonePerson(stored?: Uint8Array): Person {
  return new Person(standaloneRecord(stored));
}

export function swipeOf(fields: Partial<Swipe>): Swipe {
  const swipe = Object.assign(new Swipe(), fields);
  swipe.idTag = idTagOf(swipe.eventId);
  swipe.idHash = idHashOf(swipe.eventId);
  return swipe;
}

export function verdictOf(fields: Partial<KeptVerdict> = {}): KeptVerdict {
  return { card: 0, action: 0, responseCode: "00", flags: 0, findings: NO_FINDINGS, ...fields };
}
