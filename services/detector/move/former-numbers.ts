/** Which former key a kept entry was decided under: kept right while the table of links changes. */

import { type KeptSwipes, NONE } from "../person/kept-swipes.js";
import type { Person } from "../person/person.js";

/** Makes room for one more key. */
export function makeRoomForLink(person: Person): void {
  if (!person.links.isFull()) return;
  dropLink(person, person.links.leastNeeded());
}

/** Swipes decided under a key that is dropped count as the person's own. */
export function dropLink(person: Person, index: number): void {
  person.links.remove(index);
  renumberFormers(person, (former) => (former === index + 1 ? 0 : former > index ? former - 1 : former));
}

/** Gives every kept entry another number. */
export function renumberFormers(person: Person, numberOf: (former: number) => number): void {
  for (const kept of [person.settles, person.authorizes]) renumberKept(kept, numberOf);
  const { others } = person;
  for (let index = 0; index < others.count(); index++)
    others.setFormer(index, numberOf(others.former(index)));
}

function renumberKept(kept: KeptSwipes, numberOf: (former: number) => number): void {
  for (let at = kept.newest(); at !== NONE; at = kept.before(at))
    kept.setFormer(at, numberOf(kept.former(at)));
}
