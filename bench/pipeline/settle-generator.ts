/**
 * Settles of the seeded city's people at their usual places, as a network sends them the moment they happen. Persons
 * take turns: as long as there are more of them than swipes under way, nobody has two at once.
 *
 * Unlike the city's own stream nobody is attacked, and every swipe happens now: the load of an ordinary busy minute.
 */

import { credentialFor } from "../city/credentials.js";
import { Register } from "../city/institutions.js";
import type { SwipeIntent } from "../city/intents.js";
import { HONEST } from "../city/labels.js";
import { LineWriter } from "../city/lines.js";
import { AMOUNTS } from "../city/mix.js";
import type { Person } from "../city/person.js";
import { buildPopulation } from "../city/population.js";
import { Random } from "../city/random.js";

export interface SettleGeneratorOptions {
  readonly seed: number;
  readonly persons: number;
}

/** The city's own streams end at 5. */
const PLACES_STREAM = 6;
const TURNS_STREAM = 7;
/** As in the city: about one trip in three goes to a hospital. */
const HOSPITAL_SHARE = 0.3;
const TRANSIT_MS = [100, 900] as const;
/** Nobody's account runs empty within a run. */
const BALANCE_FEN = 500_000;

export class SettleGenerator {
  private readonly persons: readonly Person[];
  private readonly register: Register;
  private readonly writer = new LineWriter();
  private turn = 0;

  constructor({ seed, persons }: SettleGeneratorOptions) {
    const population = buildPopulation(seed, persons);
    this.persons = Random.derived(seed, TURNS_STREAM, 0).shuffled(population);
    this.register = new Register(Random.derived(seed, PLACES_STREAM, 0));
  }

  /** JSON of the next person's settle, arriving at this time (epoch milliseconds). */
  next(arrivesAtMs: number): string {
    const person = this.persons[this.turn++ % this.persons.length]!;
    person.balanceFen = Math.max(person.balanceFen, BALANCE_FEN);
    const { raw } = this.writer.write(person, this.settleOf(person, arrivesAtMs)).line;
    return JSON.stringify(raw);
  }

  private settleOf(person: Person, arrivesAtMs: number): SwipeIntent {
    const { random } = person;
    const kind = random.chance(HOSPITAL_SHARE) ? "hospital" : "pharmacy";
    const institutions = this.register.in(person.home, kind);
    const institution = institutions[person.index % institutions.length]!;
    const atMs = arrivesAtMs - random.whole(...TRANSIT_MS);
    const held = credentialFor(person, { atMs, place: person.home });
    const { medianFen, sigma } = kind === "pharmacy" ? AMOUNTS.pharmacy : AMOUNTS.outpatient;
    return {
      type: "swipe",
      label: HONEST,
      kind: "settle",
      atMs,
      arrivesAtMs,
      ...held,
      institution,
      visitKind: kind === "pharmacy" ? "41" : "11",
      amount: Math.max(100, Math.round(random.logNormal(medianFen, sigma))),
      ...(kind === "hospital" ? { fundShare: random.between(0.5, 0.7) } : {}),
      pin: held.credential === "card" && institution.asksPin ? "ok" : "not-required",
    };
  }
}
