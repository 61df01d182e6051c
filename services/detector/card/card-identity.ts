/** Which card an event is about, and which number a replacement made valid (rules.md 1). */

import { NUMBERLESS, UNSEEN } from "../person/cards.js";
import { type CardEvent, EventAction } from "../person/events.js";

/** Which card a life is asked for. */
export interface CardIdentity {
  readonly credential: number;
  /** Index of a number, `UNSEEN`, or `NUMBERLESS | credential`. */
  readonly card: number;
  readonly key0: number;
  readonly key1: number;
}

/** Does the event concern this card? Records without a number concern all cards of the credential. */
export function concerns(event: CardEvent, card: CardIdentity): boolean {
  if (event.credential !== card.credential) return false;
  if (event.card === (NUMBERLESS | event.credential) || event.action === EventAction.REPLACE) return true;
  return event.card === card.card && card.card !== UNSEEN;
}

export function isNumberless(card: CardIdentity): boolean {
  return card.card === (NUMBERLESS | card.credential);
}

/** Since when another number is valid instead of this one at `atMs`; null if none is. */
export function replacedSinceMs(
  events: readonly CardEvent[],
  card: CardIdentity,
  atMs: number,
): number | null {
  let replacement: CardEvent | null = null;
  for (const event of events) {
    if (event.action !== EventAction.REPLACE || !concerns(event, card) || event.effectiveAtMs > atMs)
      continue;
    if (replacement === null || event.effectiveAtMs >= replacement.effectiveAtMs) replacement = event;
  }
  return replacement === null || isNewCard(replacement, card) ? null : replacement.effectiveAtMs;
}

function isNewCard(replacement: CardEvent, card: CardIdentity): boolean {
  return !isNumberless(card) && replacement.newKey0 === card.key0 && replacement.newKey1 === card.key1;
}
