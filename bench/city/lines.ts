/**
 * Turns one person's intents, in the order of their time, into raw lines.
 * Owns: event ids, balances, baskets. Does not own: when a line arrives among those of others (arrivals.ts).
 * 1. Nothing of a label goes into a raw line; honest and planted lines are built by the same code.
 * 2. An event id is unique: institution or region, second, and a running number.
 */
import type { RawCardStatus, RawPersonFact, RawSwipe } from "../../schemas/raw.js";
import { isoOf, stampOf } from "./clock.js";
import { basketOf, boxesOf, TraceCodes } from "./drugs.js";
import type { FactIntent, Intent, Item, Payment, StatusIntent, SwipeIntent } from "./intents.js";
import { type CityLabel, HISTORY, HONEST } from "./labels.js";
import { HONEST_MIX } from "./mix.js";
import { pay } from "./payment.js";
import type { Person } from "./person.js";
import { regionOf } from "./places.js";
import type { Random } from "./random.js";

export type RawLine = RawSwipe | RawCardStatus | RawPersonFact;

export interface CityLine {
  readonly raw: RawLine;
  readonly label: CityLabel;
}

/** A line and its time of arrival. */
export interface ArrivingLine {
  readonly arrivesAtMs: number;
  readonly line: CityLine;
}

/** Between an event and its arrival when nothing is late. */
const LATENCY_MS = [200, 5_000] as const;
/** Numbers of one second and institution differ as long as fewer lines than this share a second. */
const SERIALS = 1_000_000;

export class LineWriter {
  private serial = 0;
  private readonly traceCodes = new TraceCodes();

  /** Honest lines before `scoredFromMs` are history: lived, judged, not scored. */
  constructor(private readonly scoredFromMs = Number.NEGATIVE_INFINITY) {}

  write(person: Person, intent: Intent): ArrivingLine {
    const atMs = Math.floor(intent.atMs);
    const arrivesAtMs =
      intent.arrivesAtMs === undefined
        ? atMs + person.random.whole(...LATENCY_MS)
        : Math.floor(intent.arrivesAtMs);
    const raw = this.rawOf(person, intent, atMs, isoOf(arrivesAtMs));
    return { arrivesAtMs, line: { raw, label: labelOf(person, intent, this.scoredFromMs) } };
  }

  private rawOf(person: Person, intent: Intent, atMs: number, receivedAt: string): RawLine {
    switch (intent.type) {
      case "swipe":
        return this.swipe(person, intent, atMs, receivedAt);
      case "card-status":
        return this.cardStatus(person, intent, receivedAt);
      case "person-fact":
        return this.personFact(person, intent, receivedAt);
    }
  }

  private swipe(person: Person, intent: SwipeIntent, atMs: number, receivedAt: string): RawSwipe {
    const { institution } = intent;
    const occurredAtMs = atMs + institution.clockAheadMs;
    const eventId = this.eventId(institution.id, occurredAtMs);
    const balanceBeforeFen = person.balanceFen;
    const payment = pay(person, intent);
    const items = this.itemsOf(person.random, intent, payment);
    intent.done = { eventId, payment, items };
    const raw: RawSwipe = {
      type: "swipe",
      eventId,
      kind: intent.kind,
      occurredAt: isoOf(occurredAtMs),
      receivedAt,
      personId: person.personId,
      credential: intent.credential,
      insuredRegion: person.home.code,
      careRegion: institution.county.code,
      institutionId: institution.id,
      institutionKind: institution.kind,
      terminalId: intent.terminalId ?? person.random.pick(institution.terminalIds),
      operatorId: intent.operatorId ?? person.random.pick(institution.operatorIds),
      totalFen: payment.totalFen,
    };
    if (intent.kind !== "pin-check") addMoney(raw, payment, balanceBeforeFen, person.balanceFen);
    addOptional(raw, person, intent);
    if (items !== undefined) raw.items = items;
    return raw;
  }

  private itemsOf(random: Random, intent: SwipeIntent, payment: Payment): Item[] | undefined {
    if (intent.kind !== "settle" || intent.institution.kind !== "pharmacy") return undefined;
    if (intent.itemsOf !== undefined) return intent.itemsOf.done?.items;
    if (intent.basket !== undefined) return boxesOf(intent.basket, this.traceCodes);
    if (intent.withItems !== true && !random.chance(HONEST_MIX.itemsOfPharmacySettles)) return undefined;
    return basketOf(random, payment.totalFen, this.traceCodes);
  }

  private cardStatus(person: Person, intent: StatusIntent, receivedAt: string): RawCardStatus {
    const occurredAtMs = Math.floor(intent.occurredAtMs ?? intent.atMs);
    const region = regionOf(person.home.city);
    const raw: RawCardStatus = {
      type: "card-status",
      eventId: this.eventId(`S${region}`, occurredAtMs),
      occurredAt: isoOf(occurredAtMs),
      receivedAt,
      personId: person.personId,
      action: intent.action,
      region,
    };
    if (intent.cardNumber !== undefined) raw.cardNumber = intent.cardNumber;
    if (intent.credential !== undefined) raw.credential = intent.credential;
    if (intent.channel !== undefined) raw.channel = intent.channel;
    if (intent.newCardNumber !== undefined) raw.newCardNumber = intent.newCardNumber;
    if (intent.effectiveAtMs !== undefined) raw.effectiveAt = isoOf(intent.effectiveAtMs);
    if (intent.untilMs !== undefined) raw.until = isoOf(intent.untilMs);
    if (intent.occurredAtMs !== undefined) raw.snapshot = true;
    return raw;
  }

  private personFact(person: Person, intent: FactIntent, receivedAt: string): RawPersonFact {
    const raw: RawPersonFact = {
      type: "person-fact",
      eventId: this.eventId(`F${regionOf(person.home.city)}`, intent.atMs),
      occurredAt: isoOf(intent.atMs),
      receivedAt,
      personId: person.personId,
      fact: intent.fact,
      from: isoOf(intent.fromMs),
    };
    if (intent.filingKind !== undefined) raw.filingKind = intent.filingKind;
    if (intent.region !== undefined) raw.region = intent.region;
    if (intent.institutionId !== undefined) raw.institutionId = intent.institutionId;
    if (intent.toMs !== undefined) raw.to = isoOf(intent.toMs);
    if (intent.homeOnly) raw.homeOnly = true;
    if (intent.dailyFen !== undefined) raw.dailyFen = intent.dailyFen;
    if (intent.noNight) raw.noNight = true;
    return raw;
  }

  private eventId(prefix: string, atMs: number): string {
    this.serial = (this.serial + 1) % SERIALS;
    return `${prefix}${stampOf(atMs)}${String(this.serial).padStart(6, "0")}`;
  }
}

/** The victim's own swipes carry the incident once it began. */
function labelOf(person: Person, intent: Intent, scoredFromMs: number): CityLabel {
  const { incident } = person.plan;
  if (intent.label === HONEST && intent.atMs < scoredFromMs) return HISTORY;
  if (intent.label.kind !== "honest" || incident === undefined || intent.atMs < incident.fromMs) {
    return intent.label;
  }
  return { kind: "honest", incident: incident.id };
}

function addMoney(raw: RawSwipe, payment: Payment, beforeFen: number, afterFen: number): void {
  raw.accountFen = payment.accountFen;
  raw.cashFen = payment.cashFen;
  if (payment.fundFen > 0) raw.fundFen = payment.fundFen;
  if (payment.sharedAccountFen > 0) raw.sharedAccountFen = payment.sharedAccountFen;
  raw.balanceBeforeFen = beforeFen;
  raw.balanceAfterFen = afterFen;
}

function addOptional(raw: RawSwipe, person: Person, intent: SwipeIntent): void {
  const { institution } = intent;
  if (intent.cardNumber !== undefined) raw.cardNumber = intent.cardNumber;
  if (institution.chainId !== undefined) raw.chainId = institution.chainId;
  if (intent.visitKind !== undefined) raw.visitKind = intent.visitKind;
  if (intent.pin !== undefined) raw.pin = intent.pin;
  if (intent.pin === "ok" && person.pinIsDefault) raw.pinIsDefault = true;
  if (intent.pin === "ok" && person.pinIsBirthday) raw.pinIsBirthday = true;
  if (intent.emergency) raw.emergency = true;
  if (intent.agentPurchase) raw.agentPurchase = true;
  if (intent.agentId !== undefined) raw.agentId = intent.agentId;
  if (intent.externalPrescription) raw.externalPrescription = true;
  if (intent.original?.done !== undefined) raw.originalEventId = intent.original.done.eventId;
  if (institution.coordinates !== undefined) {
    raw.longitude = institution.coordinates.longitude;
    raw.latitude = institution.coordinates.latitude;
  }
}
