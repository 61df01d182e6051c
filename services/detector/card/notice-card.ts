/** A card number is seen: it enters the person's table, and may be the new card a replacement waits for. */

import { CARD_FORGOTTEN, type CardNumber, UNSEEN } from "../person/cards.js";
import type { CardEvent } from "../person/events.js";
import type { Person } from "../person/person.js";
import { replacedSinceMs } from "./card-identity.js";
import { cancelledSinceMs, isInactiveAt, pinLockAt } from "./lives.js";
import { foldLossLife, lossStateAt } from "./loss-life.js";

/** Who names the number: a swipe never costs a restricted card its place. */
export type NamedBy = "swipe" | "status";

/**
 * Index of the number in the table, entering it where it is new. UNSEEN where all places are held by cards that are
 * lost, cancelled, inactive or locked and a swipe names it: the swipe is then judged by records without a number.
 */
export function noticeCard(
  person: Person,
  credential: number,
  card: CardNumber,
  day: number,
  atMs: number,
  namedBy: NamedBy = "swipe",
): number {
  const index = person.cards.find(credential, card.cardKey0, card.cardKey1);
  if (index !== UNSEEN) {
    person.cards.see(index, day);
    return index;
  }
  if (person.events.count() > 0) nameNewCard(person, credential, card, atMs);
  return enterCard(person, { credential, card, day, atMs, namedBy });
}

/** Enters a number that is not in the table; it is no replacement's new card by that. Returns as `noticeCard`. */
export function enterCard(
  person: Person,
  entered: { credential: number; card: CardNumber; day: number; atMs: number; namedBy: NamedBy },
): number {
  const { credential, card, day, atMs, namedBy } = entered;
  if (!person.cards.isFull()) return person.cards.enter(credential, card, day);
  const least = leastNeeded(person, atMs);
  if (least.need === Need.RESTRICTED && namedBy === "swipe") return UNSEEN;
  forget(person, least.index);
  return person.cards.enter(credential, card, day, least.index);
}

/** "The next card number first seen" of a replacement that named none (rules.md 1). */
export function nameNewCard(person: Person, credential: number, card: CardNumber, atMs: number): void {
  for (let index = person.events.count() - 1; index >= 0; index--) {
    if (!person.events.awaitsNewCard(index)) continue;
    const event = person.events.read(index);
    if (event.credential !== credential || atMs < event.effectiveAtMs) continue;
    person.events.setNewCard(index, card.cardKey0, card.cardKey1);
    return;
  }
}

/** How much a number's place in the table is needed; the least needed gives way, the least recently seen first. */
const Need = { NO_EVENTS: 0, REPLACED: 1, UNRESTRICTED: 2, RESTRICTED: 3 } as const;

function leastNeeded(person: Person, atMs: number): { index: number; need: number } {
  const events = person.events.all();
  let least = { index: 0, need: needOf(person, events, 0, atMs) };
  for (let index = 1; index < person.cards.count(); index++) {
    const need = needOf(person, events, index, atMs);
    const isOlder = person.cards.lastSeenDay(index) < person.cards.lastSeenDay(least.index);
    if (need < least.need || (need === least.need && isOlder)) least = { index, need };
  }
  return least;
}

/** A replaced number stays invalid without its place: all but the new number are (rules.md 1). */
function needOf(person: Person, events: readonly CardEvent[], index: number, atMs: number): number {
  if (!events.some((event) => event.card === index)) return Need.NO_EVENTS;
  const { cards } = person;
  const card = {
    credential: cards.credential(index),
    card: index,
    key0: cards.key0(index),
    key1: cards.key1(index),
  };
  if (cancelledSinceMs(events, card, Number.POSITIVE_INFINITY) !== null) return Need.RESTRICTED;
  if (replacedSinceMs(events, card, atMs) !== null) return Need.REPLACED;
  const isRestricted =
    lossStateAt(foldLossLife(events, card), atMs) !== "active" ||
    isInactiveAt(events, card, atMs) ||
    pinLockAt(events, card, atMs) !== null;
  return isRestricted ? Need.RESTRICTED : Need.UNRESTRICTED;
}

function forget(person: Person, card: number): void {
  person.events.forgetCard(card);
  person.pins.removeOfCard(card);
  person.passes.removeOfCard(card);
  person.settles.forgetCard(card, CARD_FORGOTTEN);
  person.authorizes.forgetCard(card, CARD_FORGOTTEN);
}
