/** Where an honest person is on a day and what trips they make; trips land in `person.pending`. */
import { dayStartMs, HOUR_MS, holidayDaysFrom, isLateInMonth, isWorkingDay, MINUTE_MS } from "./clock.js";
import type { Register } from "./institutions.js";
import {
  BULK_PURCHASE_OF_LAST_DAYS,
  COMMUTING_OF_WORKING_DAYS,
  HONEST_MIX,
  HOSPITAL_THEN_PHARMACY_OF_OTHER_TRIPS,
  JOURNEY_OF_DAYS,
  LAST_DAYS_OF_MONTH,
  OTHER_COUNTY_OF_HOME_TRIPS,
  PHARMACY_ONLY_OF_TRIPS,
  RELATIVE_OF_FAMILY_TRIPS,
  SECOND_TRIP_OF_COMMUTING_DAYS,
  USUAL_OTHER_COUNTY_SHARE,
} from "./mix.js";
import { isQuiet, type Person } from "./person.js";
import { CITIES, type County, distanceKm } from "./places.js";
import type { Random } from "./random.js";
import { planBulkPurchase, planVisit } from "./visits.js";

/** Share of away trips in the very county the person stays in. */
const SAME_COUNTY_AWAY_SHARE = 0.8;
const WORK_START_HOUR = 8.5;
const WORK_END_HOUR = 18;
/** A trip may take this long from its first swipe (moving to another pharmacy included). */
const TRIP_MAX_MS = 80 * MINUTE_MS;

export function planDay(person: Person, register: Register, dayIndex: number): void {
  if (dayIndex <= person.inStayUntilDay) return;
  const base = whereabouts(person, dayIndex);
  if (base === undefined) return;
  const startMs = dayStartMs(dayIndex);
  if (buysInBulk(person, dayIndex)) {
    const atMs = startMs + hourOfTrip(person.random) * HOUR_MS;
    if (!isQuiet(person, atMs)) planBulkPurchase(person, register, base, atMs);
    return;
  }
  if (!person.random.chance(person.tripsPerDay)) return;
  const commutes =
    person.role === "commuter" &&
    base === person.home &&
    isWorkingDay(dayIndex) &&
    person.random.chance(COMMUTING_OF_WORKING_DAYS);
  if (commutes) planCommuterTrips(person, register, startMs);
  else planOrdinaryTrip(person, register, base, startMs);
}

/** For weeks at once, about once a month. */
function buysInBulk({ isChronic, random }: Person, dayIndex: number): boolean {
  return (
    isChronic && isLateInMonth(dayIndex, LAST_DAYS_OF_MONTH) && random.chance(BULK_PURCHASE_OF_LAST_DAYS)
  );
}

/** The county the person lives in today; undefined on a day of travel. */
function whereabouts(person: Person, dayIndex: number): County | undefined {
  const { away } = person;
  if (away !== undefined) {
    if (dayIndex < away.untilDay) return away.place;
    person.away = undefined;
    return undefined;
  }
  const days = person.plan.staysHome === true ? 0 : journeyDays(person, dayIndex);
  if (days === 0) return residence(person);
  person.away = { place: destination(person), untilDay: dayIndex + days + 1 };
  return undefined;
}

/** How long a journey lasts that begins today; 0 for none. On holidays many set out at once. */
function journeyDays({ random, role }: Person, dayIndex: number): number {
  const holidays = holidayDaysFrom(dayIndex);
  if (holidays > 0 && random.chance(HONEST_MIX.holidayJourneyOfPersons)) return holidays;
  if (!random.chance(JOURNEY_OF_DAYS)) return 0;
  return role === "retiree" ? random.whole(3, 8) : random.whole(2, 6);
}

function residence(person: Person): County {
  const livesElsewhere = person.role === "retiree" || person.role === "family-apart";
  return livesElsewhere && person.otherPlace !== undefined ? person.otherPlace : person.home;
}

function destination(person: Person): County {
  if (person.role === "retiree") return person.home;
  const cities = CITIES.filter((city) => city !== residence(person).city);
  return person.random.pick(person.random.pick(cities).counties);
}

function planOrdinaryTrip(person: Person, register: Register, base: County, startMs: number): void {
  const { random, otherPlace } = person;
  const byRelative =
    person.role === "family-at-home" && otherPlace !== undefined && random.chance(RELATIVE_OF_FAMILY_TRIPS);
  const atMs = startMs + hourOfTrip(random) * HOUR_MS;
  if (isQuiet(person, atMs)) return;
  if (byRelative) planVisit(person, register, { place: otherPlace, kind: "pharmacy", atMs, byRelative });
  else planTrip(person, register, countyOfTrip(person, base), atMs);
}

/** At work between the working hours, at home before and after; sometimes both on one day. */
function planCommuterTrips(person: Person, register: Register, startMs: number): void {
  const { random } = person;
  const workPlace = person.otherPlace ?? person.home;
  const hour = hourOfTrip(random);
  const atWork = hour >= WORK_START_HOUR && hour < WORK_END_HOUR;
  const first = countyOfTrip(person, atWork ? workPlace : person.home);
  const second = countyOfTrip(person, atWork ? person.home : workPlace);
  const firstAtMs = startMs + hour * HOUR_MS;
  if (isQuiet(person, firstAtMs)) return;
  planTrip(person, register, first, firstAtMs);
  if (!random.chance(SECOND_TRIP_OF_COMMUTING_DAYS)) return;
  const secondAtMs = secondTripMs({ random, first, second, firstAtMs, startMs, atWork });
  const inStay = dayStartMs(person.inStayUntilDay) >= startMs;
  if (secondAtMs !== undefined && !inStay && !isQuiet(person, secondAtMs)) {
    planTrip(person, register, second, secondAtMs);
  }
}

interface SecondTrip {
  readonly random: Random;
  readonly first: County;
  readonly second: County;
  readonly firstAtMs: number;
  readonly startMs: number;
  readonly atWork: boolean;
}

/** A time in the other city that leaves the journey between; undefined where the day has no room for it. */
function secondTripMs({ random, first, second, firstAtMs, startMs, atWork }: SecondTrip): number | undefined {
  const travelMs = (20 + (distanceKm(first, second) / 250) * 60) * MINUTE_MS;
  const workStartMs = startMs + WORK_START_HOUR * HOUR_MS;
  const workEndMs = startMs + WORK_END_HOUR * HOUR_MS;
  const afterFirstMs = firstAtMs + TRIP_MAX_MS + travelMs;
  const beforeFirstMs = firstAtMs - TRIP_MAX_MS - travelMs;
  const morning = firstAtMs < workStartMs;
  const [fromMs, toMs] = atWork
    ? [Math.max(workEndMs, afterFirstMs), startMs + 21.5 * HOUR_MS]
    : morning
      ? [Math.max(workStartMs, afterFirstMs), workEndMs]
      : [workStartMs, Math.min(workEndMs, beforeFirstMs)];
  return fromMs < toMs ? random.between(fromMs, toMs) : undefined;
}

function countyOfTrip(person: Person, base: County): County {
  const { random, home } = person;
  const atHome = base.city === home.city;
  const elsewhereShare = atHome ? OTHER_COUNTY_OF_HOME_TRIPS : 1 - SAME_COUNTY_AWAY_SHARE;
  if (!random.chance(elsewhereShare)) return base;
  if (base === home && random.chance(USUAL_OTHER_COUNTY_SHARE)) return person.otherCounty;
  const others = base.city.counties.filter((county) => county !== base);
  return others.length === 0 ? base : random.pick(others);
}

function planTrip(person: Person, register: Register, place: County, atMs: number): void {
  const { random } = person;
  const draw = random.next();
  if (draw < HOSPITAL_THEN_PHARMACY_OF_OTHER_TRIPS) {
    const settled = planVisit(person, register, { place, kind: "hospital", atMs });
    const thenAtMs = atMs + random.between(5, 30) * MINUTE_MS;
    const externalPrescription = random.chance(0.3);
    if (settled) {
      planVisit(person, register, { place, kind: "pharmacy", atMs: thenAtMs, externalPrescription });
    }
    return;
  }
  if (draw >= HOSPITAL_THEN_PHARMACY_OF_OTHER_TRIPS + PHARMACY_ONLY_OF_TRIPS) {
    planVisit(person, register, { place, kind: "hospital", atMs });
    return;
  }
  planVisit(person, register, { place, kind: "pharmacy", atMs });
  if (random.chance(HONEST_MIX.secondPharmacyOfVisits)) {
    const thenAtMs = atMs + random.between(3, 30) * MINUTE_MS;
    planVisit(person, register, { place, kind: "pharmacy", atMs: thenAtMs });
  }
}

/** Mornings at hospitals, afternoons and evenings at pharmacies; nobody honest comes at night. */
function hourOfTrip(random: Random): number {
  const draw = random.next();
  if (draw < 0.45) return random.between(7.5, 11.5);
  if (draw < 0.7) return random.between(14, 17);
  if (draw < 0.95) return random.between(17, 21);
  return random.between(7, 22);
}
