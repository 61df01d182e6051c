/** Attacks that what is known of the holder shows: a stay in hospital, the holder's own limits, a spree far away (R13, R19, R21). */
import { DAY_MS, dayIndexOf, dayStartMs, HOUR_MS, MINUTE_MS } from "../clock.js";
import { HONEST } from "../labels.js";
import { GETAWAY_MS, type Incident, lastOf, type Outline } from "./incident.js";
import { probe } from "./pin.js";

/** A probed PIN, then large purchases far from home over some days. */
export function crossCitySpree(incident: Incident): Outline {
  const { random } = incident;
  const lostAtMs = incident.startMs();
  const county = incident.farAway();
  const { okAtMs } = probe(incident, {
    firstMs: lostAtMs + GETAWAY_MS + random.between(0, 40) * HOUR_MS,
    institutions: incident.pinPharmacies(county, random.whole(1, 3)),
  });
  const times = [
    okAtMs,
    ...incident.within(okAtMs + 40 * MINUTE_MS, okAtMs + 5 * DAY_MS, random.whole(2, 5)),
  ];
  for (const atMs of times) {
    const amount = incident.amountFen(220, 900);
    incident.swipe({ atMs, institution: incident.pinPharmacy(county), amount });
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}

/** The holder lies in hospital; the card goes shopping, in the same city or another. */
export function inpatientElsewhere(incident: Incident): Outline {
  const { random, person } = incident;
  const admittedAtMs = incident.startMs();
  const dischargedAtMs = admittedAtMs + random.between(4, 10) * DAY_MS;
  const hospital = incident.hospital(incident.nearby());
  incident.fact(admittedAtMs, {
    fact: "inpatient",
    institutionId: hospital.id,
    region: hospital.county.code,
    fromMs: admittedAtMs,
    toMs: dischargedAtMs,
  });
  const county = random.chance(0.6) ? incident.elsewhere() : incident.nearby();
  const firstMs = admittedAtMs + GETAWAY_MS + random.between(0, 30) * HOUR_MS;
  incident.spree(county, incident.within(firstMs, dischargedAtMs - 2 * HOUR_MS, random.whole(1, 4)));
  incident.swipe({
    atMs: dischargedAtMs - 30 * MINUTE_MS,
    label: HONEST,
    institution: hospital,
    visitKind: "21",
    amount: random.whole(300_000, 900_000),
    fundShare: random.between(0.6, 0.85),
    cardNumber: person.cardNumber,
  });
  return { fromMs: admittedAtMs, quiet: { fromMs: admittedAtMs - HOUR_MS, toMs: dischargedAtMs } };
}

const LIMIT_KINDS = ["home", "day", "night"] as const;

/** The holder has drawn a line (no other city, so much a day, nothing at night); the thief does not know it. */
export function limitsBroken(incident: Incident): Outline {
  const { random, spanStartMs } = incident;
  const lostAtMs = incident.startMs();
  const setAtMs = spanStartMs + random.between(1, 300) * MINUTE_MS;
  const firstMs = lostAtMs + GETAWAY_MS + random.between(0, 40) * HOUR_MS;
  const times = incident.series(firstMs, random.whole(2, 4), 90 * MINUTE_MS);
  switch (random.pick(LIMIT_KINDS)) {
    case "home":
      incident.fact(setAtMs, { fact: "limits", fromMs: setAtMs, homeOnly: true });
      incident.spree(incident.elsewhere(), times);
      break;
    case "day":
      incident.fact(setAtMs, { fact: "limits", fromMs: setAtMs, dailyFen: 30_000 });
      incident.spree(incident.nearby(), times.slice(0, 1), { amount: incident.amountFen(320, 700) });
      incident.spree(incident.nearby(), times.slice(1));
      break;
    case "night":
      incident.fact(setAtMs, { fact: "limits", fromMs: setAtMs, noNight: true });
      incident.spree(
        incident.nearby(),
        times.map((atMs) => atNight(incident, atMs)),
      );
  }
  return { fromMs: lostAtMs, hand: incident.recover(lostAtMs, lastOf(times) + DAY_MS, false) };
}

/** Between 23:30 and 05:30 of the night that follows. */
function atNight({ random }: Incident, atMs: number): number {
  return dayStartMs(dayIndexOf(atMs) + 1) + random.between(-0.5, 5.5) * HOUR_MS;
}
