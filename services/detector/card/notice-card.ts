/** A card number is seen: it enters the person's table, and may be the new card a replacement waits for. */

import { CARD_FORGOTTEN, type CardNumber, UNSEEN } from "../person/cards.js";
import type { Person } from "../person/person.js";

/** Index of the number in the table, entering it where it is new. */
export function noticeCard(
  person: Person,
  credential: number,
  card: CardNumber,
  day: number,
  atMs: number,
): number {
  const index = person.cards.find(credential, card.cardKey0, card.cardKey1);
  if (index !== UNSEEN) {
    person.cards.see(index, day);
    return index;
  }
  if (person.events.count() > 0) nameNewCard(person, credential, card, atMs);
  if (!person.cards.isFull()) return person.cards.enter(credential, card, day);
  const forgotten = leastNeeded(person);
  forget(person, forgotten);
  return person.cards.enter(credential, card, day, forgotten);
}

/** "The next card number first seen" of a replacement that named none (rules.md 1). */
function nameNewCard(person: Person, credential: number, card: CardNumber, atMs: number): void {
  for (let index = person.events.count() - 1; index >= 0; index--) {
    if (!person.events.awaitsNewCard(index)) continue;
    const event = person.events.read(index);
    if (event.credential !== credential || atMs < event.effectiveAtMs) continue;
    person.events.setNewCard(index, card.cardKey0, card.cardKey1);
    return;
  }
}

/** The least recently seen number without card-status events, else the least recently seen. */
function leastNeeded(person: Person): number {
  const withEvents = new Set(person.events.all().map((event) => event.card));
  let least = 0;
  for (let index = 1; index < person.cards.count(); index++) {
    const isFreer = withEvents.has(least) && !withEvents.has(index);
    const isEqual = withEvents.has(least) === withEvents.has(index);
    const isOlder = person.cards.lastSeenDay(index) < person.cards.lastSeenDay(least);
    if (isFreer || (isEqual && isOlder)) least = index;
  }
  return least;
}

function forget(person: Person, card: number): void {
  person.events.removeOfCard(card);
  person.pins.removeOfCard(card);
  person.passes.removeOfCard(card);
  person.settles.forgetCard(card, CARD_FORGOTTEN);
  person.authorizes.forgetCard(card, CARD_FORGOTTEN);
}
