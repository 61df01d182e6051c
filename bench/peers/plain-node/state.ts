/** Plain per-person state: a Map of objects, arrays with pruning. What a careful Node programmer writes first. */

import { isLost, type JobSwipe, LIMITS, psnNoOf } from "../../swipe-5/job.js";

const MINUTE_MS = 60_000;
const EARTH_RADIUS_KM = 6371.0;
const RADIANS_PER_DEGREE = Math.PI / 180;
const PURCHASE_FEN_MIN = LIMITS.purchaseLimitFen * LIMITS.purchaseShareMin;
const PURCHASE_FEN_MAX = LIMITS.purchaseLimitFen * LIMITS.purchaseShareMax;

interface PersonState {
  t: number;
  lng: number;
  lat: number;
  readonly swipes: number[];
  readonly wrongPins: number[];
  readonly purchases: { readonly t: number; readonly fen: number }[];
}

/** What the five rules ask for, the swipe itself included. */
export interface JobFacts {
  readonly lost: boolean;
  readonly distanceKm: number;
  readonly speedKmh: number;
  readonly wrongPins: number;
  readonly isPurchaseInRange: boolean;
  readonly purchases: number;
  readonly purchasesFen: number;
  readonly swipes: number;
}

export class PlainState {
  private readonly persons = new Map<string, PersonState>();
  private readonly lost = new Set<string>();

  constructor(persons: number) {
    for (let i = 0; i < persons; i++) if (isLost(i)) this.lost.add(psnNoOf(i));
  }

  /** Takes the swipe in and says what the rules need to know. */
  factsOf(swipe: JobSwipe): JobFacts {
    const t = swipe.eventTime;
    let distanceKm = 0;
    let speedKmh = 0;
    let person = this.persons.get(swipe.psnNo);
    if (person === undefined) {
      person = { t, lng: swipe.lng, lat: swipe.lat, swipes: [], wrongPins: [], purchases: [] };
      this.persons.set(swipe.psnNo, person);
    } else {
      distanceKm = haversineKm(person.lng, person.lat, swipe.lng, swipe.lat);
      const hours = (t - person.t) / (60 * MINUTE_MS);
      speedKmh = hours > 0 ? distanceKm / hours : distanceKm > 0 ? Number.POSITIVE_INFINITY : 0;
      person.t = t;
      person.lng = swipe.lng;
      person.lat = swipe.lat;
    }
    const { swipes, wrongPins, purchases } = person;
    swipes.push(t);
    while (swipes[0]! < t - LIMITS.swipesMinutes * MINUTE_MS) swipes.shift();
    if (swipe.pinResult === "FAIL") wrongPins.push(t);
    while (wrongPins.length > 0 && wrongPins[0]! < t - LIMITS.wrongPinsMinutes * MINUTE_MS) wrongPins.shift();
    const isPurchaseInRange =
      swipe.eventType === "PURCHASE" &&
      swipe.medfeeSumFen >= PURCHASE_FEN_MIN &&
      swipe.medfeeSumFen <= PURCHASE_FEN_MAX;
    if (isPurchaseInRange) purchases.push({ t, fen: swipe.medfeeSumFen });
    while (purchases.length > 0 && purchases[0]!.t < t - LIMITS.purchasesMinutes * MINUTE_MS)
      purchases.shift();
    let purchasesFen = 0;
    for (let i = 0; i < purchases.length; i++) purchasesFen += purchases[i]!.fen;
    return {
      lost: this.lost.has(swipe.psnNo),
      distanceKm,
      speedKmh,
      wrongPins: wrongPins.length,
      isPurchaseInRange,
      purchases: purchases.length,
      purchasesFen,
      swipes: swipes.length,
    };
  }
}

function haversineKm(lng1: number, lat1: number, lng2: number, lat2: number): number {
  const sinLat = Math.sin(((lat2 - lat1) * RADIANS_PER_DEGREE) / 2);
  const sinLng = Math.sin(((lng2 - lng1) * RADIANS_PER_DEGREE) / 2);
  const chord =
    sinLat * sinLat +
    Math.cos(lat1 * RADIANS_PER_DEGREE) * Math.cos(lat2 * RADIANS_PER_DEGREE) * sinLng * sinLng;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(chord));
}
