/** Card numbers and card events of a former key become the person's. */

import { startOfDayMs } from "../../../schemas/working-calendar.js";
import { addEvent } from "../card/add-event.js";
import { enterCard, nameNewCard } from "../card/notice-card.js";
import { CARD_FORGOTTEN, type CardNumber, NUMBERLESS, UNSEEN } from "../person/cards.js";
import type { CardEvent } from "../person/events.js";
import type { Person } from "../person/person.js";

/** The former's card reference → the person's; CARD_FORGOTTEN where a number found no place. */
export type CardMap = (reference: number) => number;

/** A number of the former with what became of it. */
interface FormerCard {
  readonly index: number;
  readonly credential: number;
  readonly number: CardNumber;
  readonly lastSeenDay: number;
  readonly events: readonly CardEvent[];
}

/**
 * Cards with events come first: reports are kept before everything else, and like a status record they may take the
 * place of a number that is needed less. A replacement that waits for its number takes the first of the other's cards
 * that was seen on the day of its effect or later.
 */
export function mergeCards(person: Person, former: Person): CardMap {
  const atMs = latestMs(person, former);
  nameNewCards(person, cardsOf(former));
  nameNewCards(former, cardsOf(person));
  const arriving = cardsOf(former);
  for (const event of former.events.all()) if (!isNumbered(event.card)) addEvent(person, event);
  for (const card of arriving) if (card.events.length > 0) arrive(person, card, atMs);
  for (const card of arriving) if (card.events.length === 0) arrive(person, card, atMs);
  return (reference) => {
    if (!isNumbered(reference)) return reference;
    const card = arriving[reference];
    const found = card === undefined ? UNSEEN : find(person, card);
    return found === UNSEEN ? CARD_FORGOTTEN : found;
  };
}

function cardsOf({ cards, events }: Person): FormerCard[] {
  const all = events.all();
  return Array.from({ length: cards.count() }, (_, index) => ({
    index,
    credential: cards.credential(index),
    number: { cardKey0: cards.key0(index), cardKey1: cards.key1(index), cardTail: cards.tail(index) },
    lastSeenDay: cards.lastSeenDay(index),
    events: all.filter(({ card }) => card === index),
  }));
}

function find(person: Person, { credential, number }: FormerCard): number {
  return person.cards.find(credential, number.cardKey0, number.cardKey1);
}

function arrive(person: Person, arriving: FormerCard, atMs: number): void {
  const { credential, number: card, lastSeenDay: day, events } = arriving;
  let index = find(person, arriving);
  if (index === UNSEEN) {
    const namedBy = events.length > 0 ? "status" : "swipe";
    index = enterCard(person, { credential, card, day, atMs, namedBy });
  } else person.cards.see(index, day);
  for (const event of events) addEvent(person, { ...event, card: index });
}

/** Cards of the other without events of their own may be the ones that this one's replacements wait for. */
function nameNewCards(person: Person, others: readonly FormerCard[]): void {
  for (const card of others) {
    if (card.events.length > 0 || find(person, card) !== UNSEEN) continue;
    nameNewCard(person, card.credential, card.number, startOfDayMs(card.lastSeenDay + 1) - 1);
  }
}

function isNumbered(reference: number): boolean {
  return reference < CARD_FORGOTTEN && (reference & NUMBERLESS) === 0;
}

/** The states of a full table are compared as of the last thing that either knows. */
function latestMs(...persons: readonly Person[]): number {
  const moments = persons.flatMap(({ events }) => events.all().map(({ acceptedAtMs }) => acceptedAtMs));
  return Math.max(0, ...moments);
}
