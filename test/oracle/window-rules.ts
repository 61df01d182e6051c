// R12 to R17, R19, R21: the judged swipe among the counted ones.
import { areAdjacent, cityOf, distanceTenthsKm, placeOf } from "./geo.js";
import { countedSettles, type Hit, type Person, type Swipe } from "./person.js";
import { isAway } from "./state-rules.js";
import { DAY, dayOf, HOUR, hourOfDay, MINUTE } from "./time.js";
import type { Action, OracleWorld } from "./types.js";

const TRAVELLING = ["card", "temporary-card", "e-credential"];

/** Counted swipes with 0 <= t - ti <= length, the judged one last. */
function within(person: Person, swipe: Swipe, length: number): Swipe[] {
  const others = countedSettles(person).map((kept) => kept.swipe);
  return [...others.filter(({ t }) => t <= swipe.t && swipe.t - t <= length), swipe];
}

function distinct(swipes: readonly Swipe[], key: (swipe: Swipe) => string): number {
  return new Set(swipes.map(key)).size;
}
const institutionOf = (swipe: Swipe) => swipe.raw.institutionId;
const chainOf = (swipe: Swipe) => swipe.raw.chainId ?? swipe.raw.institutionId;
const isPharmacy = (swipe: Swipe) => swipe.raw.institutionKind === "pharmacy";

function travelAction(world: OracleWorld, a: Swipe, b: Swipe): Action | null {
  if (a.careCity === null || b.careCity === null || a.careCity === b.careCity) return null;
  const placeA = placeOf(world, a.raw);
  const placeB = placeOf(world, b.raw);
  if (placeA === null || placeB === null) return null;
  const tenthsKm = distanceTenthsKm(placeA, placeB);
  const gap = Math.max(Math.abs(a.t - b.t), 10 * MINUTE);
  // km / hours > 300, in integers: tenths of km times milliseconds per hour against milliseconds.
  if (tenthsKm < 1000 || tenthsKm * HOUR <= 3000 * gap) return null;
  return [a, b].some(({ raw }) => raw.credential === "e-credential") ? "review" : "challenge";
}

export function impossibleTravel(person: Person, world: OracleWorld, swipe: Swipe): Hit[] {
  if (!TRAVELLING.includes(swipe.raw.credential)) return [];
  const others = countedSettles(person)
    .map((kept) => kept.swipe)
    .filter(({ raw }) => TRAVELLING.includes(raw.credential));
  const before = others.filter(({ t }) => t <= swipe.t).at(-1);
  const after = others.find(({ t }) => t > swipe.t);
  const actions = [before, after]
    .filter((other) => other !== undefined)
    .map((other) => travelAction(world, other, swipe));
  if (actions.includes("challenge")) return [{ rule: "R12", action: "challenge" }];
  return actions.includes("review") ? [{ rule: "R12", action: "review" }] : [];
}

export function crossCity(person: Person, world: OracleWorld, swipe: Swipe): Hit[] {
  const { totalFen, agentPurchase, sharedAccountFen } = swipe.raw;
  if (!isAway(swipe) || totalFen < 20_000 || swipe.isEmergency || agentPurchase === true) return [];
  if (swipe.homeCities.some((home) => areAdjacent(world, home, swipe.careCity ?? ""))) return [];
  const aid = person.facts.get("mutual-aid");
  const isAided = aid !== undefined && aid.from <= swipe.t && swipe.t < aid.to;
  if (isAided && sharedAccountFen !== undefined && sharedAccountFen > 0) return [];
  return [{ rule: "R13", action: "review" }];
}

export function splitPurchase(person: Person, swipe: Swipe): Hit[] {
  const limitFen = 50_000;
  const fits = ({ raw }: Swipe) => raw.totalFen * 100 >= limitFen * 40 && raw.totalFen <= limitFen;
  if (!fits(swipe)) return [];
  const anywhere = within(person, swipe, 30 * MINUTE).filter(fits);
  const inChain = within(person, swipe, DAY).filter((each) => fits(each) && chainOf(each) === chainOf(swipe));
  const isSplit = (swipes: Swipe[]) =>
    swipes.length >= 3 && sumOf(swipes, (raw) => raw.totalFen) * 2 >= limitFen * 3;
  return isSplit(anywhere) || isSplit(inChain) ? [{ rule: "R14", action: "challenge" }] : [];
}

function sumOf(swipes: readonly Swipe[], amount: (raw: Swipe["raw"]) => number): number {
  return swipes.reduce((sum, { raw }) => sum + amount(raw), 0);
}

/** Spent and opening of a window, or null where the opening is unknown or below 50,000 fen. */
function drainOf(swipes: readonly Swipe[]): { spentFen: number; openingFen: number } | null {
  const openingFen = swipes.find(({ raw }) => raw.balanceBeforeFen !== undefined)?.raw.balanceBeforeFen;
  if (openingFen === undefined || openingFen < 50_000) return null;
  return { spentFen: sumOf(swipes, (raw) => raw.accountFen ?? 0), openingFen };
}

function isMonthDrained(swipe: Swipe, month: readonly Swipe[]): boolean {
  const drain = drainOf(month);
  if (drain === null || drain.spentFen * 100 < drain.openingFen * 70) return false;
  const spending = month.filter(({ raw }) => (raw.accountFen ?? 0) > 0);
  const outside = spending.filter(({ careCity }) => isOutside(careCity));
  const outsideFen = sumOf(outside, (raw) => raw.accountFen ?? 0);
  const pharmacies = distinct(spending.filter(isPharmacy), institutionOf);
  return outsideFen * 100 >= drain.spentFen * 60 || pharmacies >= 3;

  function isOutside(careCity: string | null): boolean {
    return careCity !== null && swipe.homeCities.length > 0 && !swipe.homeCities.includes(careCity);
  }
}

export function drain(person: Person, swipe: Swipe): Hit[] {
  if ((swipe.raw.accountFen ?? 0) <= 0) return [];
  const week = drainOf(within(person, swipe, 7 * DAY));
  const isWeekDrained = week !== null && week.spentFen * 100 >= week.openingFen * 50;
  const isMonth = isMonthDrained(swipe, within(person, swipe, 30 * DAY));
  const isKnownHere = countedSettles(person).some(
    (kept) =>
      kept.judgement.action === "approve" &&
      kept.swipe.t <= swipe.t &&
      kept.swipe.raw.institutionId === swipe.raw.institutionId,
  );
  if (isMonth && (isAway(swipe) || !isKnownHere)) return [{ rule: "R15", action: "challenge" }];
  return isMonth || isWeekDrained ? [{ rule: "R15", action: "review" }] : [];
}

export function manyInstitutions(person: Person, swipe: Swipe): Hit[] {
  const institutions = distinct(within(person, swipe, DAY), institutionOf);
  const hour = within(person, swipe, HOUR).filter(isPharmacy);
  const isManyPharmacies = isPharmacy(swipe) && distinct(hour, institutionOf) >= 3;
  if (institutions >= 5 || isManyPharmacies) return [{ rule: "R16", action: "challenge" }];
  const isQuickChange =
    isPharmacy(swipe) &&
    hour.some(
      (each) =>
        swipe.t - each.t < 30 * MINUTE &&
        institutionOf(each) !== institutionOf(swipe) &&
        chainOf(each) !== chainOf(swipe),
    );
  return isQuickChange ? [{ rule: "R16", action: "review" }] : [];
}

export function resaleBasket(person: Person, world: OracleWorld, swipe: Swipe): Hit[] {
  if (listedItems(swipe).length === 0) return [];
  const day = within(person, swipe, DAY).filter((each) => listedItems(each).length > 0);
  const listedFen = day.flatMap(listedItems).reduce((sum: number, item) => sum + (item.amountFen ?? 0), 0);
  const pharmacies = distinct(day.filter(isPharmacy), institutionOf);
  const isHit = listedFen >= 100_000 || pharmacies >= 2 || isAway(swipe);
  return isHit ? [{ rule: "R17", action: "challenge" }] : [];

  function listedItems({ raw }: Swipe) {
    const { codes, names } = world.resaleDrugs;
    return (raw.items ?? []).filter(
      ({ code, name }) =>
        (code !== undefined && codes.includes(code)) || names.some((each) => name?.includes(each) === true),
    );
  }
}

export function inpatientConflict(person: Person, world: OracleWorld, swipe: Swipe): Hit[] {
  const stay = person.facts.get("inpatient");
  const { institutionId, externalPrescription } = swipe.raw;
  if (stay === undefined || swipe.t < stay.from || swipe.t >= stay.to) return [];
  if (stay.raw.institutionId === undefined || stay.raw.institutionId === institutionId) return [];
  if (externalPrescription === true) return [];
  const stayCity = stay.raw.region === undefined ? null : cityOf(world, stay.raw.region);
  const isOtherCity = stayCity !== null && swipe.careCity !== null && stayCity !== swipe.careCity;
  return [{ rule: "R19", action: isOtherCity ? "challenge" : "review" }];
}

export function holderLimit(person: Person, swipe: Swipe): Hit[] {
  const limits = person.facts.get("limits");
  if (limits === undefined || swipe.t < limits.from || swipe.t >= limits.to) return [];
  const { homeOnly, dailyFen, noNight } = limits.raw;
  const today = within(person, swipe, DAY).filter(({ t }) => dayOf(t) === dayOf(swipe.t));
  const isOverDaily = dailyFen !== undefined && sumOf(today, (raw) => raw.totalFen) > dailyFen;
  const hour = hourOfDay(swipe.t);
  const isNight = noNight === true && (hour >= 23 || hour < 6);
  const isHit = isOverDaily || isNight || (homeOnly === true && isAway(swipe));
  return isHit ? [{ rule: "R21", action: "challenge" }] : [];
}
