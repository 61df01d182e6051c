/**
 * The seeded city: a stream of raw lines in order of arrival, each beside its label.
 * Memory holds the persons, their coming intents and the lines of about three days, never the whole stream.
 */
import { once } from "node:events";
import type { Writable } from "node:stream";
import { Arrivals } from "./arrivals.js";
import { plantAttacks } from "./attacks/plant.js";
import { plantRings } from "./attacks/plant-rings.js";
import { DAY_MS, dayIndexOf, dayStartMs, isFirstOfMonth, isoOf, SECOND_MS, type Span } from "./clock.js";
import { planDay } from "./days.js";
import { Register } from "./institutions.js";
import type { Intent } from "./intents.js";
import { type ArrivingLine, type CityLine, LineWriter } from "./lines.js";
import { foundAgain, newcomer, ownLimits, replacement, roleFacts } from "./lives.js";
import { HONEST_MIX } from "./mix.js";
import type { LifePlan, Person } from "./person.js";
import { buildPopulation } from "./population.js";
import { Random } from "./random.js";

export interface CityOptions {
  readonly seed: number;
  readonly persons?: number;
  /** Whole days from the first one; lines that are late arrive up to two days after the last. */
  readonly days?: number;
  /** The first day, as days since 1970-01-01 (Asia/Shanghai). */
  readonly firstDay?: number;
  /** Days at the start that are history: lived and judged, neither attacked nor scored. */
  readonly historyDays?: number;
  readonly attacksPerKind?: number;
}

export const PERSONS_DEFAULT = 20_000;
export const PERSONS_MIN = 500;
export const DAYS_DEFAULT = 180;
/** What is left of a long city after its history: as long as the shares of persons speak of. */
export const SCORED_DAYS = 60;
/** The longest incident lasts 12 days. */
export const DAYS_MIN = 14;
/** 20 incidents of each kind in the default city. */
const PERSONS_PER_ATTACK = 1_000;
/** Rings take many persons each. */
const ATTACKS_PER_RING = 5;
/** 2026-03-02, a Monday. */
export const FIRST_DAY_DEFAULT = 20_514;

const REGISTER_STREAM = 3;
const LIVES_STREAM = 4;
const RESEND_STREAM = 5;
const RINGS_STREAM = 6;

export type { CityLine, RawLine } from "./lines.js";

export function* generateCity(options: CityOptions): Generator<CityLine, void, undefined> {
  const { seed, persons, span, scored, attacksPerKind } = resolved(options);
  const register = new Register(Random.derived(seed, REGISTER_STREAM, 0));
  const population = buildPopulation(seed, persons);
  const free = planHonestLives(population, { span, scored }, register, Random.derived(seed, LIVES_STREAM, 0));
  const taken = new Set<Person>();
  plantAttacks({ span: scored, register, candidates: free, taken, perKind: attacksPerKind });
  plantRings({
    span: scored,
    register,
    candidates: free,
    taken,
    perKind: Math.ceil(attacksPerKind / ATTACKS_PER_RING),
    random: Random.derived(seed, RINGS_STREAM, 0),
  });
  for (const person of population) person.pending.push(...roleFacts(person, span), ...person.plan.intents);
  const writer = new LineWriter(scored.startMs);
  yield* live({ population, register, span, writer, random: Random.derived(seed, RESEND_STREAM, 0) });
}

/** Writes raw lines and labels as NDJSON, honouring back-pressure; resolves with the number of lines. */
export async function writeCity(
  options: CityOptions,
  sinks: { readonly raw: Writable; readonly labels: Writable },
): Promise<number> {
  let lines = 0;
  for (const { raw, label } of generateCity(options)) {
    lines += 1;
    const labelled = { eventId: raw.eventId, ...label };
    const ready = sinks.raw.write(`${JSON.stringify(raw)}\n`);
    const labelsReady = sinks.labels.write(`${JSON.stringify(labelled)}\n`);
    if (!ready) await once(sinks.raw, "drain");
    if (!labelsReady) await once(sinks.labels, "drain");
  }
  return lines;
}

interface Living {
  readonly population: readonly Person[];
  readonly register: Register;
  readonly span: Span;
  readonly writer: LineWriter;
  readonly random: Random;
}

function* live({ population, register, span, writer, random }: Living): Generator<CityLine> {
  const arrivals = new Arrivals();
  const firstDay = dayIndexOf(span.startMs);
  for (let day = firstDay; day < firstDay + span.days; day += 1) {
    const endMs = dayStartMs(day + 1);
    if (isFirstOfMonth(day)) for (const person of population) person.balanceFen += person.monthlyCreditFen;
    for (const person of population) {
      planDay(person, register, day);
      for (const intent of dueBefore(person, endMs)) send(arrivals, writer.write(person, intent), random);
    }
    yield* arrivals.take(day);
  }
  yield* arrivals.rest();
}

/** Takes the person's intents before this time, in order of time. */
function dueBefore(person: Person, endMs: number): Intent[] {
  const { pending } = person;
  if (pending.length === 0) return pending;
  const due = pending.filter((intent) => intent.atMs < endMs);
  if (due.length === 0) return due;
  person.pending = pending.filter((intent) => intent.atMs >= endMs);
  return due.sort((one, other) => one.atMs - other.atMs);
}

/** Now and then a network sends a line twice: the same content, received again some seconds later. */
function send(arrivals: Arrivals, arriving: ArrivingLine, random: Random): void {
  arrivals.add(arriving);
  if (!random.chance(HONEST_MIX.sentTwiceOfLines)) return;
  const arrivesAtMs = arriving.arrivesAtMs + random.whole(2, 60) * SECOND_MS;
  const { raw, label } = arriving.line;
  arrivals.add({ arrivesAtMs, line: { raw: { ...raw, receivedAt: isoOf(arrivesAtMs) }, label } });
}

/** Gives each share of persons its plan; returns, shuffled, those to whom nothing happens. */
function planHonestLives(
  population: Person[],
  { span, scored }: { readonly span: Span; readonly scored: Span },
  register: Register,
  random: Random,
): Person[] {
  const lives: [number, (person: Person) => LifePlan][] = [
    [HONEST_MIX.foundAgainOfPersons, (person) => foundAgain(person, scored, register)],
    [HONEST_MIX.replacementOfPersons, (person) => replacement(person, scored)],
    [HONEST_MIX.newcomerOfPersons, (person) => newcomer(person, scored)],
    [HONEST_MIX.limitsOfPersons, (person) => ownLimits(person, span)],
  ];
  const free = random.shuffled(population);
  for (const [share, plan] of lives) {
    for (const person of free.splice(0, Math.round(share * population.length))) person.plan = plan(person);
  }
  return free;
}

function resolved(options: CityOptions) {
  const { seed, persons = PERSONS_DEFAULT, days = DAYS_DEFAULT, firstDay = FIRST_DAY_DEFAULT } = options;
  requireWhole("persons", persons, PERSONS_MIN);
  requireWhole("days", days, DAYS_MIN);
  const startMs = dayStartMs(firstDay);
  const span: Span = { startMs, endMs: startMs + days * DAY_MS, days };
  const historyDays = options.historyDays ?? Math.max(0, days - SCORED_DAYS);
  requireWhole("historyDays", historyDays, 0);
  requireWhole("days after historyDays", days - historyDays, DAYS_MIN);
  const scored = { ...span, startMs: startMs + historyDays * DAY_MS, days: days - historyDays };
  const attacksPerKind = options.attacksPerKind ?? Math.max(3, Math.round(persons / PERSONS_PER_ATTACK));
  requireWhole("attacksPerKind", attacksPerKind, 0);
  return { seed, persons, span, scored, attacksPerKind };
}

function requireWhole(name: string, value: number, min: number): void {
  if (Number.isInteger(value) && value >= min) return;
  throw new RangeError(`city option ${name} is ${value}; expected a whole number of at least ${min}`);
}
