/** Random changes to every section of a person record, the same for the same random numbers. */

import { NO_FINDINGS } from "../../services/detector/person/kept-findings.js";
import type { Person } from "../../services/detector/person/person.js";
import { FEN_MISSING } from "../../services/detector/swipe.js";
import { type Random, seededRandom } from "../oracle/scenario-random.js";
import { swipeOf, verdictOf } from "./person.js";

const START_MS = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

type Change = (person: Person, random: Random) => void;

const moment = (random: Random) => START_MS + random.integer(0, 40 * DAY_MS);
const bits = (random: Random) => random.integer(0, 2 ** 31);

function keep(person: Person, random: Random, section: "settles" | "authorizes"): void {
  const hasFindings = random.chance(0.3);
  const swipe = swipeOf({
    eventId: `${"e".repeat(random.pick([1, 8, 40]))}卡${random.integer(0, 1e9)}`,
    t: moment(random),
    contentTag: bits(random),
    institution: bits(random),
    chain: bits(random),
    careRegion: bits(random),
    totalFen: bits(random),
    accountFen: random.chance(0.5) ? bits(random) : FEN_MISSING,
    listedFen: random.chance(0.2) ? bits(random) : FEN_MISSING,
  });
  const findings = hasFindings ? { ...NO_FINDINGS, hits: 1 + bits(random) } : NO_FINDINGS;
  person[section].keep(swipe, verdictOf({ card: random.integer(0, 7), findings }), () => {});
}

const CHANGES: readonly Change[] = [
  (person, random) => keep(person, random, "settles"),
  (person, random) => keep(person, random, "settles"),
  (person, random) => keep(person, random, "settles"),
  (person, random) => keep(person, random, "authorizes"),
  (person, random) => person.pins.add(random.integer(0, 7), moment(random), random.chance(0.5), bits(random)),
  (person, random) => person.seen.add(bits(random), bits(random), random.chance(0.5) ? 0 : 1),
  (person, random) => person.lossAppends.add(moment(random)),
  (person, random) => person.facts.setHomeRegion(bits(random), moment(random), Number.POSITIVE_INFINITY),
  (person, random) => person.filings.add({ region: bits(random), kind: 1, fromMs: 0, toMs: moment(random) }),
  (person, random) => person.cities.remember(random.integer(1, 20), random.integer(1, 30_000)),
  (person, random) => person.traces.add(bits(random), bits(random), moment(random)),
  (person, random) => person.feedback.add(random.integer(1, 31), random.chance(0.7) ? 0 : 1, moment(random)),
  (person, random) => person.passes.add(random.integer(0, 7), moment(random), bits(random)),
  (person, random) => person.refunds.add(moment(random)),
  (person, random) =>
    person.others.add({
      idHash: bits(random),
      action: 2,
      kind: 4,
      contentTag: bits(random),
      challenged: bits(random),
      responseCode: "A6",
    }),
  (person, random) => {
    const card = { cardKey0: bits(random), cardKey1: bits(random), cardTail: "12X" };
    if (!person.cards.isFull()) person.cards.enter(0, card, random.integer(1, 30_000));
  },
  (person, random) => {
    if (person.events.isFull()) return;
    const at = moment(random);
    person.events.add({
      action: random.integer(0, 16),
      card: random.integer(0, 7),
      credential: 0,
      formal: random.chance(0.5),
      blocksECredential: random.chance(0.5),
      pendingAction: random.integer(0, 3),
      region: bits(random),
      acceptedAtMs: at,
      reportedAtMs: at,
      effectiveAtMs: at,
      expiresAtMinMs: moment(random),
      expiresAtMaxMs: Number.POSITIVE_INFINITY,
      newKey0: bits(random),
      newKey1: bits(random),
    });
  },
];

export function changePerson(person: Person, seed: number, changes: number): void {
  const random = seededRandom(seed);
  for (let index = 0; index < changes; index++) random.pick(CHANGES)(person, random);
}
