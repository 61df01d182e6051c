/** Two records become one: what happens where both do not fit, and what each array makes of both. */

import { describe, expect, test } from "@jest/globals";
import { mergePerson } from "../../../services/detector/move/merge-person.js";
import { type CardEvent, EventAction } from "../../../services/detector/person/events.js";
import { NONE } from "../../../services/detector/person/kept-swipes.js";
import {
  AUTHORIZES_MAX,
  CARDS_MAX,
  EVENTS_MAX,
  FILINGS_MAX,
  OTHERS_MAX,
  PINS_PER_CARD_MAX,
  RECORD_BYTES_MAX,
  SEEN_MAX,
  SETTLES_MAX,
  TRACES_MAX,
} from "../../../services/detector/person/layout.js";
import { LINKS_MAX } from "../../../services/detector/person/links.js";
import type { Person } from "../../../services/detector/person/person.js";
import { defaultBundle } from "../../support/judge.js";
import { standalonePerson, swipeOf, verdictOf } from "../../support/person.js";
import fc from "../../support/properties.js";
import { changePerson } from "../../support/random-person.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, START_MS } from "../../support/records.js";

const { regions } = defaultBundle.bundle;
const KEY = "0123456789abcdef0123456789abcde";

function personOf(digit: string): Person {
  const person = standalonePerson();
  const key = `${KEY}${digit}`;
  const word = (index: number) => Number.parseInt(key.slice(8 * index, 8 * index + 8), 16);
  person.record.clear(word(0), word(1), word(2), word(3));
  return person;
}

function card(person: Person, number: number, day = 20_000): number {
  return person.cards.enter(0, { cardKey0: number, cardKey1: number, cardTail: "0001" }, day);
}

function reportOf(card: number, atMs: number): CardEvent {
  return {
    action: EventAction.REPORT_LOSS,
    card,
    credential: 0,
    formal: true,
    blocksECredential: false,
    pendingAction: 2,
    region: 0,
    acceptedAtMs: atMs,
    reportedAtMs: atMs,
    effectiveAtMs: atMs,
    expiresAtMinMs: Number.POSITIVE_INFINITY,
    expiresAtMaxMs: Number.POSITIVE_INFINITY,
    newKey0: 0,
    newKey1: 0,
  };
}

function settle(person: Person, eventId: string, t: number): void {
  person.settles.keep(swipeOf({ eventId, t }), verdictOf(), () => {});
}

function settlesOf({ settles }: Person): string[] {
  const ids: string[] = [];
  for (let at = settles.oldest(); at !== NONE; at = settles.after(at)) ids.push(settles.eventId(at));
  return ids;
}

describe("where both do not fit", () => {
  test("a lost card of the former number takes the place of one that nothing is known of", () => {
    const [person, former] = [personOf("1"), personOf("2")];
    for (let number = 1; number <= CARDS_MAX; number++) card(person, number);
    former.events.add(reportOf(card(former, 99), START_MS));
    const { dropped } = mergePerson(person, former, regions);
    const index = person.cards.find(0, 99, 99);
    expect(person.events.all().map((event) => event.card)).toEqual([index]);
    expect(dropped).toEqual({ cards: 1 });
  });

  test("open reports stay, of both, when the card events are full", () => {
    const [person, former] = [personOf("1"), personOf("2")];
    const [own, theirs] = [card(person, 1), card(former, 2)];
    const pairs = (of: Person, index: number, fromMs: number) => {
      for (let pair = 0; pair < EVENTS_MAX / 2 - 1; pair++) {
        const atMs = fromMs + pair * HOUR_MS;
        of.events.add({ ...reportOf(index, atMs), formal: false });
        of.events.add({ ...reportOf(index, atMs + MINUTE_MS), action: EventAction.RELEASE });
      }
      of.events.add(reportOf(index, fromMs + 60 * DAY_MS));
    };
    pairs(person, own, START_MS);
    pairs(former, theirs, START_MS + MINUTE_MS / 2);
    mergePerson(person, former, regions);
    expect(person.events.count()).toBe(EVENTS_MAX);
    const last = person.events.all().slice(-2);
    expect(last.map(({ action, formal }) => [action, formal])).toEqual([
      [EventAction.REPORT_LOSS, true],
      [EventAction.REPORT_LOSS, true],
    ]);
    expect(new Set(last.map((event) => event.card)).size).toBe(2);
  });

  test("the 64 latest settles stay, in order of time", () => {
    const [person, former] = [personOf("1"), personOf("2")];
    for (let index = 0; index < SETTLES_MAX; index++) {
      settle(person, `own-${index}`, START_MS + 2 * index * MINUTE_MS);
      settle(former, `former-${index}`, START_MS + (2 * index + 1) * MINUTE_MS);
    }
    mergePerson(person, former, regions);
    const expected = Array.from({ length: SETTLES_MAX / 2 }, (_, index) => {
      const number = SETTLES_MAX / 2 + index;
      return [`own-${number}`, `former-${number}`];
    }).flat();
    expect(settlesOf(person)).toEqual(expected);
  });

  test("settles older than 35 days are dropped, whoever's they are", () => {
    const [person, former] = [personOf("1"), personOf("2")];
    settle(person, "new", START_MS + 36 * DAY_MS);
    settle(former, "old", START_MS);
    settle(former, "young", START_MS + 2 * DAY_MS);
    mergePerson(person, former, regions);
    expect(settlesOf(person)).toEqual(["young", "new"]);
  });

  test("a message that both numbers got counts once", () => {
    const [person, former] = [personOf("1"), personOf("2")];
    settle(person, "same", START_MS);
    settle(former, "same", START_MS);
    mergePerson(person, former, regions);
    expect(settlesOf(person)).toEqual(["same"]);
  });

  test("any two records make one that keeps every limit and loads again", () => {
    const record = fc.record({ seed: fc.nat(), changes: fc.nat({ max: 400 }) });
    fc.assert(
      fc.property(record, record, (own, theirs) => {
        const merged = () => {
          const [person, former] = [personOf("1"), personOf("2")];
          changePerson(person, own.seed, own.changes);
          changePerson(former, theirs.seed, theirs.changes);
          mergePerson(person, former, regions);
          return person;
        };
        const person = merged();
        const bytes = person.record.toBytes();
        expect(bytes.length).toBeLessThanOrEqual(RECORD_BYTES_MAX);
        expect(Buffer.from(standalonePerson(bytes).record.toBytes()).equals(bytes)).toBe(true);
        expect(Buffer.from(merged().record.toBytes()).equals(bytes)).toBe(true);
        const limits = {
          cards: CARDS_MAX,
          events: EVENTS_MAX,
          pins: CARDS_MAX * PINS_PER_CARD_MAX,
          seen: 2 * SEEN_MAX,
          others: OTHERS_MAX,
          filings: FILINGS_MAX,
          traces: TRACES_MAX,
          authorizes: AUTHORIZES_MAX,
          settles: SETTLES_MAX,
          links: LINKS_MAX - 1,
        } as const;
        for (const [array, limit] of Object.entries(limits))
          expect(person[array as keyof typeof limits].count()).toBeLessThanOrEqual(limit);
        const times = settlesTimes(person);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
      { numRuns: 30 },
    );
  });

  test("more former numbers than have room: the first is forgotten, its swipes become the person's own", () => {
    const person = personOf("0");
    for (let number = 1; number <= LINKS_MAX; number++) {
      const former = personOf(number.toString(16));
      settle(former, `s-${number}`, START_MS + number * MINUTE_MS);
      mergePerson(person, former, regions);
    }
    const { settles, links } = person;
    expect(links.mergedKeys()).toHaveLength(LINKS_MAX - 1);
    const keys: (string | null)[] = [];
    for (let at = settles.oldest(); at !== NONE; at = settles.after(at))
      keys.push(links.keyOfFormer(settles.former(at)));
    expect(keys).toEqual([
      null,
      ...Array.from({ length: LINKS_MAX - 1 }, (_, index) => `${KEY}${index + 2}`),
    ]);
  });
});

function settlesTimes({ settles }: Person): number[] {
  const times: number[] = [];
  for (let at = settles.oldest(); at !== NONE; at = settles.after(at)) times.push(settles.t(at));
  return times;
}

describe("facts", () => {
  test("of a kind that the new number has stand, the others come from the former one", () => {
    const [person, former] = [personOf("1"), personOf("2")];
    person.facts.setHomeRegion(330_100, 0, Number.POSITIVE_INFINITY);
    former.facts.setHomeRegion(110_000, 0, Number.POSITIVE_INFINITY);
    former.facts.setMutualAid(0, START_MS + DAY_MS);
    former.facts.setLimits({ homeOnly: true, noNight: false, dailyFen: 500 }, 0, Number.POSITIVE_INFINITY);
    former.facts.setStay({ fromMs: 1, toMs: 2, region: 3, institution: 4 });
    mergePerson(person, former, regions);
    expect(person.facts.homeRegion(START_MS)).toBe(330_100);
    expect(person.facts.hasMutualAid(START_MS)).toBe(true);
    expect(person.facts.limits(START_MS)).toEqual({ homeOnly: true, noNight: false, dailyFen: 500 });
    expect(person.facts.stay()).toEqual({ fromMs: 1, toMs: 2, region: 3, institution: 4 });
  });
});

describe("a replacement that waits for its number", () => {
  const replaced = (person: Person, index: number) =>
    person.events.add({ ...reportOf(index, START_MS), action: EventAction.REPLACE, formal: false });

  test("takes the new number's card, seen after its effect", () => {
    const [person, former] = [personOf("1"), personOf("2")];
    card(person, 7, 20_600);
    replaced(former, card(former, 1));
    mergePerson(person, former, regions);
    expect(person.events.read(0)).toMatchObject({ newKey0: 7, newKey1: 7 });
  });

  test("takes none that was last seen before its effect", () => {
    const [person, former] = [personOf("1"), personOf("2")];
    card(person, 7, 20_000);
    replaced(former, card(former, 1));
    mergePerson(person, former, regions);
    expect(person.events.awaitsNewCard(0)).toBe(true);
  });
});
