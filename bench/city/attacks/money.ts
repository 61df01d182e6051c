/** Attacks on the account: split purchases, drains, many institutions, refund loops, trace codes (R14 to R16, R20). */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../clock.js";
import { dearBasket } from "../drugs.js";
import type { Institution } from "../institutions.js";
import type { Purse } from "../intents.js";
import type { Person } from "../person.js";
import { GETAWAY_MS, type Incident, lastOf, type Outline } from "./incident.js";

/** A purchase above the limit of 500 yuan, cut into pieces of about half of it or more. */
const SPLIT_YUAN = [230, 500] as const;

export function splitPurchase(incident: Incident): Outline {
  const { random } = incident;
  const fromMs = incident.startMs();
  const swipes = random.whole(3, 7);
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

/** In the sources 2,800 yuan and more were taken. */
export function hasDrainableBalance(person: Person): boolean {
  return person.balanceFen >= 150_000;
}

/** 55 to 98 % within six days, or 75 to 98 % within ten (domain: Hangzhou 2,800 to under 300 yuan, 89 %). */
export function drain(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const county = random.chance(0.7) ? incident.elsewhere() : incident.nearby();
  const fast = random.chance(0.6);
  const pharmacies = incident.pharmacies(county, random.whole(fast ? 1 : 3, 6));
  const firstMs = lostAtMs + GETAWAY_MS + random.between(0, 24) * HOUR_MS;
  const days = fast ? random.between(1, 6) : random.between(6, 10);
  const times = incident.within(firstMs, firstMs + days * DAY_MS, random.whole(fast ? 2 : 4, 10));
  spendShare(incident, { times, pharmacies, share: random.between(fast ? 0.55 : 0.75, 0.98) });
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}

/** Spends this share of what is on the account at the first of these times, in uneven parts. */
export function spendShare(
  incident: Incident,
  {
    times,
    pharmacies,
    share,
  }: {
    readonly times: readonly number[];
    readonly pharmacies: readonly Institution[];
    readonly share: number;
  },
): void {
  const { random } = incident;
  const weights = times.map(() => random.between(0.5, 1.5));
  const weight = weights.reduce((sum, each) => sum + each, 0);
  const purse: Purse = {};
  times.forEach((atMs, index) => {
    const amount = { purse, share: (share * (weights[index] ?? 0)) / weight };
    const institution = pharmacies[index % pharmacies.length] as Institution;
    incident.swipe({ atMs, institution, amount });
  });
}

/** Another pharmacy every few minutes (domain: collected cards change the institution within 30 minutes). */
export function manyInstitutions(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const county = random.chance(0.5) ? incident.elsewhere() : incident.nearby();
  let atMs = incident.byDay(lostAtMs + GETAWAY_MS + random.between(0, 60) * HOUR_MS);
  for (const institution of incident.pharmacies(county, random.whole(3, 8))) {
    incident.swipe({ atMs, institution, amount: incident.amountFen(30, 300) });
    atMs += random.between(3, 29) * MINUTE_MS;
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, atMs, false) };
}

/** One refund is an honest mistake: a loop has two or more (domain: Wuhan, 10 minutes after the settle, 14 times). */
export function refundLoop(incident: Incident): Outline {
  const { random } = incident;
  const fromMs = incident.startMs();
  const institution = incident.pharmacy(incident.nearby());
  let atMs = fromMs;
  for (let loops = random.whole(2, 8); loops > 0; loops -= 1) {
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

/** Boxes of dear drugs for a reseller (domain: Beijing 2024, four pharmacies and 13,100 yuan with a stolen e-code). */
export function resaleBasket(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const stolenCode = random.chance(0.5);
  const county = random.chance(0.6) ? incident.elsewhere() : incident.nearby();
  const pharmacies = incident.pharmacies(county, random.whole(1, 4));
  let atMs = incident.byDay(lostAtMs + GETAWAY_MS + random.between(0, 40) * HOUR_MS);
  for (const institution of pharmacies) {
    const amount = incident.amountFen(pharmacies.length === 1 ? 1_100 : 600, 4_000);
    const basket = dearBasket(random, amount);
    if (stolenCode) incident.codeSwipe({ atMs, institution, amount, basket });
    else incident.swipe({ atMs, institution, amount, basket });
    atMs += random.between(20, 180) * MINUTE_MS;
  }
  if (stolenCode) return { fromMs: lostAtMs, staysHome: true };
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, atMs, false) };
}
