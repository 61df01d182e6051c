/**
 * Rings: each swipe alone looks like anybody's; the terminal, agent, code or place they share does not. Patrols look for
 * them (R11, R18, R20X, R22 to R25); the inline rules are not asked to.
 */
import { DAY_MS, dayIndexOf, dayStartMs, HOUR_MS, MINUTE_MS } from "../clock.js";
import { everydayBasket } from "../drugs.js";
import type { Institution } from "../institutions.js";
import { HONEST, type RingSubject } from "../labels.js";
import type { Person } from "../person.js";
import { GETAWAY_MS, type Incident, lastOf } from "./incident.js";
import { probe } from "./pin.js";
import type { RingScene } from "./plant-rings.js";

/** A place of the ring: one till of a pharmacy in the persons' city, and who stands at it. */
interface Till {
  readonly institution: Institution;
  readonly terminalId: string;
  readonly operatorId: string;
}

/** Stolen cards tried one after the other at one till: one or two wrong PINs each, within half an hour. */
export function pinSpray(scene: RingScene): void {
  const till = tillOf(scene, { asksPin: true });
  const fromMs = morningOf(scene);
  scene.persons.forEach((person, index) => {
    const part = scene.part(person, terminalOf(till));
    const atMs = fromMs + index * 4 * MINUTE_MS;
    for (let miss = scene.random.whole(1, 2); miss > 0; miss -= 1) {
      part.swipe({ ...till, atMs: atMs + miss * 20_000, kind: "pin-check", amount: 0, pin: "wrong" });
    }
    closeRobbed(scene, person, part, atMs);
  });
}

/** Cards collected from their holders for a share of the money: the same basket for each, all within ten minutes. */
export function collectedCards(scene: RingScene): void {
  const { random } = scene;
  const till = tillOf(scene);
  const fromMs = morningOf(scene) + random.between(0, 10) * HOUR_MS;
  const amount = random.whole(15_000, 40_000);
  const basket = everydayBasket(random, amount);
  scene.persons.forEach((person, index) => {
    const part = scene.part(person, terminalOf(till));
    const atMs = fromMs + index * random.between(40, 58) * 1_000;
    part.swipe({ ...till, atMs, amount, basket });
    closeWilling(scene, person, atMs);
  });
}

/**
 * Swipes without customers (domain: Lanzhou, 196 a day for fewer than 30 visitors): one day far above the usual, which the
 * weeks before have shown: each of the persons was there once, honestly.
 */
export function busyTerminal(scene: RingScene): void {
  const { random, span } = scene;
  const till = tillOf(scene);
  const fromMs = morningOf(scene);
  const usualFromMs = Math.max(span.startMs + DAY_MS, fromMs - USUAL_DAYS * DAY_MS);
  for (const person of scene.persons) {
    const part = scene.part(person, terminalOf(till));
    const usualMs = part.byDay(random.between(usualFromMs, fromMs - DAY_MS));
    part.swipe({ ...till, label: HONEST, atMs: usualMs, amount: random.whole(3_000, 20_000) });
    const atMs = fromMs + random.between(0, 12) * HOUR_MS;
    part.swipe({ ...till, atMs, amount: random.whole(5_000, 30_000) });
    closeWilling(scene, person, atMs);
  }
}

/** A box that came back from the first patient without a refund and was sold again to another. */
export function sharedTraceCode(scene: RingScene): void {
  const { random } = scene;
  const till = tillOf(scene);
  const [seller, buyer] = scene.persons as [Person, Person];
  const subject: RingSubject = { kind: "institution", id: till.institution.id };
  const soldAtMs = morningOf(scene) + random.between(0, 10) * HOUR_MS;
  const againAtMs = soldAtMs + random.between(2, 8) * DAY_MS;
  const amount = random.whole(6_000, 90_000);
  const first = scene.part(seller, subject).swipe({ ...till, atMs: soldAtMs, amount, withItems: true });
  scene.part(buyer, subject).swipe({ ...till, atMs: againAtMs, amount, itemsOf: first });
  closeWilling(scene, seller, soldAtMs);
  closeWilling(scene, buyer, againAtMs);
}

/** All paid honestly at one pharmacy; within weeks each card is probed and used in another city. */
export function commonPoint(scene: RingScene): void {
  const { random } = scene;
  const till = tillOf(scene, { asksPin: true });
  const subject: RingSubject = { kind: "institution", id: till.institution.id };
  for (const person of scene.persons) {
    const part = scene.part(person, subject);
    const paidAtMs = morningOf(scene) + random.between(0, 1.5) * DAY_MS;
    part.swipe({ ...till, label: HONEST, atMs: part.byDay(paidAtMs), amount: random.whole(3_000, 15_000) });
    const lostAtMs = paidAtMs + random.between(1, 4) * DAY_MS;
    const institutions = part.pinPharmacies(part.elsewhere(), 2);
    const { okAtMs } = probe(part, { firstMs: lostAtMs + GETAWAY_MS, institutions });
    for (const atMs of [okAtMs, okAtMs + 2 * HOUR_MS]) {
      part.swipe({ atMs, institution: random.pick(institutions), amount: part.amountFen(80, 600) });
    }
    closeRobbed(scene, person, part, okAtMs + 2 * HOUR_MS, lostAtMs);
  }
}

/** One "relative" for many who are not related, over some days. */
export function agentRing(scene: RingScene): void {
  const { random } = scene;
  const agentId = `A${String(random.whole(9_000_000_000, 9_999_999_999))}`;
  const fromMs = morningOf(scene);
  for (const person of scene.persons) {
    const part = scene.part(person, { kind: "agent", id: agentId });
    const atMs = part.byDay(fromMs + random.between(0, 8) * DAY_MS);
    const institution = part.pharmacy(part.nearby());
    part.swipe({ atMs, institution, agentPurchase: true, agentId });
    closeWilling(scene, person, atMs);
  }
}

/** A card that belongs to nobody: whoever swipes it has stolen a list of numbers. */
export function decoyCard(scene: RingScene): void {
  const [decoy] = scene.persons as [Person];
  const part = scene.part(decoy, { kind: "card", id: decoy.cardNumber });
  const times = part.series(morningOf(scene), scene.random.whole(1, 2), 20 * HOUR_MS);
  part.spree(part.nearby(), times);
  const quiet = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  scene.close(decoy, { fromMs: times[0] ?? 0, quiet });
}

/** A till at which a day's every third swipe is sent hours after it is dated; the others are honest. */
export function backdatingTerminal(scene: RingScene): void {
  const { random } = scene;
  const till = tillOf(scene);
  const fromMs = morningOf(scene);
  scene.persons.forEach((person, index) => {
    const part = scene.part(person, terminalOf(till));
    const atMs = fromMs + random.between(0, 11) * HOUR_MS;
    const amount = random.whole(5_000, 40_000);
    if (index % 3 === 0)
      part.swipe({ ...till, atMs, amount, arrivesAtMs: atMs + random.between(2, 30) * HOUR_MS });
    else part.swipe({ ...till, atMs, amount, label: HONEST });
    closeWilling(scene, person, atMs);
  });
}

function tillOf({ random, register, persons }: RingScene, wish?: { readonly asksPin: boolean }): Till {
  const county = random.pick((persons[0] as Person).home.city.counties);
  const asksPin = wish?.asksPin ?? false;
  const institution = random.pick(register.pharmacies(county, { asksPin }));
  return {
    institution,
    terminalId: random.pick(institution.terminalIds),
    operatorId: random.pick(institution.operatorIds),
  };
}

function terminalOf({ institution, terminalId }: Till): RingSubject {
  return { kind: "terminal", id: `${institution.id}/${terminalId}` };
}

/** Nine o'clock of a day in the last half, so that a terminal has a usual day to compare with. */
function morningOf({ random, span }: RingScene): number {
  const first = dayIndexOf(span.startMs);
  const day = random.whole(first + Math.floor(span.days / 2) - ROOM_DAYS / 2, first + span.days - ROOM_DAYS);
  return dayStartMs(day) + 9 * HOUR_MS;
}

/** How long a busy terminal's usual days go back. */
const USUAL_DAYS = 24;
/** The longest ring: a visit, days, a probe, a replacement on its way. */
const ROOM_DAYS = 10;

/** The holder's card is gone from `lostAtMs` until it is replaced. */
function closeRobbed(
  scene: RingScene,
  person: Person,
  part: Incident,
  lastMs: number,
  lostAtMs = lastMs - DAY_MS,
) {
  const hand = part.recover(lostAtMs, lastOf([lastMs]), false);
  scene.close(person, { fromMs: lostAtMs, hand });
}

/** The holder knows: no swipe of their own around it that would be an impossible journey. */
function closeWilling(scene: RingScene, person: Person, atMs: number): void {
  scene.close(person, {
    fromMs: atMs,
    staysHome: true,
    quiet: { fromMs: atMs - 12 * HOUR_MS, toMs: atMs + 12 * HOUR_MS },
  });
}
