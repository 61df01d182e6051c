/** Loss intervals of all of a person's cards of one credential, numbered or not. */

import { NUMBERLESS } from "../person/cards.js";
import type { CardEvent } from "../person/events.js";
import type { Person } from "../person/person.js";
import type { CardIdentity } from "./card-identity.js";
import { foldLossLife, type LossInterval } from "./loss-life.js";

export function numberlessCard(credential: number): CardIdentity {
  return { credential, card: NUMBERLESS | credential, key0: 0, key1: 0 };
}

/** Every card of the credential a person record knows: the one without a number first. */
export function cardsOf(person: Person, credential: number): CardIdentity[] {
  const { cards } = person;
  const known = [numberlessCard(credential)];
  for (let index = 0; index < cards.count(); index++)
    if (cards.credential(index) === credential)
      known.push({ credential, card: index, key0: cards.key0(index), key1: cards.key1(index) });
  return known;
}

export function lossIntervalsOf(
  person: Person,
  events: readonly CardEvent[],
  credential: number,
): LossInterval[] {
  return cardsOf(person, credential).flatMap((card) => foldLossLife(events, card).intervals);
}
