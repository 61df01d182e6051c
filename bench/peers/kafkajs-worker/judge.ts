/** The five rules over a Map of objects. The worker trusts its input: no message is validated. */

import {
  JOB_ACTION_OF,
  type JobAction,
  type JobDecision,
  type JobRule,
  type JobSwipe,
  LIMITS,
} from "../../swipe-5/job.js";
import { Person } from "./person.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EARTH_RADIUS_KM = 6371;
const RADIANS_PER_DEGREE = Math.PI / 180;
const PURCHASE_FEN_MIN = LIMITS.purchaseLimitFen * LIMITS.purchaseShareMin;
const PURCHASE_FEN_MAX = LIMITS.purchaseLimitFen * LIMITS.purchaseShareMax;
const PURCHASES_SUM_FEN_MIN = LIMITS.purchaseLimitFen * LIMITS.purchasesSumMin;
const ACTIONS: readonly JobAction[] = ["accept", "review", "challenge", "reject"];

export class Judge {
  private readonly persons = new Map<string, Person>();
  private readonly lost = new Set<string>();

  setLost(psnNo: string, isLost: boolean): void {
    if (isLost) this.lost.add(psnNo);
    else this.lost.delete(psnNo);
  }

  /** One message in, one decision out. */
  answer(message: string, nowMs: number): string {
    const swipe = JSON.parse(message) as JobSwipe;
    const { eventId, psnNo } = swipe;
    const ruleHits = this.hits(swipe);
    const decision: JobDecision = { eventId, psnNo, action: actionOf(ruleHits), ruleHits, decidedAt: nowMs };
    return JSON.stringify(decision);
  }

  private hits(swipe: JobSwipe): readonly JobRule[] {
    const person = this.personOf(swipe.psnNo);
    const hits: JobRule[] = [];
    if (this.lost.has(swipe.psnNo)) hits.push("LOST");
    if (isTooFast(person, swipe)) hits.push("TRAVEL");
    person.hasSwiped = true;
    person.t = swipe.eventTime;
    person.lng = swipe.lng;
    person.lat = swipe.lat;
    if (hasTooManyWrongPins(person, swipe)) hits.push("WRONG_PINS");
    if (isSplit(person, swipe)) hits.push("SPLIT");
    if (isTooFrequent(person, swipe)) hits.push("FREQUENT");
    return hits;
  }

  private personOf(psnNo: string): Person {
    let person = this.persons.get(psnNo);
    if (person === undefined) {
      person = new Person();
      this.persons.set(psnNo, person);
    }
    return person;
  }
}

function isTooFast(person: Person, swipe: JobSwipe): boolean {
  if (!person.hasSwiped) return false;
  const km = distanceKm(person, swipe);
  if (km < LIMITS.travelKmMin) return false;
  const hours = (swipe.eventTime - person.t) / HOUR_MS;
  return hours <= 0 || km / hours > LIMITS.travelKmhMax;
}

function hasTooManyWrongPins(person: Person, { eventTime, pinResult }: JobSwipe): boolean {
  if (pinResult === "FAIL") person.addWrongPin(eventTime);
  const { wrongPins } = person;
  return (
    wrongPins.length === LIMITS.wrongPinsMin &&
    eventTime - wrongPins[0]! <= LIMITS.wrongPinsMinutes * MINUTE_MS
  );
}

function isSplit(person: Person, { eventTime, eventType, medfeeSumFen }: JobSwipe): boolean {
  const isInRange =
    eventType === "PURCHASE" && medfeeSumFen >= PURCHASE_FEN_MIN && medfeeSumFen <= PURCHASE_FEN_MAX;
  if (!isInRange) return false;
  person.addPurchase({ t: eventTime, fen: medfeeSumFen });
  if (person.purchases.length < LIMITS.purchasesMin) return false;
  return person.purchases.reduce((sum, { fen }) => sum + fen, 0) >= PURCHASES_SUM_FEN_MIN;
}

function isTooFrequent(person: Person, { eventTime }: JobSwipe): boolean {
  person.addSwipe(eventTime);
  const { swipes } = person;
  return swipes.length === LIMITS.swipesMin && eventTime - swipes[0]! <= LIMITS.swipesMinutes * MINUTE_MS;
}

/** The hardest of the hits' actions. */
function actionOf(hits: readonly JobRule[]): JobAction {
  let rank = 0;
  for (const hit of hits) rank = Math.max(rank, ACTIONS.indexOf(JOB_ACTION_OF[hit]));
  return ACTIONS[rank]!;
}

/** The great circle (haversine). */
function distanceKm(from: Person, to: JobSwipe): number {
  const sinLat = Math.sin(((to.lat - from.lat) * RADIANS_PER_DEGREE) / 2);
  const sinLng = Math.sin(((to.lng - from.lng) * RADIANS_PER_DEGREE) / 2);
  const chord =
    sinLat * sinLat +
    Math.cos(from.lat * RADIANS_PER_DEGREE) * Math.cos(to.lat * RADIANS_PER_DEGREE) * sinLng * sinLng;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(chord));
}
