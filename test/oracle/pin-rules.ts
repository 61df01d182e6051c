// R08, R09, R10: PIN results of one card, found by its number; a swipe without a number is silent (rules 0.6).
import { countedSettles, type Hit, keepPin, type Person, type PinResult, type Swipe } from "./person.js";
import { regionSetting } from "./policy.js";
import { isAway, isHome, trackOf } from "./state-rules.js";
import { DAY, HOUR } from "./time.js";
import type { OracleWorld } from "./types.js";

const NATIONAL_LIMIT = 3;
const PROBE_FEN_MIN = 5_000;
const DEFAULT_PIN_FEN_MIN = 10_000;

interface Moment {
  t: number;
  seq: number;
}
function byMoment(a: Moment, b: Moment): number {
  return a.t - b.t || a.seq - b.seq;
}

function ownResult(swipe: Swipe): PinResult | null {
  const { pin, readError, institutionId } = swipe.raw;
  if (pin !== "ok" && pin !== "wrong") return null;
  if (pin === "wrong" && readError === true) return null;
  return { t: swipe.t, seq: swipe.seq, result: pin, institutionId };
}

export function recordPin(person: Person, swipe: Swipe): void {
  const own = ownResult(swipe);
  if (own !== null && swipe.raw.cardNumber !== undefined) keepPin(person, swipe.raw.cardNumber, own);
}

function pinRecords(person: Person, swipe: Swipe, action: "pin-lock" | "pin-unlock"): Moment[] {
  const track = trackOf(swipe);
  return person.statuses
    .filter((record) => record.action === action)
    .filter((record) => record.number === track.number || isForAllOf(record.number, record.credential))
    .map((record) => ({ t: record.effectiveAt, seq: record.seq }))
    .filter(({ t }) => t <= swipe.t);

  function isForAllOf(number: string | null, credential: string): boolean {
    return number === null && credential === track.credential;
  }
}

function isLocked(person: Person, world: OracleWorld, swipe: Swipe, before: readonly PinResult[]): boolean {
  const locks = [
    ...pinRecords(person, swipe, "pin-lock"),
    ...person.pinLocks
      .filter(({ number, at }) => number === swipe.raw.cardNumber && at <= swipe.t)
      .map(({ at, seq }) => ({ t: at, seq })),
  ].sort(byMoment);
  const lastLock = locks.at(-1);
  if (lastLock === undefined) return false;
  const isUnlocked = pinRecords(person, swipe, "pin-unlock").some((unlock) => byMoment(unlock, lastLock) > 0);
  if (isUnlocked) return false;
  if (regionSetting(world, swipe.raw.insuredRegion, "pinUnlock") !== "AUTO_24H") return true;
  const lastWrong = before.findLast(({ result }) => result === "wrong");
  return lastWrong === undefined || swipe.t < lastWrong.t + DAY;
}

/** Kept results of the card at t or earlier, the swipe's own not among them. */
function resultsBefore(person: Person, swipe: Swipe, number: string): PinResult[] {
  return (person.pins.get(number) ?? []).filter(({ t }) => t <= swipe.t);
}

function wrongSinceLastOk(person: Person, swipe: Swipe, results: readonly PinResult[]): PinResult[] {
  const ends = [
    ...results.filter(({ result }) => result === "ok"),
    ...pinRecords(person, swipe, "pin-unlock"),
  ].sort(byMoment);
  const lastEnd = ends.at(-1);
  return results
    .filter(({ result, t }) => result === "wrong" && swipe.t - t <= DAY)
    .filter((wrong) => lastEnd === undefined || byMoment(wrong, lastEnd) > 0);
}

export function pinFailureHit(person: Person, world: OracleWorld, swipe: Swipe): Hit[] {
  const { pin, cardNumber, insuredRegion } = swipe.raw;
  if (pin === undefined || pin === "not-required" || cardNumber === undefined) return [];
  const before = resultsBefore(person, swipe, cardNumber);
  if (isLocked(person, world, swipe, before)) return [{ rule: "R08", action: "reject" }];
  const own = ownResult(swipe);
  if (own?.result !== "wrong") return [];
  const wrong = wrongSinceLastOk(person, swipe, [...before, own]);
  const limit = regionSetting(world, insuredRegion, "pinLockLimit") ?? NATIONAL_LIMIT;
  if (wrong.length >= limit) {
    person.pinLocks.push({ number: cardNumber, at: swipe.t, seq: swipe.seq });
    return [{ rule: "R08", action: "reject" }];
  }
  const recent = wrong.filter(({ t }) => swipe.t - t <= HOUR);
  const institutions = new Set(recent.map(({ institutionId }) => institutionId));
  return recent.length >= 2 && institutions.size >= 2 ? [{ rule: "R08", action: "challenge" }] : [];
}

function isProbed(results: readonly PinResult[], ok: PinResult): boolean {
  const wrong = results.filter(
    (each) => each.result === "wrong" && byMoment(each, ok) < 0 && ok.t - each.t <= DAY,
  );
  return wrong.length >= 2;
}

export function pinProbeHit(person: Person, swipe: Swipe): Hit[] {
  const { cardNumber, totalFen, institutionId } = swipe.raw;
  if (cardNumber === undefined || totalFen < PROBE_FEN_MIN) return [];
  const own = ownResult(swipe);
  const results = [...resultsBefore(person, swipe, cardNumber), ...(own === null ? [] : [own])];
  const isHit = results.some(
    (each) => each.result === "ok" && swipe.t - each.t <= DAY && isProbed(results, each),
  );
  if (!isHit) return [];
  const isUsedBefore = countedSettles(person).some(
    (kept) => kept.swipe.raw.institutionId === institutionId && kept.swipe.t <= swipe.t,
  );
  return [{ rule: "R09", action: isUsedBefore && isHome(swipe) ? "review" : "challenge" }];
}

export function defaultPinHit(swipe: Swipe): Hit[] {
  const { pinIsDefault, totalFen } = swipe.raw;
  if (pinIsDefault !== true || totalFen < DEFAULT_PIN_FEN_MIN) return [];
  if (isHome(swipe)) return [{ rule: "R10", action: "approve" }];
  return isAway(swipe) ? [{ rule: "R10", action: "challenge" }] : [];
}
