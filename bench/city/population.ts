/** The persons of the city; shares of persons are exact. */
import {
  ACCOUNT_FEN_OF_TRIP,
  E_CREDENTIAL_OTHERWISE,
  E_CREDENTIAL_WHEN_PREFERRED,
  FAMILY_APART_SHARE,
  HONEST_MIX,
  MONTHS_OF_SAVING,
  TRIP_RATES,
} from "./mix.js";
import { NO_PLAN, type Person, type Role } from "./person.js";
import { CITIES, type City, type County, cityByCode, HOME_CITIES, provinceOf } from "./places.js";
import { Random } from "./random.js";

/** A daughter or son buys for both parents. */
const PERSONS_OF_AGENT = 2;
const DAYS_OF_MONTH = 30.4;
const PERSON_STREAM = 1;
const TRAIT_STREAM = 2;

/** Who has which trait, by the person's index. */
interface Traits {
  readonly cities: readonly City[];
  readonly roles: readonly Role[];
  readonly defaultPins: ReadonlySet<number>;
  readonly birthdayPins: ReadonlySet<number>;
  readonly preferECredential: ReadonlySet<number>;
  readonly tripRates: readonly number[];
}

export function buildPopulation(seed: number, persons: number): Person[] {
  const traits = drawTraits(Random.derived(seed, TRAIT_STREAM, 0), persons);
  return Array.from({ length: persons }, (_, index) =>
    personOf(index, Random.derived(seed, PERSON_STREAM, index), traits),
  );
}

/** A synthetic card number; `issue` 0 is the first card. */
export function cardNumberOf(index: number, issue: number): string {
  // 7_654_321 has no common factor with 10^8, so that numbers differ for the first 10^8 persons.
  return `C${String((index * 7_654_321 + 12_345_678) % 100_000_000).padStart(8, "0")}${issue}`;
}

function drawTraits(random: Random, persons: number): Traits {
  const indexes = Array.from({ length: persons }, (_, index) => index);
  const defaultPins = sampleOf(random, indexes, HONEST_MIX.defaultPinOfPersons);
  const others = indexes.filter((index) => !defaultPins.has(index));
  const birthdayOfOthers = HONEST_MIX.birthdayPinOfPersons / (1 - HONEST_MIX.defaultPinOfPersons);
  return {
    cities: spread(random, persons, cityShares()),
    roles: spread(random, persons, roleShares()),
    defaultPins,
    birthdayPins: sampleOf(random, others, birthdayOfOthers),
    preferECredential: sampleOf(random, indexes, HONEST_MIX.eCredentialOfPersons),
    tripRates: spread(
      random,
      persons,
      TRIP_RATES.map(([share, rate]) => [rate, share]),
    ),
  };
}

function cityShares(): [City, number][] {
  return HOME_CITIES.map((city) => [city, city.personsPercent / 100]);
}

function roleShares(): [Role, number][] {
  const { commuterOfPersons, retireeOfPersons, familyOfPersons } = HONEST_MIX;
  return [
    ["commuter", commuterOfPersons],
    ["retiree", retireeOfPersons],
    ["family-apart", familyOfPersons * FAMILY_APART_SHARE],
    ["family-at-home", familyOfPersons * (1 - FAMILY_APART_SHARE)],
    ["ordinary", 1 - commuterOfPersons - retireeOfPersons - familyOfPersons],
  ];
}

/** A shuffled list in which each value has its exact share; the last value takes what rounding leaves. */
function spread<T>(random: Random, count: number, shares: readonly (readonly [T, number])[]): T[] {
  const values: T[] = [];
  for (const [value, share] of shares) {
    const copies = Math.min(Math.round(share * count), count - values.length);
    for (let copy = 0; copy < copies; copy += 1) values.push(value);
  }
  const last = shares.at(-1);
  while (last !== undefined && values.length < count) values.push(last[0]);
  return random.shuffled(values);
}

function sampleOf(random: Random, indexes: readonly number[], share: number): ReadonlySet<number> {
  return new Set(random.shuffled(indexes).slice(0, Math.round(share * indexes.length)));
}

function personOf(index: number, random: Random, traits: Traits): Person {
  const city = traits.cities[index] as City;
  const role = traits.roles[index] as Role;
  const rate = traits.tripRates[index] as number;
  const monthlyCreditFen = random.whole(60, 300) * 100;
  const home = random.pick(city.counties);
  return {
    index,
    personId: `${city.code.padEnd(6, "0")}${String(index).padStart(12, "0")}`,
    random,
    home,
    otherCounty: random.pick(city.counties.filter((county) => county !== home)),
    role,
    otherPlace: otherPlaceOf(random, city, role),
    tripsPerDay: rate,
    isChronic: rate === TRIP_RATES[2][1],
    eCredentialShare: traits.preferECredential.has(index)
      ? E_CREDENTIAL_WHEN_PREFERRED
      : E_CREDENTIAL_OTHERWISE,
    pinIsDefault: traits.defaultPins.has(index),
    pinIsBirthday: traits.birthdayPins.has(index),
    cardNumber: cardNumberOf(index, 0),
    agentId: `A${String(Math.floor(index / PERSONS_OF_AGENT)).padStart(10, "0")}`,
    monthlyCreditFen,
    balanceFen: savedFen(random, monthlyCreditFen, rate),
    plan: NO_PLAN,
    pending: [],
    away: undefined,
    inStayUntilDay: Number.NEGATIVE_INFINITY,
    pinLockedUntilMs: Number.NEGATIVE_INFINITY,
  };
}

function otherPlaceOf(random: Random, city: City, role: Role): County | undefined {
  switch (role) {
    case "ordinary":
      return undefined;
    case "commuter":
      return random.pick(cityByCode(random.pick(city.worksIn)).counties);
    case "retiree":
      return random.pick(random.pick(citiesOfOtherProvinces(city)).counties);
    case "family-apart":
    case "family-at-home":
      return random.pick(random.pick(CITIES.filter((other) => other !== city)).counties);
  }
}

function citiesOfOtherProvinces(city: City): City[] {
  return CITIES.filter((other) => provinceOf(other) !== provinceOf(city));
}

/**
 * What is on the account on the first day. An account is older than the city: whoever spends less than is credited has gathered
 * the rest, whoever spends more has emptied it long ago and has at most a month's credit.
 */
function savedFen(random: Random, monthlyCreditFen: number, rate: number): number {
  const leftFen = monthlyCreditFen - rate * DAYS_OF_MONTH * ACCOUNT_FEN_OF_TRIP;
  if (leftFen <= 0) return Math.round(random.next() * monthlyCreditFen);
  return Math.round(leftFen * random.between(...MONTHS_OF_SAVING) + random.next() * monthlyCreditFen);
}
