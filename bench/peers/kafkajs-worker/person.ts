/** What the worker keeps of a person: as many times as a rule counts, and the purchases of the last half hour. */

import { LIMITS } from "../../swipe-5/job.js";

const MINUTE_MS = 60_000;
const PURCHASES_MS = LIMITS.purchasesMinutes * MINUTE_MS;

export interface Purchase {
  readonly t: number;
  readonly fen: number;
}

export class Person {
  hasSwiped = false;
  t = 0;
  lng = 0;
  lat = 0;
  /** The last ones, oldest first. */
  readonly swipes: number[] = [];
  readonly wrongPins: number[] = [];
  purchases: Purchase[] = [];

  addSwipe(t: number): void {
    push(this.swipes, t, LIMITS.swipesMin);
  }

  addWrongPin(t: number): void {
    push(this.wrongPins, t, LIMITS.wrongPinsMin);
  }

  addPurchase(purchase: Purchase): void {
    this.purchases = this.purchases.filter(({ t }) => purchase.t - t <= PURCHASES_MS);
    this.purchases.push(purchase);
  }
}

function push(times: number[], t: number, countMax: number): void {
  times.push(t);
  if (times.length > countMax) times.shift();
}
