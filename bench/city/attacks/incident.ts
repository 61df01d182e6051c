/** One planted incident: collects the labelled swipes and the status records around them. */
import type { Channel, StatusAction } from "../../../schemas/fields.js";
import { DAY_MS, dayIndexOf, dayStartMs, HOUR_MS, MINUTE_MS, type Span } from "../clock.js";
import type { Institution, Register } from "../institutions.js";
import type { FactIntent, Intent, StatusIntent, SwipeIntent } from "../intents.js";
import { type CityLabel, HONEST } from "../labels.js";
import type { CardHand, LifePlan, Person } from "../person.js";
import { CITIES, type County, distanceKm } from "../places.js";
import { cardNumberOf } from "../population.js";
import type { Random } from "../random.js";

/** No incident needs more from its first moment to its last labelled swipe. */
export const INCIDENT_DAYS_MAX = 12;
/** A thief who goes elsewhere needs a night to get there: no honest swipe and theirs are an impossible journey. */
export const GETAWAY_MS = 10 * HOUR_MS;
const OPENING_HOUR = 7;
const FAR_KM = 150;
/** A window of two days has 34 hours by day: 20 draws all miss them in one of 10^10 cases. */
const DRAWS_MAX = 20;

export interface IncidentScene {
  /** On every planted swipe. */
  readonly label: CityLabel;
  readonly person: Person;
  /** The days in which it may happen. */
  readonly span: Span;
  readonly register: Register;
}

export type Purchase = Pick<SwipeIntent, "atMs" | "institution"> & Partial<SwipeIntent>;

/** What an incident plans besides its intents. */
export type Outline = Omit<LifePlan, "intents" | "incident"> & { readonly fromMs: number };

export class Incident {
  readonly intents: Intent[] = [];

  constructor(private readonly scene: IncidentScene) {}

  get person(): Person {
    return this.scene.person;
  }

  get random(): Random {
    return this.scene.person.random;
  }

  get spanStartMs(): number {
    return this.scene.span.startMs;
  }

  get spanDays(): number {
    return this.scene.span.days;
  }

  /** A moment by day that leaves room for the incident. */
  startMs(roomDays: number = INCIDENT_DAYS_MAX): number {
    const { span } = this.scene;
    return this.byDay(span.startMs + this.random.between(1, span.days - roomDays) * DAY_MS);
  }

  /** The same moment, or the morning after if it falls into the night: thieves too go where somebody is open. */
  byDay(atMs: number): number {
    const midnightMs = dayStartMs(dayIndexOf(atMs));
    const opensAtMs = midnightMs + OPENING_HOUR * HOUR_MS;
    return atMs >= opensAtMs ? atMs : opensAtMs + this.random.between(0, 3) * HOUR_MS;
  }

  /** A county of the home city. */
  nearby(): County {
    return this.random.pick(this.person.home.city.counties);
  }

  /** A county of a city in which the person has no business. */
  elsewhere(): County {
    const { home, otherPlace } = this.person;
    const cities = CITIES.filter((city) => city !== home.city && city !== otherPlace?.city);
    return this.random.pick(this.random.pick(cities).counties);
  }

  /** A county of a city in which the person has no business, too far for a neighbouring city. */
  farAway(): County {
    const { home, otherPlace } = this.person;
    const counties = CITIES.filter((city) => city !== home.city && city !== otherPlace?.city)
      .flatMap((city) => city.counties)
      .filter((county) => distanceKm(home, county) >= FAR_KM);
    return this.random.pick(counties);
  }

  hospital(county: County): Institution {
    return this.random.pick(this.scene.register.in(county, "hospital"));
  }

  pharmacy(county: County): Institution {
    return this.random.pick(this.scene.register.in(county, "pharmacy"));
  }

  pharmacies(county: County, count: number): Institution[] {
    return this.random.shuffled(this.scene.register.in(county, "pharmacy")).slice(0, count);
  }

  /** One that asks for the PIN: for holders, and for thieves who know it or try. */
  pinPharmacy(county: County): Institution {
    return this.random.pick(this.scene.register.pharmacies(county, { asksPin: true }));
  }

  pinPharmacies(county: County, count: number): Institution[] {
    return this.random.shuffled(this.scene.register.pharmacies(county, { asksPin: true })).slice(0, count);
  }

  /** One that does not. */
  easyPharmacy(county: County): Institution {
    return this.random.pick(this.scene.register.pharmacies(county, { asksPin: false }));
  }

  branches(pharmacy: Institution): readonly Institution[] {
    return this.scene.register.branches(pharmacy);
  }

  /** A labelled swipe; unless said otherwise a settle of the person's card for a thief's amount. */
  swipe(purchase: Purchase): SwipeIntent {
    const intent: SwipeIntent = {
      type: "swipe",
      label: this.scene.label,
      kind: "settle",
      credential: "card",
      cardNumber: this.person.cardNumber,
      visitKind: "41",
      amount: this.amountFen(),
      ...(purchase.kind === "cancel" ? {} : { pin: pinAt(purchase) }),
      ...purchase,
    };
    this.intents.push(intent);
    return intent;
  }

  /** With the holder's e-credential: a code on somebody else's telephone. */
  codeSwipe(purchase: Purchase): SwipeIntent {
    const { cardNumber: _, ...intent } = this.swipe({ ...purchase, credential: "e-credential" });
    this.intents.splice(-1, 1, intent);
    return intent;
  }

  /** Swipes at these times, each at a pharmacy of the county. */
  spree(county: County, timesMs: readonly number[], purchase: Partial<SwipeIntent> = {}): void {
    for (const atMs of timesMs) this.swipe({ atMs, institution: this.easyPharmacy(county), ...purchase });
  }

  amountFen(lowYuan = 30, highYuan = 700): number {
    return this.random.whole(lowYuan * 100, highYuan * 100);
  }

  /** `count` times by day from `firstMs` on, each at most `gapMaxMs` (and the night) after the one before. */
  series(firstMs: number, count: number, gapMaxMs: number): number[] {
    const times: number[] = [];
    let atMs = firstMs;
    for (let index = 0; index < count; index += 1) {
      atMs = this.byDay(atMs);
      times.push(atMs);
      atMs += this.random.between(Math.min(5 * MINUTE_MS, gapMaxMs / 10), gapMaxMs);
    }
    return times;
  }

  /** `count` times spread over the window, in order; by day as far as the window has any. */
  within(fromMs: number, toMs: number, count: number): number[] {
    const times = Array.from({ length: count }, () => this.momentOf(fromMs, toMs));
    return times.sort((one, other) => one - other);
  }

  private momentOf(fromMs: number, toMs: number): number {
    let atMs = this.random.between(fromMs, toMs);
    for (let draws = 1; draws < DRAWS_MAX && this.byDay(atMs) !== atMs; draws += 1) {
      atMs = this.random.between(fromMs, toMs);
    }
    return atMs;
  }

  status(
    atMs: number,
    action: StatusAction,
    channel: Channel,
    fields: Partial<StatusIntent> = {},
  ): StatusIntent {
    const { cardNumber } = this.person;
    const intent: StatusIntent = {
      type: "card-status",
      label: HONEST,
      atMs,
      action,
      channel,
      credential: "card",
      cardNumber,
      ...fields,
    };
    this.intents.push(intent);
    return intent;
  }

  fact(atMs: number, fields: Omit<FactIntent, "type" | "label" | "atMs">): void {
    this.intents.push({ type: "person-fact", label: HONEST, atMs, ...fields });
  }

  /** A record about the person, whatever card: `deceased`, `suspend`, `freeze`. */
  personStatus(atMs: number, action: StatusAction, fields: Partial<StatusIntent> = {}): void {
    this.intents.push({ type: "card-status", label: HONEST, atMs, action, channel: "counter", ...fields });
  }

  /** After the incident: reported (if it was not), filed and replaced; the holder has a card again. */
  recover(lostAtMs: number, afterMs: number, alreadyReported: boolean): CardHand {
    const { random } = this;
    const reportedAtMs = afterMs + random.between(1, 24) * HOUR_MS;
    if (!alreadyReported) this.status(reportedAtMs, "report-loss", "app");
    const filedAtMs = reportedAtMs + random.between(0.5, 2) * DAY_MS;
    this.status(filedAtMs, "file-replacement", "counter");
    const replacedAtMs = filedAtMs + random.between(3, 12) * DAY_MS;
    const numberAfter = cardNumberOf(this.person.index, 1);
    this.status(replacedAtMs, "replace", "counter", { newCardNumber: numberAfter });
    return { goneFromMs: lostAtMs, backFromMs: replacedAtMs, numberAfter };
  }
}

/** A physical card's PIN is right unless the purchase says otherwise; a temporary card has none. */
function pinAt({ institution, credential = "card" }: Purchase): "ok" | "not-required" {
  return institution.asksPin && credential === "card" ? "ok" : "not-required";
}

/** The last of a list of times that is never empty. */
export function lastOf(timesMs: readonly number[]): number {
  const last = timesMs.at(-1);
  if (last === undefined) throw new RangeError("an incident needs at least one time");
  return last;
}
