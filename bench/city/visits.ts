/** An honest visit to one institution: PIN entries, perhaps an authorize, settles, perhaps a cancel. */
import type { InstitutionKind } from "../../schemas/fields.js";
import { DAY_MS, dayIndexOf, dayStartMs, HOUR_MS, MINUTE_MS, SECOND_MS } from "./clock.js";
import { credentialFor } from "./credentials.js";
import type { Institution, Register } from "./institutions.js";
import type { SwipeIntent } from "./intents.js";
import { HONEST } from "./labels.js";
import {
  AMOUNTS,
  FIRST_MISS_SHARE,
  HONEST_MIX,
  MOVE_AFTER_TWO_MISSES_SHARE,
  SECOND_MISS_SHARE,
  SHARED_MONEY_OF_FAMILY_VISITS,
} from "./mix.js";
import { cardInHand, type Person } from "./person.js";
import type { County } from "./places.js";
import type { Random } from "./random.js";
import { planStay } from "./stays.js";

/** Misses that lock a PIN under every policy of the home cities; the holder gives up there. */
const MISSES_MAX = 3;
const QUICK_CANCEL_SHARE = 0.4;
const USUAL_INSTITUTION_SHARE = 0.6;
/** Pharmacy purchase of a chronic patient, as the national platform numbers it. */
const CHRONIC_PHARMACY_VISIT = "9929";
const SECOND_PRESCRIPTION_SHARE = 0.1;

export interface VisitWish {
  readonly place: County;
  readonly kind: InstitutionKind;
  readonly atMs: number;
  /** A relative elsewhere, with the holder's e-credential. */
  readonly byRelative?: boolean;
  readonly externalPrescription?: boolean;
  /** Somebody of the family comes instead, with both identity documents. */
  readonly byAgent?: boolean;
}

type Common = Omit<SwipeIntent, "kind" | "amount" | "atMs" | "institution" | "arrivesAtMs">;

interface Visit {
  readonly person: Person;
  readonly common: Common;
  /** How late the visit's lines arrive; undefined for nearly all. */
  readonly lateMs: number | undefined;
}

/** Plans the visit into `person.pending`; false when it ended without a settle (locked PIN, stay in hospital). */
export function planVisit(person: Person, register: Register, wish: VisitWish): boolean {
  const { random } = person;
  const institution = institutionFor(person, register, wish);
  if (wish.kind === "hospital" && random.chance(HONEST_MIX.stayOfHospitalVisits)) {
    planStay(person, register, institution, wish.atMs);
    return false;
  }
  const visit = openVisit(person, wish);
  const misses = needsPin(visit, institution) ? missesOf(random) : 0;
  const moves = wish.kind === "pharmacy" && misses >= 2 && random.chance(MOVE_AFTER_TWO_MISSES_SHARE);
  const payAt = moves ? random.pick(register.pharmacies(wish.place, { asksPin: true })) : institution;
  const payAtMs = wish.atMs + (moves ? random.between(8, 40) * MINUTE_MS : 0);
  planMisses(visit, { misses: Math.min(misses, moves ? 2 : MISSES_MAX), institution, beforeMs: wish.atMs });
  if (misses === MISSES_MAX) {
    if (moves) planMisses(visit, { misses: 1, institution: payAt, beforeMs: payAtMs });
    planUnlock(person, payAtMs);
    return false;
  }
  planSettles(visit, payAt, payAtMs);
  return true;
}

/**
 * A chronically ill person's drugs for weeks, at the usual pharmacy: a long prescription, of which the fund pays a part. A
 * prescription is one settle, however many drugs it lists; some have two.
 */
export function planBulkPurchase(person: Person, register: Register, place: County, atMs: number): void {
  const { random } = person;
  const visit = openVisit(person, { place, kind: "pharmacy", atMs });
  const common = { ...visit.common, visitKind: CHRONIC_PHARMACY_VISIT, fundShare: random.between(0.5, 0.7) };
  const institution = usualInstitution(person, register, place, "pharmacy");
  const settles = random.chance(SECOND_PRESCRIPTION_SHARE) ? 2 : 1;
  for (let settle = 0; settle < settles; settle += 1) {
    const amount = Math.round(random.logNormal(AMOUNTS.bulk.medianFen, AMOUNTS.bulk.sigma));
    const settledAtMs = atMs + settle * random.between(1, 5) * MINUTE_MS;
    const bulk = { ...visit, common };
    planSettle(bulk, {
      atMs: settledAtMs,
      kind: "settle",
      institution,
      amount,
      pin: pinOf(bulk, institution),
    });
  }
}

function openVisit(person: Person, wish: VisitWish): Visit {
  const { random } = person;
  const family = person.role === "family-at-home" || person.role === "family-apart";
  const emergency = wish.kind === "hospital" && random.chance(HONEST_MIX.emergencyOfHospitalVisits);
  const late = random.chance(HONEST_MIX.lateOfSwipes);
  const ownPharmacyVisit = wish.kind === "pharmacy" && wish.byRelative !== true;
  const byAgent =
    wish.byAgent === true || (ownPharmacyVisit && random.chance(HONEST_MIX.agentOfPharmacyVisits));
  const common: Common = {
    type: "swipe",
    label: HONEST,
    ...credentialFor(person, wish),
    visitKind: wish.kind === "pharmacy" ? "41" : emergency ? "13" : random.chance(0.85) ? "11" : "14",
    ...(wish.kind === "hospital" ? { fundShare: random.between(0.5, 0.7) } : {}),
    ...(emergency ? { emergency } : {}),
    ...(family && random.chance(SHARED_MONEY_OF_FAMILY_VISITS) ? { paidFromSharedAccount: true } : {}),
    ...(wish.byRelative ? { agentPurchase: true } : {}),
    ...(byAgent ? { agentPurchase: true, agentId: person.agentId } : {}),
    ...(wish.externalPrescription ? { externalPrescription: true } : {}),
  };
  return { person, common, lateMs: late ? random.between(61 * MINUTE_MS, 2 * DAY_MS) : undefined };
}

function institutionFor(person: Person, register: Register, wish: VisitWish): Institution {
  if (person.random.chance(USUAL_INSTITUTION_SHARE))
    return usualInstitution(person, register, wish.place, wish.kind);
  return person.random.pick(register.in(wish.place, wish.kind));
}

function usualInstitution(
  person: Person,
  register: Register,
  place: County,
  kind: InstitutionKind,
): Institution {
  const choices = register.in(place, kind);
  return choices[person.index % choices.length] as Institution;
}

function missesOf(random: Random): number {
  if (!random.chance(FIRST_MISS_SHARE)) return 0;
  let misses = 1;
  while (misses < MISSES_MAX && random.chance(SECOND_MISS_SHARE)) misses += 1;
  return misses;
}

function planMisses(
  visit: Visit,
  { misses, institution, beforeMs }: { misses: number; institution: Institution; beforeMs: number },
): void {
  const { random } = visit.person;
  let atMs = beforeMs;
  for (let miss = 0; miss < misses; miss += 1) {
    atMs -= random.between(20, 90) * SECOND_MS;
    const kind = random.chance(0.7) ? "pin-check" : "authorize";
    const amount = kind === "pin-check" ? 0 : amountOf(random, institution.kind);
    plan(visit, { atMs, kind, institution, amount, pin: "wrong" });
  }
}

function planUnlock(person: Person, lockedAtMs: number): void {
  const tomorrowMs = dayStartMs(dayIndexOf(lockedAtMs) + 1);
  const atMs = tomorrowMs + person.random.between(9, 16) * HOUR_MS;
  const cardNumber = cardInHand(person, lockedAtMs);
  person.pinLockedUntilMs = atMs;
  person.pending.push({
    type: "card-status",
    label: HONEST,
    atMs,
    action: "pin-unlock",
    channel: "counter",
    credential: "card",
    ...(cardNumber === undefined ? {} : { cardNumber }),
  });
}

function planSettles(visit: Visit, institution: Institution, atMs: number): void {
  const { random } = visit.person;
  const hospital = institution.kind === "hospital";
  const amount = amountOf(random, institution.kind);
  if (hospital && random.chance(HONEST_MIX.authorizeOfHospitalVisits)) {
    const authorizedAtMs = atMs - random.between(1, 8) * MINUTE_MS;
    const pin = pinOf(visit, institution);
    const original = plan(visit, { atMs: authorizedAtMs, kind: "authorize", institution, amount, pin });
    planSettle(visit, { atMs, kind: "settle", institution, amount, pin: "not-required", original });
    return;
  }
  const separate = !hospital && random.chance(HONEST_MIX.separateSettlesOfVisits);
  const settles = separate ? random.whole(2, 3) : 1;
  for (let settle = 0; settle < settles; settle += 1) {
    const settleAtMs = atMs + settle * random.between(1, 5) * MINUTE_MS;
    const settleAmount = settle === 0 ? amount : amountOf(random, institution.kind);
    planSettle(visit, {
      atMs: settleAtMs,
      kind: "settle",
      institution,
      amount: settleAmount,
      pin: pinOf(visit, institution),
    });
  }
}

function pinOf(visit: Visit, institution: Institution): "ok" | "not-required" {
  return needsPin(visit, institution) ? "ok" : "not-required";
}

function needsPin(visit: Visit, institution: Institution): boolean {
  return visit.common.credential === "card" && institution.asksPin;
}

function planSettle(visit: Visit, fields: SwipeFields): void {
  const { random } = visit.person;
  const original = plan(visit, fields);
  if (!random.chance(HONEST_MIX.cancelOfSettles)) return;
  const { institution, amount, pin } = fields;
  const quick = random.chance(QUICK_CANCEL_SHARE);
  const afterMs = quick
    ? random.between(MINUTE_MS, 15 * MINUTE_MS)
    : random.between(15 * MINUTE_MS, 3 * DAY_MS);
  const atMs = fields.atMs + afterMs;
  plan(visit, { atMs, kind: "cancel", institution, amount, original });
  if (quick && random.chance(0.5)) {
    const againAtMs = atMs + random.between(1, 4) * MINUTE_MS;
    const again = { atMs: againAtMs, kind: "settle", institution, amount, itemsOf: original } as const;
    plan(visit, pin === undefined ? again : { ...again, pin });
  }
}

type SwipeFields = Pick<
  SwipeIntent,
  "kind" | "amount" | "atMs" | "institution" | "pin" | "original" | "itemsOf"
>;

function plan(visit: Visit, fields: SwipeFields): SwipeIntent {
  const intent: SwipeIntent = { ...visit.common, ...fields };
  const late = visit.lateMs === undefined ? intent : { ...intent, arrivesAtMs: fields.atMs + visit.lateMs };
  visit.person.pending.push(late);
  return late;
}

function amountOf(random: Random, kind: InstitutionKind): number {
  const { medianFen, sigma } = kind === "pharmacy" ? AMOUNTS.pharmacy : AMOUNTS.outpatient;
  return Math.max(100, Math.round(random.logNormal(medianFen, sigma)));
}
