/** Attacks on the account: split purchases, drains, many institutions, refund loops, trace codes (R14 to R16, R20). */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../clock.js";
import type { Purse } from "../intents.js";
import type { Person } from "../person.js";
import { GETAWAY_MS, type Incident, lastOf, type Outline } from "./incident.js";

const SPLIT_YUAN = [150, 520] as const;

export function splitPurchase(incident: Incident): Outline {
  const { random } = incident;
  const fromMs = incident.startMs();
  const swipes = random.chance(0.08) ? 2 : random.whole(3, 7);
  const pharmacy = incident.pharmacy(incident.nearby());
  const chain = incident.branches(pharmacy);
  const atOnePharmacy = random.chance(0.7);
  const times = atOnePharmacy
    ? incident.series(fromMs, swipes, 6.5 * MINUTE_MS)
    : incident.within(fromMs, fromMs + random.between(3, 24) * HOUR_MS, swipes);
  for (const atMs of times) {
    const institution = atOnePharmacy ? pharmacy : random.pick(chain);
    incident.swipe({ atMs, institution, amount: incident.amountFen(...SPLIT_YUAN) });
  }
  return { fromMs };
}

export function hasDrainableBalance(person: Person): boolean {
  return person.balanceFen >= 80_000;
}

export function drain(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const county = random.chance(0.7) ? incident.elsewhere() : incident.nearby();
  const pharmacies = incident.pharmacies(county, random.whole(1, 6));
  const firstMs = lostAtMs + GETAWAY_MS + random.between(0, 50) * HOUR_MS;
  const times = incident.within(firstMs, firstMs + random.between(1, 8) * DAY_MS, random.whole(2, 10));
  const weights = times.map(() => random.between(0.5, 1.5));
  const weight = weights.reduce((sum, each) => sum + each, 0);
  const drained = random.between(0.4, 0.98);
  const purse: Purse = {};
  times.forEach((atMs, index) => {
    const amount = { purse, share: (drained * (weights[index] ?? 0)) / weight };
    incident.swipe({ atMs, institution: random.pick(pharmacies), amount });
  });
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}

export function manyInstitutions(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const county = random.chance(0.5) ? incident.elsewhere() : incident.nearby();
  let atMs = incident.byDay(lostAtMs + GETAWAY_MS + random.between(0, 60) * HOUR_MS);
  for (const institution of incident.pharmacies(county, random.whole(2, 8))) {
    incident.swipe({ atMs, institution, amount: incident.amountFen(30, 300) });
    atMs += random.between(3, 45) * MINUTE_MS;
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, atMs, false) };
}

export function refundLoop(incident: Incident): Outline {
  const { random } = incident;
  const fromMs = incident.startMs();
  const institution = incident.pharmacy(incident.nearby());
  let atMs = fromMs;
  for (let loops = random.whole(1, 8); loops > 0; loops -= 1) {
    const amount = incident.amountFen(300, 1_500);
    const original = incident.swipe({ atMs, institution, amount, withItems: true });
    const cancelledAtMs = atMs + random.between(3, 40) * MINUTE_MS;
    incident.swipe({ atMs: cancelledAtMs, institution, amount, kind: "cancel", original });
    atMs = incident.byDay(cancelledAtMs + random.between(0.1, 1.1) * DAY_MS);
  }
  return { fromMs };
}

export function traceCodeReuse(incident: Incident): Outline {
  const { random } = incident;
  const fromMs = incident.startMs();
  const county = incident.nearby();
  const amount = incident.amountFen(60, 900);
  const times = incident.series(fromMs, random.whole(2, 4), 80 * HOUR_MS);
  const same = random.chance(0.5);
  const pharmacy = incident.pharmacy(county);
  const [firstMs = fromMs, ...laterMs] = times;
  const first = incident.swipe({ atMs: firstMs, institution: pharmacy, amount, withItems: true });
  for (const atMs of laterMs) {
    const institution = same ? pharmacy : incident.pharmacy(county);
    incident.swipe({ atMs, institution, amount, itemsOf: first });
  }
  return { fromMs };
}
