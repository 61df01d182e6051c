import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { type CityLine, generateCity } from "../../../bench/city/city.js";
import { HONEST_MIX } from "../../../bench/city/mix.js";
import { buildPopulation } from "../../../bench/city/population.js";
import type { RawSwipe } from "../../../schemas/raw.js";

const PERSONS = 16_000;
const MINUTE_MS = 60_000;

/** Honest swipes, each once, in order of what happened. */
let honest: RawSwipe[] = [];
let lines: CityLine[] = [];

beforeAll(() => {
  lines = [...generateCity({ seed: 11, persons: PERSONS, days: 40 })];
  const once = new Map<string, RawSwipe>();
  for (const { raw, label } of lines) {
    if (raw.type === "swipe" && label.kind === "honest") once.set(raw.eventId, raw);
  }
  honest = [...once.values()].sort((one, other) => at(one) - at(other));
});

function at(swipe: RawSwipe): number {
  return Date.parse(swipe.occurredAt);
}

function share(wanted: (swipe: RawSwipe) => boolean, of: (swipe: RawSwipe) => boolean = () => true): number {
  const base = honest.filter(of);
  return base.filter(wanted).length / base.length;
}

function byPerson(swipes: readonly RawSwipe[]): RawSwipe[][] {
  const persons = new Map<string, RawSwipe[]>();
  for (const swipe of swipes) {
    const own = persons.get(swipe.personId);
    if (own === undefined) persons.set(swipe.personId, [swipe]);
    else own.push(swipe);
  }
  return [...persons.values()];
}

describe("shares of swipes are those of the stated mix", () => {
  test("3 % of PIN entries are wrong", () => {
    const wrong = share(
      ({ pin }) => pin === "wrong",
      ({ pin }) => pin === "wrong" || pin === "ok",
    );
    expect(Math.abs(wrong - HONEST_MIX.wrongPinOfEntries)).toBeLessThan(0.004);
  });

  test("2 % arrive more than 60 minutes late", () => {
    const late = share((swipe) => Date.parse(swipe.receivedAt ?? "") - at(swipe) > 60 * MINUTE_MS);
    expect(Math.abs(late - HONEST_MIX.lateOfSwipes)).toBeLessThan(0.004);
  });

  test("54 % are outside the home county", () => {
    const outside = share(({ careRegion, insuredRegion }) => careRegion !== insuredRegion);
    expect(Math.abs(outside - HONEST_MIX.outsideHomeCountyOfSwipes)).toBeLessThan(0.015);
  });

  test("20 % of trips are a hospital and then a pharmacy 5 to 30 minutes later", () => {
    const trips = byPerson(honest.filter(({ kind }) => kind === "settle")).flatMap(tripsOf);
    const pairs = trips.filter(hospitalThenPharmacy);
    expect(Math.abs(pairs.length / trips.length - HONEST_MIX.hospitalThenPharmacyOfTrips)).toBeLessThan(
      0.015,
    );
  });

  test("0.5 % of settles are cancelled and 0.2 % of lines are sent twice", () => {
    const settles = honest.filter(({ kind }) => kind === "settle").length;
    const cancels = honest.filter(({ kind }) => kind === "cancel").length;
    expect(Math.abs(cancels / settles - HONEST_MIX.cancelOfSettles)).toBeLessThan(0.0015);
    const repeats = lines.length - new Set(lines.map(({ raw }) => raw.eventId)).size;
    expect(Math.abs(repeats / lines.length - HONEST_MIX.sentTwiceOfLines)).toBeLessThan(0.001);
  });

  test("pharmacies take about 102 yuan a settle", () => {
    const settles = honest.filter(
      ({ kind, institutionKind }) => kind === "settle" && institutionKind === "pharmacy",
    );
    const mean = settles.reduce((sum, { totalFen }) => sum + totalFen, 0) / settles.length;
    expect(Math.abs(mean / 10_200 - 1)).toBeLessThan(0.05);
  });
});

/** Settles of one person, split where two hours pass without one. */
function tripsOf(settles: readonly RawSwipe[]): RawSwipe[][] {
  const trips: RawSwipe[][] = [];
  for (const settle of settles) {
    const trip = trips.at(-1);
    const last = trip?.at(-1);
    if (trip !== undefined && last !== undefined && at(settle) - at(last) < 120 * MINUTE_MS)
      trip.push(settle);
    else trips.push([settle]);
  }
  return trips;
}

function hospitalThenPharmacy(trip: readonly RawSwipe[]): boolean {
  return trip.some((first) =>
    trip.some((second) => {
      const minutes = (at(second) - at(first)) / MINUTE_MS;
      const kinds = first.institutionKind === "hospital" && second.institutionKind === "pharmacy";
      return kinds && minutes >= 4.9 && minutes <= 30.1;
    }),
  );
}

describe("accounts", () => {
  test("hold about 3,800 yuan in the mean on the first day", () => {
    const population = buildPopulation(11, PERSONS);
    const mean = population.reduce((sum, { balanceFen }) => sum + balanceFen, 0) / PERSONS;
    expect(mean / 100).toBeGreaterThan(3_600);
    expect(mean / 100).toBeLessThan(4_100);
  });

  test("whoever spends more than is credited has at most a month's credit", () => {
    const spenders = buildPopulation(11, PERSONS).filter(({ isChronic }) => isChronic);
    expect(spenders.length).toBe(HONEST_MIX.chronicOfPersons * PERSONS);
    expect(spenders.filter((person) => person.balanceFen > person.monthlyCreditFen)).toEqual([]);
  });

  test("are half spent within a week by fewer than one in fifty persons", () => {
    const weeks = byPerson(honest.filter(({ kind }) => kind === "settle")).map(halfSpentInAWeek);
    expect(weeks.filter(Boolean).length / PERSONS).toBeLessThan(0.02);
  });
});

/** Of at least 500 yuan, as the rule on drained accounts counts. */
function halfSpentInAWeek(settles: readonly RawSwipe[]): boolean {
  return settles.some((last) => {
    const week = settles.filter(
      (swipe) => at(swipe) <= at(last) && at(last) - at(swipe) <= 7 * 24 * 60 * MINUTE_MS,
    );
    const opening = week[0]?.balanceBeforeFen ?? 0;
    const spent = week.reduce((sum, { accountFen }) => sum + (accountFen ?? 0), 0);
    return opening >= 50_000 && spent * 2 >= opening;
  });
}

describe("shares of persons are exact", () => {
  const population = buildPopulation(11, PERSONS);
  const count = (wanted: (person: (typeof population)[number]) => boolean) =>
    population.filter(wanted).length;

  test.each([
    ["commuters", HONEST_MIX.commuterOfPersons, () => count(({ role }) => role === "commuter")],
    ["filed retirees", HONEST_MIX.retireeOfPersons, () => count(({ role }) => role === "retiree")],
    [
      "families sharing money",
      HONEST_MIX.familyOfPersons,
      () => count(({ role }) => role.startsWith("family")),
    ],
    [
      "unchanged default PIN",
      HONEST_MIX.defaultPinOfPersons,
      () => count(({ pinIsDefault }) => pinIsDefault),
    ],
    ["birthday as PIN", HONEST_MIX.birthdayPinOfPersons, () => count(({ pinIsBirthday }) => pinIsBirthday)],
  ])("%s", (_, stated, counted) => {
    expect(counted()).toBe(Math.round(stated * PERSONS));
  });

  test("0.5 % use a card found again, unreleased, and these swipes have their own label", () => {
    const finders = new Set(
      lines
        .filter(({ label }) => label.kind === "found-again")
        .map(({ raw }) => ("personId" in raw ? raw.personId : "")),
    );
    expect(finders.size).toBe(Math.round(HONEST_MIX.foundAgainOfPersons * PERSONS));
  });
});

describe("README.md states the numbers the generator uses", () => {
  const readme = readFileSync("bench/city/README.md", "utf8").replace(/ +/g, " ");

  test.each([
    [HONEST_MIX.wrongPinOfEntries, "wrong PINs | PIN entries"],
    [HONEST_MIX.hospitalThenPharmacyOfTrips, "hospital then pharmacy within 30 min | trips"],
    [HONEST_MIX.defaultPinOfPersons, "unchanged default PIN | persons"],
    [HONEST_MIX.familyOfPersons, "families sharing money | persons"],
    [HONEST_MIX.retireeOfPersons, "filed retirees | persons"],
    [HONEST_MIX.commuterOfPersons, "commuters between cities | persons"],
    [HONEST_MIX.foundAgainOfPersons, "found again | persons"],
    [HONEST_MIX.lateOfSwipes, "late uploads | honest swipes"],
    [HONEST_MIX.outsideHomeCountyOfSwipes, "outside the home county | honest swipes"],
    [HONEST_MIX.authorizeOfHospitalVisits, "| hospital visits | an `authorize` first"],
    [HONEST_MIX.emergencyOfHospitalVisits, "| hospital visits | emergency"],
    [HONEST_MIX.stayOfHospitalVisits, "| hospital visits | begin a stay"],
    [HONEST_MIX.cancelOfSettles, "| settles | cancelled"],
    [HONEST_MIX.secondPharmacyOfVisits, "| pharmacy visits | a second pharmacy"],
    [HONEST_MIX.separateSettlesOfVisits, "| pharmacy visits | rung up"],
    [HONEST_MIX.itemsOfPharmacySettles, "| pharmacy settles | carry items"],
    [HONEST_MIX.birthdayPinOfPersons, "| persons | birthday as PIN"],
    [HONEST_MIX.chronicOfPersons, "| persons | chronically ill"],
    [HONEST_MIX.limitsOfPersons, "| persons | set a limit"],
    [HONEST_MIX.externalPrescriptionOfStays, "| stays | an external prescription"],
    [HONEST_MIX.relativeBuysOfStays, "| stays | a relative buys"],
    [HONEST_MIX.agentOfPharmacyVisits, "| pharmacy visits | a daughter or son"],
    [HONEST_MIX.dearDrugOfBaskets, "| baskets | a dear drug"],
    [HONEST_MIX.holidayJourneyOfPersons, "| persons | set out on a journey on the first day of a holiday"],
    [HONEST_MIX.replacementOfPersons, "| persons | lose the card"],
    [HONEST_MIX.newcomerOfPersons, "| persons | get their first card"],
    [HONEST_MIX.fastClockOfInstitutions, "| institutions | have a clock"],
    [HONEST_MIX.noPinOfInstitutions, "| institutions | ask no PIN"],
    [HONEST_MIX.coordinatesOfInstitutions, "| institutions | send coordinates"],
    [HONEST_MIX.sentTwiceOfLines, "| lines | sent twice"],
  ])("%f: %s", (stated, words) => {
    const percent = Number((stated * 100).toFixed(6));
    expect(readme).toContain(`| ${percent} % ${words}`);
  });
});
