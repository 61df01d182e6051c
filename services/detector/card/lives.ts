/**
 * The other lives beside a card's loss: activation, PIN lock, temporary issue, replacement of its number, and
 * the blocks of the person. Each is read from the events in order of acceptance; all answers are for a moment.
 */

import { type CardEvent, EventAction } from "../person/events.js";
import { type CardIdentity, concerns, isNumberless, replacedSinceMs } from "./card-identity.js";

const DAY_MS = 86_400_000;
/** A temporary card without `until` (rules.md R06). */
const TEMPORARY_CARD_MS = 60 * DAY_MS;

/** When a temporary card issued without `until` ends. */
export function temporaryCardEndMs(issuedAtMs: number): number {
  return issuedAtMs + TEMPORARY_CARD_MS;
}

const WRONG_PIN_LOCK_MS = DAY_MS;

/** Issued and not yet activated at `atMs` (R05). */
export function isInactiveAt(events: readonly CardEvent[], card: CardIdentity, atMs: number): boolean {
  let inactiveFromMs = Number.POSITIVE_INFINITY;
  let activeFromMs = Number.POSITIVE_INFINITY;
  for (const event of events) {
    if (!concerns(event, card)) continue;
    if (event.action === EventAction.ISSUE) {
      if (inactiveFromMs <= atMs && atMs < Math.min(activeFromMs, event.acceptedAtMs)) return true;
      inactiveFromMs = event.acceptedAtMs;
      activeFromMs = event.effectiveAtMs;
    } else if (event.action === EventAction.ACTIVATE)
      activeFromMs = Math.min(activeFromMs, event.effectiveAtMs);
  }
  return inactiveFromMs <= atMs && atMs < activeFromMs;
}

export interface PinLock {
  readonly fromMs: number;
  readonly byCount: boolean;
}

/** The lock that holds at `atMs`: no unlock since, and its own end not reached; null where there is none. */
export function pinLockAt(events: readonly CardEvent[], card: CardIdentity, atMs: number): PinLock | null {
  let lock: PinLock | null = null;
  for (const [index, event] of events.entries()) {
    const byCount = event.action === EventAction.PIN_LOCKED_BY_COUNT;
    if ((!byCount && event.action !== EventAction.PIN_LOCK) || !concerns(event, card)) continue;
    if (event.effectiveAtMs > atMs || atMs >= event.expiresAtMaxMs) continue;
    if (!isUnlocked(events, card, event.effectiveAtMs, index, atMs))
      lock = { fromMs: event.effectiveAtMs, byCount };
  }
  return lock;
}

/** Did an unlock take effect after the lock, or at the same moment behind it? */
function isUnlocked(
  events: readonly CardEvent[],
  card: CardIdentity,
  lockedAtMs: number,
  lockIndex: number,
  atMs: number,
): boolean {
  return events.some(
    (event, index) =>
      event.action === EventAction.PIN_UNLOCK &&
      concerns(event, card) &&
      event.effectiveAtMs <= atMs &&
      (event.effectiveAtMs > lockedAtMs || (event.effectiveAtMs === lockedAtMs && index > lockIndex)),
  );
}

/** Where a region unlocks by itself: 24 hours after the last wrong PIN. */
export function automaticUnlockMs(lastWrongAtMs: number): number {
  return lastWrongAtMs + WRONG_PIN_LOCK_MS;
}

/** The last unlock at or before `atMs`: it ends the count of wrong PINs as an `ok` does. −Infinity for none. */
export function lastPinUnlockMs(events: readonly CardEvent[], card: CardIdentity, atMs: number): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const event of events)
    if (event.action === EventAction.PIN_UNLOCK && concerns(event, card) && event.effectiveAtMs <= atMs)
      last = Math.max(last, event.effectiveAtMs);
  return last;
}

/** The issue of a temporary card or interim certificate in force at `atMs`: the last one accepted by then. */
export function temporaryIssueAt(
  events: readonly CardEvent[],
  card: CardIdentity,
  atMs: number,
): CardEvent | null {
  let issue: CardEvent | null = null;
  for (const event of events)
    if (event.action === EventAction.ISSUE_TEMPORARY && event.acceptedAtMs <= atMs && concerns(event, card))
      issue = event;
  return issue;
}

/** The next activation of a card (the replacement) after a moment: ends an interim certificate. */
export function nextActivationMs(
  events: readonly CardEvent[],
  afterMs: number,
  cardCredential: number,
): number {
  for (const event of events)
    if (
      event.action === EventAction.ACTIVATE &&
      event.credential === cardCredential &&
      event.acceptedAtMs >= afterMs
    )
      return event.effectiveAtMs;
  return Number.POSITIVE_INFINITY;
}

/** Since when the card is cancelled at `atMs`; null if it is not. */
export function cancelledSinceMs(
  events: readonly CardEvent[],
  card: CardIdentity,
  atMs: number,
): number | null {
  let since = Number.POSITIVE_INFINITY;
  for (const event of events)
    if (event.action === EventAction.CANCEL && concerns(event, card))
      since = Math.min(since, event.effectiveAtMs);
  return since <= atMs ? since : null;
}

/** Since when the number is replaced or cancelled (R04); null if it is valid, or no number. */
export function invalidNumberSinceMs(
  events: readonly CardEvent[],
  card: CardIdentity,
  atMs: number,
): number | null {
  if (isNumberless(card)) return null;
  const replaced = replacedSinceMs(events, card, atMs);
  const cancelled = cancelledSinceMs(events, card, atMs);
  if (replaced === null || cancelled === null) return replaced ?? cancelled;
  return Math.min(replaced, cancelled);
}

export interface PersonBlocks {
  /** Since when, or null. */
  readonly deceasedSinceMs: number | null;
  readonly suspendedSinceMs: number | null;
  readonly frozenSinceMs: number | null;
}

export function personBlocksAt(events: readonly CardEvent[], atMs: number): PersonBlocks {
  return {
    deceasedSinceMs: blockSince(events, atMs, EventAction.DECEASED, NEVER),
    suspendedSinceMs: blockSince(events, atMs, EventAction.SUSPEND, EventAction.RESUME),
    frozenSinceMs: blockSince(events, atMs, EventAction.FREEZE, EventAction.UNFREEZE),
  };
}

const NEVER = -1;

/** The last record accepted of those in effect decides: a later block with a shorter `until` is a correction. */
function blockSince(events: readonly CardEvent[], atMs: number, block: number, lift: number): number | null {
  let since: number | null = null;
  for (const event of events) {
    if (event.effectiveAtMs > atMs) continue;
    if (event.action === lift) since = null;
    else if (event.action === block) since = atMs < event.expiresAtMaxMs ? event.effectiveAtMs : null;
  }
  return since;
}
