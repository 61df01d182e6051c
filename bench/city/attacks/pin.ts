/** Attacks on the PIN: R08 to R10. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../clock.js";
import type { Institution } from "../institutions.js";
import type { Person } from "../person.js";
import { GETAWAY_MS, type Incident, lastOf, type Outline } from "./incident.js";

export function pinGuessing(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const county = random.chance(0.5) ? incident.nearby() : incident.elsewhere();
  const institutions = incident.pinPharmacies(county, random.whole(1, 3));
  let atMs = incident.byDay(lostAtMs + GETAWAY_MS + random.between(0, 60) * HOUR_MS);
  for (let tries = random.whole(2, 6); tries > 0; tries -= 1) {
    wrongPin(incident, atMs, random.pick(institutions));
    atMs += random.between(1, 40) * MINUTE_MS;
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, atMs, false) };
}

export function pinProbeSpend(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const county = incident.elsewhere();
  const institutions = incident.pinPharmacies(county, random.whole(1, 3));
  const patient = random.chance(0.3);
  let atMs = incident.byDay(lostAtMs + GETAWAY_MS + random.between(0, 60) * HOUR_MS);
  for (let misses = missesOf(random.next()); misses > 0; misses -= 1) {
    wrongPin(incident, atMs, random.pick(institutions));
    atMs = incident.byDay(atMs + (patient ? random.between(60, 360) : random.between(0.3, 10)) * MINUTE_MS);
  }
  const times = [atMs, ...incident.within(atMs + 2 * MINUTE_MS, atMs + 30 * HOUR_MS, random.whole(0, 3))];
  for (const swipedAtMs of times) {
    const amount = incident.amountFen(60, 680);
    incident.swipe({ atMs: swipedAtMs, institution: random.pick(institutions), amount });
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}

function missesOf(draw: number): number {
  if (draw < 0.1) return 1;
  return draw < 0.7 ? 2 : 3;
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
    const amount = incident.amountFen(60, 800);
    incident.swipe({ atMs, institution: incident.pinPharmacy(county), amount });
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}
