// One swipe: what is known of it, its hits and floors, what it leaves behind.
import { seeNumber } from "./card-state.js";
import { cardIdOf, challengedRulesOf, combine } from "./combine.js";
import { cityOf } from "./geo.js";
import {
  dropLearntCities,
  type Floor,
  findSwipe,
  type Hit,
  isSettleListFull,
  type KeptSwipe,
  keepSwipe,
  keepTraceCodes,
  learntCities,
  type Person,
  type Swipe,
} from "./person.js";
import { defaultPinHit, pinFailureHit, pinProbeHit, recordPin } from "./pin-rules.js";
import { refundedSettle, refundHit, traceCodeHit, traceCodesOf } from "./refund-rules.js";
import { isHome, stateFloors, stateHits, trackOf } from "./state-rules.js";
import { DAY, HOUR, MINUTE, parseInstant, SECOND } from "./time.js";
import type { OracleWorld, RawSwipe } from "./types.js";
import {
  crossCity,
  drain,
  holderLimit,
  impossibleTravel,
  inpatientConflict,
  manyInstitutions,
  resaleBasket,
  splitPurchase,
} from "./window-rules.js";

const CLOCK_AHEAD_MAX = 5 * MINUTE;
const BACKDATED_OVER = HOUR;
const HEARTBEAT_AGE_MAX = 60 * SECOND;
const LINK_REACH = DAY;

export interface Feeds {
  /** feedId -> appendedAt of its last heartbeat. */
  lastHeartbeat: Map<string, number>;
}

function homeCitiesOf(person: Person, world: OracleWorld, raw: RawSwipe, t: number): string[] {
  const homeRegion = person.facts.get("home-region");
  const regions = [raw.insuredRegion];
  if (homeRegion !== undefined && homeRegion.from <= t && t < homeRegion.to) {
    regions.push(homeRegion.raw.region ?? "");
  }
  for (const filing of person.filings) {
    if (filing.from <= t && t < filing.to) regions.push(filing.raw.region ?? "");
  }
  const known = regions.map((region) => cityOf(world, region)).filter((city) => city !== null);
  return [...new Set([...known, ...learntCities(person, t)])];
}

function isLinkedSettle(person: Person, raw: RawSwipe, t: number): boolean {
  if (raw.kind !== "settle" || raw.originalEventId === undefined) return false;
  const authorize = person.authorizes.find((kept) => kept.swipe.raw.eventId === raw.originalEventId);
  if (authorize === undefined) return false;
  const gap = t - authorize.swipe.t;
  return gap >= 0 && gap <= LINK_REACH;
}

function readSwipe(person: Person, world: OracleWorld, feeds: Feeds, raw: RawSwipe, seq: number): Swipe {
  const occurredAt = parseInstant(raw.occurredAt);
  const appendedAt = raw.receivedAt === undefined ? occurredAt : parseInstant(raw.receivedAt);
  const clockClamped = occurredAt - appendedAt > CLOCK_AHEAD_MAX;
  const t = clockClamped ? appendedAt : occurredAt;
  const lastHeartbeat = feeds.lastHeartbeat.get(raw.insuredRegion.slice(0, 2));
  return {
    raw,
    seq,
    t,
    occurredAt,
    appendedAt,
    clockClamped,
    degraded: lastHeartbeat !== undefined && appendedAt - lastHeartbeat > HEARTBEAT_AGE_MAX,
    careCity: cityOf(world, raw.careRegion),
    homeCities: homeCitiesOf(person, world, raw, t),
    isEmergency: raw.emergency === true || raw.visitKind === "13",
    isLinked: isLinkedSettle(person, raw, t),
  };
}

/** Hits of all rules outside R01-R07. */
function otherHits(person: Person, world: OracleWorld, swipe: Swipe): Hit[] {
  const { kind } = swipe.raw;
  if (kind === "query" || swipe.isLinked) return [];
  if (kind === "cancel" || kind === "reverse") return refundHit(person, swipe);
  const pinHits = [
    ...pinFailureHit(person, world, swipe),
    ...pinProbeHit(person, swipe),
    ...defaultPinHit(swipe),
  ];
  if (kind === "pin-check") return pinHits;
  return [
    ...pinHits,
    ...impossibleTravel(person, world, swipe),
    ...crossCity(person, world, swipe),
    ...splitPurchase(person, swipe),
    ...drain(person, swipe),
    ...manyInstitutions(person, swipe),
    ...resaleBasket(person, world, swipe),
    ...inpatientConflict(person, world, swipe),
    ...traceCodeHit(person, swipe),
    ...holderLimit(person, swipe),
  ];
}

function otherFloors(person: Person, swipe: Swipe): Floor[] {
  const { kind, credential, institutionKind } = swipe.raw;
  const floors: Floor[] = [];
  const isReportBetween = person.lossAppendedAt.some(
    (at) => swipe.occurredAt <= at && at <= swipe.appendedAt,
  );
  if (kind !== "query" && swipe.appendedAt - swipe.occurredAt > BACKDATED_OVER && isReportBetween) {
    floors.push({ code: "BACKDATED", action: "review" });
  }
  const isPhysical = credential === "card" || credential === "temporary-card";
  if (swipe.degraded && isPhysical && institutionKind === "pharmacy" && !swipe.isEmergency) {
    floors.push({ code: "FEED_STALE", action: "challenge" });
  }
  const oldest = Math.min(...person.settles.map((kept) => kept.swipe.t));
  if (kind === "settle" && isSettleListFull(person) && swipe.t < oldest) {
    floors.push({ code: "LATE_DUPLICATE_RISK", action: "approve" });
  }
  return floors;
}

/** Hits and floors of a kept swipe as they are now: card state anew, the rest as first found. */
export function judge(person: Person, world: OracleWorld, kept: KeptSwipe) {
  const { swipe } = kept;
  const isFailed = swipe.raw.challengeResult === "failed";
  const isEnabled = ({ rule }: Hit) => world.enabledRules.has(rule);
  return combine(person, swipe, {
    hits: [...stateHits(person, swipe), ...kept.otherHits].filter(isEnabled),
    floors: [...kept.otherFloors, ...stateFloors(person, swipe)],
    failedRules: isFailed ? (kept.challengedRules ?? []) : [],
  });
}

function supersede(person: Person, raw: RawSwipe): KeptSwipe | undefined {
  const challenged = raw.challengeOf === undefined ? undefined : findSwipe(person, raw.challengeOf);
  if (raw.kind === "settle" && challenged?.swipe.raw.kind === "settle") challenged.isSuperseded = true;
  return challenged;
}

/** A passed challenge opens its 30 minutes; for R03 in a home city it also ends the lapse. */
function openPass(person: Person, kept: KeptSwipe): void {
  const { swipe, challengedRules } = kept;
  if (swipe.raw.challengeResult !== "passed" || challengedRules === null) return;
  person.passes.push({ cardId: cardIdOf(swipe), at: swipe.t, rules: challengedRules });
}

function endLapse(person: Person, kept: KeptSwipe): void {
  const { swipe, challengedRules, judgement } = kept;
  const isR03 = (challengedRules ?? []).includes("R03") && judgement.hits.some(({ rule }) => rule === "R03");
  if (swipe.raw.challengeResult !== "passed" || !isR03 || !isHome(swipe)) return;
  person.statuses.push({
    ...trackOf(swipe),
    eventId: swipe.raw.eventId,
    seq: swipe.seq,
    action: "pass",
    reportedAt: swipe.t,
    acceptedAt: swipe.t,
    effectiveAt: swipe.t,
    expiresAtMax: null,
    isFormalKind: false,
    pendingAction: "challenge",
    blocksECredential: false,
    until: null,
    cityOfIssue: null,
    activeFrom: null,
    validNumber: null,
  });
}

function leaveBehind(person: Person, kept: KeptSwipe): void {
  const { swipe } = kept;
  const { kind } = swipe.raw;
  if (kind === "authorize" || kind === "pin-check" || (kind === "settle" && !swipe.isLinked)) {
    recordPin(person, swipe);
  }
  if (kind === "settle") keepTraceCodes(person, kept, traceCodesOf(swipe));
  if (kind === "cancel" || kind === "reverse") {
    const original = refundedSettle(person, swipe);
    if (original !== undefined) original.isCancelled = true;
    person.refunds.push({ t: swipe.t });
  }
  keepSwipe(person, kept);
  dropLearntCities(person, swipe.seq);
}

export function acceptSwipe(
  person: Person,
  world: OracleWorld,
  feeds: Feeds,
  given: { raw: RawSwipe; seq: number; content: string },
): KeptSwipe {
  const { raw, seq, content } = given;
  const isQuery = raw.kind === "query";
  const challenged = isQuery ? undefined : supersede(person, raw);
  const swipe = readSwipe(person, world, feeds, raw, seq);
  if (!isQuery) seeNumber(person, trackOf(swipe), swipe.t);
  const kept: KeptSwipe = {
    swipe,
    content,
    firstAction: "approve",
    judgement: { action: "approve", hits: [], floors: [], disputed: false },
    otherHits: otherHits(person, world, swipe),
    otherFloors: otherFloors(person, swipe),
    challengedRules: challengedRulesOf(challenged),
    isCancelled: false,
    isSuperseded: false,
  };
  openPass(person, kept);
  kept.judgement = judge(person, world, kept);
  kept.firstAction = kept.judgement.action;
  endLapse(person, kept);
  leaveBehind(person, kept);
  return kept;
}
