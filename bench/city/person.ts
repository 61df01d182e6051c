/** One person of the city: fixed traits, and what changes as the days go by. */
import type { Intent } from "./intents.js";
import type { County } from "./places.js";
import type { Random } from "./random.js";

export type Role = "ordinary" | "commuter" | "retiree" | "family-at-home" | "family-apart";

/** Where the physical card is over time: with the holder, gone, then back or replaced. */
export interface CardHand {
  readonly goneFromMs: number;
  readonly backFromMs: number;
  /** The number after `backFromMs`, if it is a new card. */
  readonly numberAfter?: string;
}

/** Something that happens to a person once, planned before the days run: a lost card, a theft, a first card. */
export interface LifePlan {
  readonly intents: readonly Intent[];
  readonly hand?: CardHand;
  readonly temporaryCard?: { readonly number: string; readonly fromMs: number; readonly toMs: number };
  /** The holder makes no swipe in [fromMs, toMs). */
  readonly quiet?: { readonly fromMs: number; readonly toMs: number };
  /** The holder stays in the home city: someone else's journey must be the impossible one. */
  readonly staysHome?: boolean;
  /** From here on the holder's own swipes carry the incident in their label. */
  readonly incident?: { readonly id: string; readonly fromMs: number };
}

export interface Person {
  readonly index: number;
  readonly personId: string;
  readonly random: Random;
  readonly home: County;
  /** The other county of the home city where the person is used to go. */
  readonly otherCounty: County;
  readonly role: Role;
  /** Work, residence or a relative's place in another city. */
  readonly otherPlace: County | undefined;
  readonly tripsPerDay: number;
  /** Buys for weeks at once at the end of a month. */
  readonly isChronic: boolean;
  /** Who buys for this person now and then, with both identity documents. */
  readonly agentId: string;
  readonly eCredentialShare: number;
  readonly pinIsDefault: boolean;
  readonly pinIsBirthday: boolean;
  readonly cardNumber: string;
  readonly monthlyCreditFen: number;
  balanceFen: number;
  plan: LifePlan;
  /** Intents of coming days, in no order. */
  pending: Intent[];
  /** A journey, or a retiree's visit home: through `untilDay`. */
  away: { readonly place: County; readonly untilDay: number } | undefined;
  /** In hospital through this day. */
  inStayUntilDay: number;
  /** The PIN is locked until a counter unlocks it. */
  pinLockedUntilMs: number;
}

export const NO_PLAN: LifePlan = { intents: [] };

/** The number of the card in the holder's hand, or undefined while it is gone. */
export function cardInHand(person: Person, atMs: number): string | undefined {
  const hand = person.plan.hand;
  if (hand === undefined || atMs < hand.goneFromMs) return person.cardNumber;
  if (atMs < hand.backFromMs) return undefined;
  return hand.numberAfter ?? person.cardNumber;
}

export function isQuiet(person: Person, atMs: number): boolean {
  const quiet = person.plan.quiet;
  return quiet !== undefined && atMs >= quiet.fromMs && atMs < quiet.toMs;
}
