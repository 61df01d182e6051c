/**
 * A swipe as the judge reads it: numbers, hashes and flags worked out once from the canonical record.
 * One object is reused for all swipes of a partition; nothing may keep it.
 */

import { CREDENTIALS, PIN_RESULTS, SWIPE_KINDS } from "../../schemas/fields.js";
import { parseInstantMs } from "../../schemas/instant.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import { hash48 } from "./person/bytes.js";
import { CardTail } from "./person/cards.js";
import { EventIdBytes } from "./person/event-id.js";
import { TRACES_PER_SWIPE_MAX } from "./person/layout.js";
import { type PackedRegion, packRegion, REGION_NONE, type RegionTable } from "./place/region.js";

export const Kind = { AUTHORIZE: 0, SETTLE: 1, CANCEL: 2, REVERSE: 3, PIN_CHECK: 4, QUERY: 5 } as const;
export const CredentialId = { CARD: 0, TEMPORARY: 1, E_CREDENTIAL: 2, IDENTITY: 3, INTERIM: 4 } as const;
export const Pin = { NONE: -1, OK: 0, WRONG: 1, LOCKED: 2, NOT_REQUIRED: 3, UNKNOWN: 4 } as const;
/** Is the place of care one of the person's home cities? Unknown is neither. */
export const Home = { UNKNOWN: 0, HOME: 1, AWAY: 2 } as const;
export type HomeAnswer = (typeof Home)[keyof typeof Home];

export const Challenge = { NONE: 0, PASSED: 1, FAILED: 2 } as const;
export type ChallengeAnswer = (typeof Challenge)[keyof typeof Challenge];

export const FEN_MISSING = -1;
export const PLACE_NONE = 0x7fffffff;
const MICRODEGREES = 1_000_000;
/** Keeps a chain's hash apart from an institution of the same name (an absent chainId is the institution's). */
export const CHAIN_SEED = 0x6b64;
const CLOCK_AHEAD_MAX_MS = 5 * 60_000;
/** In-patient kinds of visit (rules.md 1, in-stay exemption). */
export const IN_PATIENT_VISITS = new Set([
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
]);
export const EMERGENCY_VISIT = "13";

export class Swipe {
  readonly id = new EventIdBytes();
  /** 32 bits of the eventId's hash: the quick test before eventIds are compared. */
  idTag = 0;
  idHash = 0;
  /** 32 bits of the content hash: with the eventId it tells a repeat from a reused eventId. */
  contentTag = 0;
  kind: number = Kind.SETTLE;
  credential: number = CredentialId.CARD;
  atPharmacy = false;
  hasCard = false;
  cardKey0 = 0;
  cardKey1 = 0;
  /** The last characters of the card number; made when somebody asks, which is when a number is entered. */
  readonly tail = new CardTail();
  occurredAtMs = 0;
  appendedAtMs = 0;
  /** Judging time (rules.md 0.1). */
  t = 0;
  clockClamped = false;
  insuredRegion: PackedRegion = REGION_NONE;
  careRegion: PackedRegion = REGION_NONE;
  careCity: PackedRegion = REGION_NONE;
  longitudeE6 = PLACE_NONE;
  latitudeE6 = PLACE_NONE;
  institution = 0;
  chain = 0;
  totalFen = 0;
  accountFen = FEN_MISSING;
  balanceBeforeFen = FEN_MISSING;
  sharedAccountFen = FEN_MISSING;
  /** Sum of listed items; FEN_MISSING where the swipe has none. */
  listedFen = FEN_MISSING;
  pin: number = Pin.NONE;
  pinIsDefault = false;
  pinIsBirthday = false;
  emergency = false;
  inPatientVisit = false;
  agentPurchase = false;
  externalPrescription = false;
  originalEventId: string | null = null;
  challengeOf: string | null = null;
  challenge: ChallengeAnswer = Challenge.NONE;
  traces: readonly number[] = NO_TRACES;

  get eventId(): string {
    return this.id.text;
  }

  set eventId(text: string) {
    this.id.text = text;
  }

  get cardTail(): string {
    return this.tail.text;
  }

  set cardTail(text: string) {
    this.tail.text = text;
  }
}

export const NO_TRACES: readonly number[] = [];

/** A swipe that lies somewhere, ready to be read. */
export interface SwipeSource {
  readonly type: "swipe";
  readonly eventId: string;
  readonly personKey: string;
  /** Fills `swipe`, as `readSwipe` does from the record. */
  readInto(swipe: Swipe, regions: RegionTable, logAppendedAtMs: number): void;
}

/** What is kept of the eventId of records whose eventId itself is not kept. */
export function idHashOf(eventId: string): number {
  return hash48(eventId);
}

export function idTagOf(eventId: string): number {
  return idHashOf(eventId) >>> 0;
}

/** The moment a record counts as appended (rules.md 0.1): the source's receipt, unless the log was earlier. */
export function appendedAt(receivedAtMs: number | null, logAppendedAtMs: number): number {
  return receivedAtMs !== null && receivedAtMs <= logAppendedAtMs ? receivedAtMs : logAppendedAtMs;
}

/** Sets the judging time from the terminal's clock and the append time. */
export function setTimes(swipe: Swipe, occurredAtMs: number, appendedAtMs: number): void {
  swipe.occurredAtMs = occurredAtMs;
  swipe.appendedAtMs = appendedAtMs;
  swipe.clockClamped = occurredAtMs - appendedAtMs > CLOCK_AHEAD_MAX_MS;
  swipe.t = swipe.clockClamped ? appendedAtMs : occurredAtMs;
}

/** Sets the place: coordinates, else the county's or city's centre, in millionths of a degree. */
export function setPlace(
  swipe: Swipe,
  regions: RegionTable,
  longitude: number | undefined,
  latitude: number | undefined,
): void {
  swipe.careCity = regions.cityOf(swipe.careRegion);
  if (longitude !== undefined && latitude !== undefined) {
    swipe.longitudeE6 = Math.round(longitude * MICRODEGREES);
    swipe.latitudeE6 = Math.round(latitude * MICRODEGREES);
    return;
  }
  const centre = regions.placeOf(swipe.careRegion);
  swipe.longitudeE6 = centre === null ? PLACE_NONE : Math.round(centre.longitude * MICRODEGREES);
  swipe.latitudeE6 = centre === null ? PLACE_NONE : Math.round(centre.latitude * MICRODEGREES);
}

/** Fills `swipe` from a canonical record appended to the log at `logAppendedAtMs`. */
export function readSwipe(
  swipe: Swipe,
  record: CanonicalSwipe,
  regions: RegionTable,
  logAppendedAtMs: number,
): void {
  swipe.eventId = record.eventId;
  swipe.idHash = idHashOf(record.eventId);
  swipe.idTag = swipe.idHash >>> 0;
  swipe.contentTag = Number.parseInt(record.contentHash.slice(0, 8), 16);
  swipe.kind = SWIPE_KINDS.indexOf(record.kind);
  swipe.credential = CREDENTIALS.indexOf(record.credential);
  swipe.atPharmacy = record.institutionKind === "pharmacy";
  swipe.hasCard = record.cardKey !== undefined;
  swipe.cardKey0 = record.cardKey === undefined ? 0 : Number.parseInt(record.cardKey.slice(0, 8), 16);
  swipe.cardKey1 = record.cardKey === undefined ? 0 : Number.parseInt(record.cardKey.slice(8, 16), 16);
  swipe.cardTail = record.cardTail ?? "";
  const receivedAtMs = record.receivedAt === undefined ? null : parseInstantMs(record.receivedAt);
  setTimes(swipe, parseInstantMs(record.occurredAt), appendedAt(receivedAtMs, logAppendedAtMs));
  swipe.insuredRegion = packRegion(record.insuredRegion);
  swipe.careRegion = packRegion(record.careRegion);
  setPlace(swipe, regions, record.longitude, record.latitude);
  swipe.institution = hash48(record.institutionId);
  swipe.chain = record.chainId === undefined ? swipe.institution : hash48(record.chainId, CHAIN_SEED);
  swipe.totalFen = record.totalFen;
  swipe.accountFen = record.accountFen ?? FEN_MISSING;
  swipe.balanceBeforeFen = record.balanceBeforeFen ?? FEN_MISSING;
  swipe.sharedAccountFen = record.sharedAccountFen ?? FEN_MISSING;
  readPin(swipe, record);
  swipe.emergency = record.emergency === true || record.visitKind === EMERGENCY_VISIT;
  swipe.inPatientVisit = record.visitKind !== undefined && IN_PATIENT_VISITS.has(record.visitKind);
  swipe.agentPurchase = record.agentPurchase === true;
  swipe.externalPrescription = record.externalPrescription === true;
  swipe.originalEventId = record.originalEventId ?? null;
  swipe.challengeOf = record.challengeOf ?? null;
  swipe.challenge = challengeOf(record);
  readItems(swipe, record);
}

function challengeOf(record: CanonicalSwipe): ChallengeAnswer {
  if (record.challengeOf === undefined || record.challengeResult === undefined) return Challenge.NONE;
  return record.challengeResult === "passed" ? Challenge.PASSED : Challenge.FAILED;
}

/** A read error is recorded but never a PIN failure (rules.md 2): the terminal did not see the PIN. */
export function pinSeen(pin: number, isReadError: boolean): number {
  return isReadError && pin === Pin.WRONG ? Pin.UNKNOWN : pin;
}

function readPin(swipe: Swipe, record: CanonicalSwipe): void {
  const pin = record.pin === undefined ? Pin.NONE : PIN_RESULTS.indexOf(record.pin);
  swipe.pin = pinSeen(pin, record.readError === true);
  swipe.pinIsDefault = record.pinIsDefault === true;
  swipe.pinIsBirthday = record.pinIsBirthday === true;
}

function readItems(swipe: Swipe, record: CanonicalSwipe): void {
  swipe.listedFen = FEN_MISSING;
  swipe.traces = NO_TRACES;
  if (record.items === undefined) return;
  const traces: number[] = [];
  for (const item of record.items) {
    if (item.listed) swipe.listedFen = Math.max(0, swipe.listedFen) + (item.amountFen ?? 0);
    for (const hash of item.traceHashes)
      if (traces.length < TRACES_PER_SWIPE_MAX) traces.push(Number.parseInt(hash.slice(0, 13), 16));
  }
  swipe.traces = traces;
}
