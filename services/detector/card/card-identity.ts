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

/**
 * Since when the number is not the valid one at `atMs`: since the first replacement by another after which it was
 * not made the valid one again. Null if it is valid.
 */
export function replacedSinceMs(
  events: readonly CardEvent[],
  card: CardIdentity,
  atMs: number,
): number | null {
  let since: number | null = null;
  for (const replacement of replacementsByEffect(events, card)) {
    if (replacement.effectiveAtMs > atMs) break;
    since = isNewCard(replacement, card) ? null : (since ?? replacement.effectiveAtMs);
  }
  return since;
}

/** In order of effect; of two at one moment the one accepted last comes last. */
function replacementsByEffect(events: readonly CardEvent[], card: CardIdentity): CardEvent[] {
  return events
    .filter((event) => event.action === EventAction.REPLACE && concerns(event, card))
    .sort((a, b) => a.effectiveAtMs - b.effectiveAtMs);
}

/** While a replacement waits for its number none is valid: a query does not make a number seen. */
function isNewCard(replacement: CardEvent, card: CardIdentity): boolean {
  return !isNumberless(card) && replacement.newKey0 === card.key0 && replacement.newKey1 === card.key1;
}
