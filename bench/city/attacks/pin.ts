/** Attacks on the PIN: R08 to R10. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../clock.js";
import type { Institution } from "../institutions.js";
import type { Person } from "../person.js";
import { type County, cityByCode } from "../places.js";
import { GETAWAY_MS, type Incident, lastOf, type Outline } from "./incident.js";

/** Two wrong PINs at one till are what honest people do: a thief tries until the PIN locks, or goes from till to till. */
export function pinGuessing(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const county = random.chance(0.5) ? incident.nearby() : incident.elsewhere();
  let atMs = incident.byDay(lostAtMs + GETAWAY_MS + random.between(0, 60) * HOUR_MS);
  const moves = random.chance(0.3);
  const institutions = incident.pinPharmacies(county, moves ? 2 : random.whole(1, 3));
  const tries = moves ? 2 : random.whole(3, 6);
  for (let tried = 0; tried < tries; tried += 1) {
    wrongPin(incident, atMs, institutions[tried % institutions.length] as Institution);
    atMs += random.between(1, 40) * MINUTE_MS;
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, atMs, false) };
}

/** One miss is anybody's (3 % of entries): a probe has two or three. Half of Hangzhou's victims are robbed in Xuancheng. */
export function pinProbeSpend(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const institutions = incident.pinPharmacies(probedCounty(incident), random.whole(1, 3));
  const { okAtMs } = probe(incident, {
    firstMs: lostAtMs + GETAWAY_MS + random.between(0, 60) * HOUR_MS,
    institutions,
  });
  const times = [
    okAtMs,
    ...incident.within(okAtMs + 2 * MINUTE_MS, okAtMs + 30 * HOUR_MS, random.whole(0, 3)),
  ];
  for (const swipedAtMs of times) {
    const amount = incident.amountFen(60, 680);
    incident.swipe({ atMs: swipedAtMs, institution: random.pick(institutions), amount });
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}

/** Two or three wrong PINs, then the moment of the right one: within minutes, or by a patient thief within a day. */
export function probe(
  incident: Incident,
  { firstMs, institutions }: { readonly firstMs: number; readonly institutions: readonly Institution[] },
): { readonly okAtMs: number } {
  const { random } = incident;
  const patient = random.chance(0.3);
  let atMs = incident.byDay(firstMs);
  for (let misses = patient || random.chance(0.6) ? 2 : 3; misses > 0; misses -= 1) {
    wrongPin(incident, atMs, random.pick(institutions));
    atMs = incident.byDay(atMs + (patient ? random.between(60, 240) : random.between(0.5, 10)) * MINUTE_MS);
  }
  return { okAtMs: atMs };
}

function probedCounty(incident: Incident): County {
  const { home, otherPlace } = incident.person;
  const xuancheng = cityByCode("3418");
  const robbedThere =
    home.city.code === "3301" && otherPlace?.city !== xuancheng && incident.random.chance(0.5);
  return robbedThere ? incident.random.pick(xuancheng.counties) : incident.elsewhere();
}

function wrongPin(incident: Incident, atMs: number, institution: Institution): void {
  const checksOnly = incident.random.chance(0.7);
  const asked = checksOnly
    ? ({ kind: "pin-check", amount: 0 } as const)
    : ({ kind: "authorize", amount: incident.amountFen() } as const);
  const atSecondMs = atMs + incident.random.between(0, 20) * SECOND_MS;
  incident.swipe({ atMs: atSecondMs, institution, pin: "wrong", ...asked });
}

export function hasDefaultPin(person: Person): boolean {
  return person.pinIsDefault;
}

export function defaultPinSpend(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const county = incident.elsewhere();
  const firstMs = lostAtMs + GETAWAY_MS + random.between(0, 60) * HOUR_MS;
  const times = incident.within(firstMs, firstMs + random.between(0.1, 3) * DAY_MS, random.whole(1, 8));
  for (const atMs of times) {
    const amount = incident.amountFen(120, 800);
    incident.swipe({ atMs, institution: incident.pinPharmacy(county), amount });
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}
