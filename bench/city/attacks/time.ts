/** Attacks that play with place and time: a cloned card (R12), a late report (revision R01), a backdated upload (R00). */
import { DAY_MS, dayIndexOf, dayStartMs, HOUR_MS, MINUTE_MS } from "../clock.js";
import type { Person } from "../person.js";
import { distanceKm } from "../places.js";
import { type Incident, lastOf, type Outline } from "./incident.js";

/** Faster than any honest way from door to door: about 250 km/h by air (domain: R12's basis). */
const CLONE_SPEED_KM_H = [330, 2_500] as const;

export function livesAtHome(person: Person): boolean {
  return person.role === "ordinary";
}

export function clonedCard(incident: Incident): Outline {
  const { random, person } = incident;
  const anchorMs = dayStartMs(dayIndexOf(incident.startMs())) + random.between(8, 20) * HOUR_MS;
  // The alarm falls on the later swipe of the pair: the holder's own carries the label too.
  const amount = random.whole(2_000, 20_000);
  incident.swipe({ atMs: anchorMs, institution: incident.pinPharmacy(person.home), amount });
  const county = incident.farAway();
  const [slow, fast] = CLONE_SPEED_KM_H;
  const speed = slow * (fast / slow) ** random.next();
  const gapMs = (distanceKm(person.home, county) / speed) * HOUR_MS;
  const before = random.chance(0.5);
  const copiedAtMs = [gapMs];
  for (let more = random.whole(0, 2); more > 0; more -= 1) {
    copiedAtMs.push(gapMs + random.between(5, 300) * MINUTE_MS);
  }
  incident.spree(
    county,
    copiedAtMs.map((afterMs) => anchorMs + (before ? -afterMs : afterMs)),
  );
  return { fromMs: anchorMs - Math.max(...copiedAtMs), staysHome: true };
}

export function lateStatus(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const reportedAtMs = incident.byDay(lostAtMs + random.between(0.5, 8) * HOUR_MS);
  const arrivesAtMs = reportedAtMs + random.between(2, 30) * HOUR_MS;
  incident.status(reportedAtMs, "report-loss", random.chance(0.5) ? "counter" : "app", { arrivesAtMs });
  const fromMs = reportedAtMs + 5 * MINUTE_MS;
  const times = incident.within(fromMs, arrivesAtMs - 5 * MINUTE_MS, random.whole(1, 5));
  incident.spree(incident.nearby(), times);
  const recoversAtMs = Math.max(lastOf(times), arrivesAtMs);
  return { fromMs: reportedAtMs, hand: incident.recover(lostAtMs, recoversAtMs, true) };
}

export function backdatedUpload(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const reportedAtMs = incident.byDay(lostAtMs + random.between(21, 30) * HOUR_MS);
  incident.status(reportedAtMs, "report-loss", random.chance(0.5) ? "counter" : "app");
  const county = incident.nearby();
  const institution = incident.easyPharmacy(county);
  const fromMs = reportedAtMs - 20 * HOUR_MS;
  for (const atMs of incident.within(fromMs, reportedAtMs - 5 * MINUTE_MS, random.whole(1, 4))) {
    const arrivesAtMs = reportedAtMs + random.between(10 * MINUTE_MS, 30 * HOUR_MS);
    incident.swipe({ atMs, institution, arrivesAtMs });
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, reportedAtMs + 2 * DAY_MS, true) };
}
