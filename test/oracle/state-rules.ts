// R01 to R07 and the floor ID_REPORTED_LOST: judged from card state, and judged anew after a status record.
import {
  cancelledSince,
  deceasedSince,
  isCertificateOver,
  isIdReportedLost,
  isInactiveAt,
  lossOf,
  personBlockAt,
  replacedSince,
  type Track,
  temporaryEnd,
  temporaryIssueAt,
} from "./card-state.js";
import { blockStart, isLapsedAt, isLostAt, isPendingAt, type LossInterval } from "./loss.js";
import type { Floor, Hit, Person, Swipe } from "./person.js";
import type { Action } from "./types.js";

const IN_PATIENT_VISITS = [
  "21",
  "24",
  "26",
  "28",
  "52",
  "2101",
  "2102",
  "2103",
  "2104",
  "2105",
  "2106",
  "2107",
];
const JUDGED_KINDS = ["authorize", "settle", "pin-check", "query"];

export function isHome(swipe: Swipe): boolean {
  return swipe.careCity !== null && swipe.homeCities.includes(swipe.careCity);
}

/** Known, and not home; never true where no home city is known. */
export function isAway(swipe: Swipe): boolean {
  return swipe.careCity !== null && swipe.homeCities.length > 0 && !swipe.homeCities.includes(swipe.careCity);
}

export function trackOf(swipe: Swipe): Track {
  return { credential: swipe.raw.credential, number: swipe.raw.cardNumber ?? null };
}

/** The in-stay exemption against a block that started at `start`. */
function isInStay(person: Person, swipe: Swipe, start: number): boolean {
  const stay = person.facts.get("inpatient");
  const { kind, visitKind, institutionId } = swipe.raw;
  if (stay === undefined || kind !== "settle" || visitKind === undefined) return false;
  if (!IN_PATIENT_VISITS.includes(visitKind) || stay.raw.institutionId !== institutionId) return false;
  return swipe.t >= stay.from && stay.from < start;
}

/** reject, or review where every block in force is exempted by the stay. */
function blockAction(person: Person, swipe: Swipe, starts: readonly number[]): Action {
  return starts.every((start) => isInStay(person, swipe, start)) ? "review" : "reject";
}

function lossHits(person: Person, swipe: Swipe): Hit[] {
  const { t, raw } = swipe;
  const track = trackOf(swipe);
  const { intervals } = lossOf(person.statuses, track);
  const isReportable = track.credential === "card" || track.credential === "e-credential";
  const blocked = isReportable ? intervals.filter(lostNow) : [];
  if (track.credential === "e-credential") blocked.push(...cardReportsThatBlockECredential());
  const isPendable = isReportable || track.credential === "temporary-card";
  const pending = isPendable ? intervals.filter((interval) => isPendingAt(interval, t, raw.eventId)) : [];
  const lapsed = isReportable ? intervals.filter((interval) => isLapsedAt(interval, t, raw.eventId)) : [];
  const hits: Hit[] = [];
  if (blocked.length > 0) {
    const starts = blocked.map((interval) => blockStart(interval, t));
    hits.push({ rule: "R01", action: blockAction(person, swipe, starts) });
  }
  for (const interval of pending.slice(-1)) hits.push({ rule: "R02", action: interval.pendingAction });
  if (lapsed.length > 0) hits.push({ rule: "R03", action: isAway(swipe) ? "reject" : "challenge" });
  return hits;

  function lostNow(interval: LossInterval): boolean {
    return isLostAt(interval, t, raw.eventId);
  }
  function cardReportsThatBlockECredential(): LossInterval[] {
    const numbers = new Set(person.statuses.map(({ number }) => number));
    return [...numbers]
      .flatMap((number) => lossOf(person.statuses, { credential: "card", number }).intervals)
      .filter((interval) => interval.blocksECredential && lostNow(interval));
  }
}

function voidCardHits(person: Person, swipe: Swipe): Hit[] {
  const track = trackOf(swipe);
  if (track.credential !== "card") return [];
  const starts = [replacedSince, cancelledSince]
    .map((since) => since(person.statuses, track, swipe.t))
    .filter((start) => start !== null);
  return starts.length === 0 ? [] : [{ rule: "R04", action: blockAction(person, swipe, starts) }];
}

function inactiveHits(person: Person, swipe: Swipe): Hit[] {
  const isInactive = isInactiveAt(person.statuses, trackOf(swipe), swipe.t);
  return isInactive ? [{ rule: "R05", action: swipe.isEmergency ? "review" : "reject" }] : [];
}

function temporaryHits(person: Person, swipe: Swipe): Hit[] {
  const track = trackOf(swipe);
  if (track.credential !== "temporary-card" && track.credential !== "interim-certificate") return [];
  const issue = temporaryIssueAt(person.statuses, track, swipe.t);
  const cityOfIssue = issue?.cityOfIssue ?? null;
  const isElsewhere = cityOfIssue !== null && swipe.careCity !== null && cityOfIssue !== swipe.careCity;
  return isElsewhere || isOver() || isLost() ? [{ rule: "R06", action: "reject" }] : [];

  function isOver(): boolean {
    if (issue === undefined) return false;
    if (track.credential === "temporary-card") return swipe.t >= temporaryEnd(issue);
    return isCertificateOver(person.statuses, issue, swipe.t);
  }
  function isLost(): boolean {
    if (track.credential !== "temporary-card") return false;
    const { intervals } = lossOf(person.statuses, track);
    return intervals.some((interval) => isLostAt(interval, swipe.t, swipe.raw.eventId));
  }
}

function personHits(person: Person, swipe: Swipe): Hit[] {
  const { statuses } = person;
  const { kind, accountFen } = swipe.raw;
  const starts: number[] = [];
  const deceased = deceasedSince(statuses, swipe.t);
  if (deceased !== null) starts.push(deceased);
  const suspended = personBlockAt(statuses, { start: "suspend", stop: "resume" }, swipe.t);
  if (suspended !== null && (kind === "authorize" || kind === "settle")) starts.push(suspended.effectiveAt);
  const frozen = personBlockAt(statuses, { start: "freeze", stop: "unfreeze" }, swipe.t);
  if (frozen !== null && (accountFen === undefined || accountFen > 0)) starts.push(frozen.effectiveAt);
  return starts.length === 0 ? [] : [{ rule: "R07", action: blockAction(person, swipe, starts) }];
}

export function stateHits(person: Person, swipe: Swipe): Hit[] {
  if (!JUDGED_KINDS.includes(swipe.raw.kind)) return [];
  return [
    ...lossHits(person, swipe),
    ...voidCardHits(person, swipe),
    ...inactiveHits(person, swipe),
    ...temporaryHits(person, swipe),
    ...personHits(person, swipe),
  ];
}

export function stateFloors(person: Person, swipe: Swipe): Floor[] {
  if (swipe.raw.credential !== "identity-document") return [];
  const isLost = isIdReportedLost(person.statuses, swipe.t, swipe.raw.eventId);
  return isLost ? [{ code: "ID_REPORTED_LOST", action: "review" }] : [];
}
