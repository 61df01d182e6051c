// What the oracle remembers of one person. Limits of the text are applied here and nowhere else.
import type { Status } from "./policy.js";
import { DAY, dayOf } from "./time.js";
import type { Action, RawFact, RawSwipe } from "./types.js";

const SETTLES_MAX = 64;
const SETTLES_REACH = 35 * DAY;
const AUTHORIZES_MAX = 8;
const STATUS_AND_FACTS_MAX = 16;
const OTHER_SWIPES_MAX = 16;
const FILINGS_MAX = 4;
const PIN_RESULTS_MAX = 8;
const TRACE_CODES_MAX = 64;
const LEARNT_CITIES_MAX = 8;
const LEARNT_REACH_DAYS = 180;

export type FloorCode = "BACKDATED" | "ID_REPORTED_LOST" | "FEED_STALE" | "LATE_DUPLICATE_RISK";
export interface Hit {
  rule: string;
  action: Action;
}
export interface Floor {
  code: FloorCode;
  action: Action;
}

/** A swipe with what was settled about it when it was first judged. */
export interface Swipe {
  raw: RawSwipe;
  seq: number;
  t: number;
  occurredAt: number;
  appendedAt: number;
  clockClamped: boolean;
  degraded: boolean;
  careCity: string | null;
  homeCities: readonly string[];
  isEmergency: boolean;
  isLinked: boolean;
}

export interface Judgement {
  action: Action;
  hits: Hit[];
  floors: Floor[];
  disputed: boolean;
}

export interface KeptSwipe {
  swipe: Swipe;
  content: string;
  firstAction: Action;
  /** After revisions. */
  judgement: Judgement;
  /** Hits outside R01-R07 and floors outside ID_REPORTED_LOST, as first found, before rules 0.11. */
  otherHits: readonly Hit[];
  otherFloors: readonly Floor[];
  challengedRules: readonly string[] | null;
  isCancelled: boolean;
  /** A later settle with `challengeOf` took its place. */
  isSuperseded: boolean;
}

export interface PinResult {
  t: number;
  seq: number;
  result: "ok" | "wrong";
  institutionId: string;
}
export interface Pass {
  cardId: string;
  at: number;
  rules: readonly string[];
}
export interface SeenRecord {
  eventId: string;
  content: string;
}
export interface DatedFact {
  raw: RawFact;
  from: number;
  to: number;
}

export interface Person {
  settles: KeptSwipe[];
  authorizes: KeptSwipe[];
  others: KeptSwipe[];
  statusAndFacts: SeenRecord[];
  /** Applied status records and passes that end a lapse, in journal order. */
  statuses: Status[];
  lossAppendedAt: number[];
  numbersSeen: Map<string, Set<string>>;
  pins: Map<string, PinResult[]>;
  pinLocks: { number: string; at: number; seq: number }[];
  facts: Map<RawFact["fact"], DatedFact>;
  filings: DatedFact[];
  passes: Pass[];
  /** By rule, in journal order. */
  feedback: Map<string, { verdict: "honest" | "confirmed"; at: number }[]>;
  traceCodes: { code: string; owner: KeptSwipe }[];
  refunds: { t: number }[];
  /** Every settle ever, for learnt cities alone. */
  history: KeptSwipe[];
  /** A learnt city that was dropped knows nothing of settles up to this place in the journal. */
  cityForgottenUpTo: Map<string, number>;
}

export function newPerson(): Person {
  return {
    settles: [],
    authorizes: [],
    others: [],
    statusAndFacts: [],
    statuses: [],
    lossAppendedAt: [],
    numbersSeen: new Map(),
    pins: new Map(),
    pinLocks: [],
    facts: new Map(),
    filings: [],
    passes: [],
    feedback: new Map(),
    traceCodes: [],
    refunds: [],
    history: [],
    cityForgottenUpTo: new Map(),
  };
}

function keepLast<T>(list: T[], max: number): void {
  if (list.length > max) list.splice(0, list.length - max);
}

export function byTime(a: KeptSwipe, b: KeptSwipe): number {
  return a.swipe.t - b.swipe.t || a.swipe.seq - b.swipe.seq;
}

export function isCounted(kept: KeptSwipe): boolean {
  return !kept.isCancelled && !kept.isSuperseded;
}

/** Counted settles in order of t. */
export function countedSettles(person: Person): KeptSwipe[] {
  return person.settles.filter(isCounted).sort(byTime);
}

export function isSettleListFull(person: Person): boolean {
  return person.settles.length >= SETTLES_MAX;
}

export function keepSwipe(person: Person, kept: KeptSwipe): void {
  const { kind } = kept.swipe.raw;
  if (kind === "settle") keepSettle(person, kept);
  else if (kind === "authorize") {
    person.authorizes.push(kept);
    keepLast(person.authorizes, AUTHORIZES_MAX);
  } else {
    person.others.push(kept);
    keepLast(person.others, OTHER_SWIPES_MAX);
  }
}

function keepSettle(person: Person, kept: KeptSwipe): void {
  person.history.push(kept);
  person.settles.push(kept);
  person.settles.sort(byTime);
  keepLast(person.settles, SETTLES_MAX);
  const newest = person.settles.at(-1)?.swipe.t ?? kept.swipe.t;
  person.settles = person.settles.filter((settle) => newest - settle.swipe.t <= SETTLES_REACH);
}

export function keepStatusOrFact(person: Person, seen: SeenRecord): void {
  person.statusAndFacts.push(seen);
  keepLast(person.statusAndFacts, STATUS_AND_FACTS_MAX);
}

export function keepFiling(person: Person, filing: DatedFact): void {
  person.filings.push(filing);
  keepLast(person.filings, FILINGS_MAX);
}

export function keepPin(person: Person, number: string, result: PinResult): void {
  const results = [...(person.pins.get(number) ?? []), result].sort((a, b) => a.t - b.t || a.seq - b.seq);
  keepLast(results, PIN_RESULTS_MAX);
  person.pins.set(number, results);
}

export function keepTraceCodes(person: Person, owner: KeptSwipe, codes: readonly string[]): void {
  for (const code of codes) person.traceCodes.push({ code, owner });
  keepLast(person.traceCodes, TRACE_CODES_MAX);
}

export function findSwipe(person: Person, eventId: string): KeptSwipe | undefined {
  const all = [...person.settles, ...person.authorizes, ...person.others];
  return all.find((kept) => kept.swipe.raw.eventId === eventId);
}

/** Approved counted settles of a city at t or earlier, since it was last forgotten. */
function approvedTimes(person: Person, city: string, until: number): number[] {
  const forgotten = person.cityForgottenUpTo.get(city) ?? -1;
  return person.history
    .filter((kept) => isCounted(kept) && kept.judgement.action === "approve")
    .filter((kept) => kept.swipe.careCity === city && kept.swipe.seq > forgotten && kept.swipe.t <= until)
    .map((kept) => kept.swipe.t);
}

function citiesOfHistory(person: Person): string[] {
  const cities = new Set<string>();
  for (const kept of person.history) if (kept.swipe.careCity !== null) cities.add(kept.swipe.careCity);
  return [...cities];
}

export function learntCities(person: Person, t: number): string[] {
  return citiesOfHistory(person).filter((city) => {
    const days = approvedTimes(person, city, t).map(dayOf);
    const daysBefore = new Set(days.filter((day) => day < dayOf(t)));
    return daysBefore.size >= 2 && dayOf(t) - Math.max(...days) <= LEARNT_REACH_DAYS;
  });
}

/** Keeps the 8 learnt cities seen last; a dropped one has to be learnt again. */
export function dropLearntCities(person: Person, seq: number): void {
  const learnt = citiesOfHistory(person)
    .map((city) => ({ city, times: approvedTimes(person, city, Number.POSITIVE_INFINITY) }))
    .filter(({ times }) => new Set(times.map(dayOf)).size >= 2)
    .sort((a, b) => Math.max(...b.times) - Math.max(...a.times));
  for (const { city } of learnt.slice(LEARNT_CITIES_MAX)) person.cityForgottenUpTo.set(city, seq);
}
