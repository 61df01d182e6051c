/** Thieves who know the thresholds. No rule promises to see them: their recall is shown, and nothing hangs on it. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../clock.js";
import { dearBasket } from "../drugs.js";
import type { Institution } from "../institutions.js";
import { cityByCode } from "../places.js";
import { GETAWAY_MS, INCIDENT_DAYS_MAX, type Incident, lastOf, type Outline } from "./incident.js";
import { spendShare } from "./money.js";

const SLOW_DAYS = 28;

/** At most 45 % in a week and 65 % in a month, at two pharmacies near the holder's home. */
export function slowDrain(incident: Incident): Outline {
  const { random, spanDays } = incident;
  const days = Math.min(SLOW_DAYS, Math.max(INCIDENT_DAYS_MAX - 3, spanDays - 14));
  const lostAtMs = incident.startMs(days + 3);
  const pharmacies = incident.pharmacies(incident.nearby(), 2);
  const swipes = Math.max(3, Math.round(days / 3));
  const firstMs = lostAtMs + GETAWAY_MS;
  const times = Array.from({ length: swipes }, (_, index) =>
    incident.byDay(firstMs + ((index + random.between(0, 0.6)) * days * DAY_MS) / swipes),
  );
  const share = Math.min(random.between(0.5, 0.65), (0.45 * days) / 7 / 1.3);
  spendShare(incident, { times, pharmacies, share });
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}

/** To and fro between two cities, never the same pharmacy twice, never quickly, never more than four a day. */
export function alternatingPlaces(incident: Incident): Outline {
  const { random, person } = incident;
  const lostAtMs = incident.startMs();
  const neighbour = random.pick(cityByCode(random.pick(person.home.city.worksIn)).counties);
  const counties = [incident.nearby(), neighbour];
  let atMs = lostAtMs + GETAWAY_MS;
  const times: number[] = [];
  for (let swipes = random.whole(5, 8); swipes > 0; swipes -= 1) {
    atMs = incident.byDay(atMs + random.between(6, 20) * HOUR_MS);
    const county = counties[times.length % 2] as (typeof counties)[number];
    incident.swipe({ atMs, institution: incident.easyPharmacy(county), amount: incident.amountFen(80, 195) });
    times.push(atMs);
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}

/** A probed PIN for less than 50 yuan, a default PIN for less than 100, pieces below 40 % of the limit, one dear box. */
export function justBelowLimits(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const firstMs = incident.byDay(lostAtMs + GETAWAY_MS + random.between(0, 40) * HOUR_MS);
  const lastMs = random.pick([probeForLittle, smallAmountsAway, smallPieces, oneDearBox])(incident, firstMs);
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastMs, false) };
}

/** Each returns the time of its last swipe. */
function probeForLittle(incident: Incident, firstMs: number): number {
  const institution = incident.pinPharmacy(incident.nearby());
  for (const minutes of [0, 2]) {
    const atMs = firstMs + minutes * MINUTE_MS;
    incident.swipe({ atMs, institution, pin: "wrong", kind: "pin-check", amount: 0 });
  }
  return swipesAt(
    incident,
    [4, 300, 900].map((minutes) => firstMs + minutes * MINUTE_MS),
    {
      institution,
      yuan: [30, 49],
    },
  );
}

function smallAmountsAway(incident: Incident, firstMs: number): number {
  const institution = incident.pinPharmacy(incident.elsewhere());
  return swipesAt(incident, incident.series(firstMs, 4, 20 * HOUR_MS), { institution, yuan: [60, 99] });
}

function smallPieces(incident: Incident, firstMs: number): number {
  const institution = incident.pharmacy(incident.nearby());
  return swipesAt(incident, incident.series(firstMs, 5, 6 * MINUTE_MS), { institution, yuan: [150, 199] });
}

function oneDearBox(incident: Incident, firstMs: number): number {
  const amount = incident.amountFen(600, 990);
  const basket = dearBasket(incident.random, amount);
  incident.swipe({ atMs: firstMs, institution: incident.pharmacy(incident.nearby()), amount, basket });
  return firstMs;
}

function swipesAt(
  incident: Incident,
  times: readonly number[],
  { institution, yuan }: { readonly institution: Institution; readonly yuan: readonly [number, number] },
): number {
  for (const atMs of times) incident.swipe({ atMs, institution, amount: incident.amountFen(...yuan) });
  return lastOf(times);
}
