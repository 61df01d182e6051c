/** Card numbers, card events, learnt cities and facts of a person record against plain models. */

import { describe, expect, test } from "@jest/globals";
import { dayOf } from "../../../schemas/working-calendar.js";
import { noticeCard } from "../../../services/detector/card/notice-card.js";
import { CardTail, UNSEEN } from "../../../services/detector/person/cards.js";
import { type CardEvent, EventAction } from "../../../services/detector/person/events.js";
import { KeptFlag, type KeptSwipes, NONE } from "../../../services/detector/person/kept-swipes.js";
import { CARDS_MAX, CITIES_MAX, EVENTS_MAX } from "../../../services/detector/person/layout.js";
import { packRegion } from "../../../services/detector/place/region.js";
import { defaultBundle } from "../../support/judge.js";
import { standalonePerson, swipeOf, verdictOf } from "../../support/person.js";
import fc from "../../support/properties.js";

const { regions } = defaultBundle.bundle;
const DAY_MS = 86_400_000;
const FIRST_DAY = dayOf(Date.UTC(2026, 2, 1));
const keptBy = (settles: KeptSwipes) => ({ settles, except: NONE, regions });
const u32 = fc.nat({ max: 0xffffffff });

describe("card numbers", () => {
  const seen = fc.record({
    credential: fc.constantFrom(0, 1),
    number: fc.nat({ max: 11 }),
    day: fc.nat({ max: 60 }).map((day) => FIRST_DAY + day),
  });
  const keyOf = (credential: number, number: number) => credential * 100 + number;

  test(`are the ${CARDS_MAX} seen last: the least recently seen gives its place to a new one`, () => {
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 60, size: "max" }), (sightings) => {
        const person = standalonePerson();
        let model: { key: number; day: number }[] = [];
        for (const { credential, number, day } of sightings) {
          const key = keyOf(credential, number);
          const card = { cardKey0: key, cardKey1: 7, cardTail: String(key) };
          const index = noticeCard(person, credential, card, day, day * DAY_MS);
          const known = model.find((each) => each.key === key);
          if (known !== undefined) known.day = Math.max(known.day, day);
          else if (model.length < CARDS_MAX) model = [...model, { key, day }];
          else {
            const least = model.reduce((a, b) => (b.day < a.day ? b : a));
            model = model.map((each) => (each === least ? { key, day } : each));
          }
          expect(model[index]?.key).toBe(key);
        }
        const { cards } = person;
        const read = model.map((_, index) => ({ key: cards.key0(index), day: cards.lastSeenDay(index) }));
        expect(read).toEqual(model);
        for (let number = 0; number < 12; number++) {
          const nth = model.findIndex((each) => each.key === number);
          expect(cards.find(0, number, 7)).toBe(nth < 0 ? UNSEEN : nth);
          expect(cards.find(0, number, 8)).toBe(UNSEEN);
        }
      }),
    );
  });

  test("show at most the last four characters, fewer where the number has fewer", () => {
    const { cards } = standalonePerson();
    for (const [index, cardTail] of ["1234", "Z", ""].entries())
      cards.enter(0, { cardKey0: index, cardKey1: 0, cardTail }, FIRST_DAY);
    expect([0, 1, 2].map((index) => cards.tail(index))).toEqual(["1234", "Z", ""]);
  });

  test("with card-status records are kept longer than numbers without", () => {
    const person = standalonePerson();
    for (let number = 1; number <= CARDS_MAX; number++)
      noticeCard(person, 0, { cardKey0: number, cardKey1: 0, cardTail: "" }, FIRST_DAY + number, 0);
    person.events.add(eventOf({ card: 0 }));
    noticeCard(person, 0, { cardKey0: 99, cardKey1: 0, cardTail: "" }, FIRST_DAY + 30, 0);
    expect(person.cards.find(0, 1, 0)).toBe(0);
    expect(person.cards.find(0, 2, 0)).toBe(UNSEEN);
    expect(person.cards.find(0, 99, 0)).toBe(1);
  });

  test("take what is kept of them along when they are forgotten", () => {
    const person = standalonePerson();
    for (let number = 1; number <= CARDS_MAX; number++)
      noticeCard(person, 0, { cardKey0: number, cardKey1: 0, cardTail: "" }, FIRST_DAY + number, 0);
    for (const card of [0, 1]) {
      person.pins.add(card, 1000, true, 5);
      person.passes.add(card, 1000, 2);
      person.settles.keep(swipeOf({ eventId: `s-${card}`, t: 1000 }), verdictOf({ card }), () => {});
    }
    noticeCard(person, 0, { cardKey0: 99, cardKey1: 0, cardTail: "" }, FIRST_DAY + 30, 0);
    expect(person.pins.count()).toBe(1);
    expect(person.passes.rulesAt(0, 1000, 0)).toBe(0);
    expect(person.passes.rulesAt(1, 1000, 0)).toBe(2);
    expect(person.settles.count()).toBe(2);
    expect(person.settles.card(person.settles.oldest())).not.toBe(0);
  });
});

function eventOf(fields: Partial<CardEvent>): CardEvent {
  return {
    action: EventAction.REPORT_LOSS,
    card: 0,
    credential: 0,
    formal: false,
    blocksECredential: false,
    pendingAction: 0,
    region: 0,
    acceptedAtMs: 0,
    reportedAtMs: 0,
    effectiveAtMs: 0,
    expiresAtMinMs: Number.POSITIVE_INFINITY,
    expiresAtMaxMs: Number.POSITIVE_INFINITY,
    newKey0: 0,
    newKey1: 0,
    ...fields,
  };
}

describe("card events", () => {
  const instant = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(Number.POSITIVE_INFINITY));
  const event: fc.Arbitrary<CardEvent> = fc.record({
    action: fc.constantFrom(...Object.values(EventAction)),
    card: fc.constantFrom(0, 3, 0x80),
    credential: fc.nat({ max: 4 }),
    formal: fc.boolean(),
    blocksECredential: fc.boolean(),
    pendingAction: fc.nat({ max: 3 }),
    region: u32,
    acceptedAtMs: fc.integer({ min: 0, max: 50 }),
    reportedAtMs: instant,
    effectiveAtMs: instant,
    expiresAtMinMs: instant,
    expiresAtMaxMs: instant,
    newKey0: u32,
    newKey1: u32,
  });

  test("are kept in order of acceptance, equal ones in order of arrival, with all their fields", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: EVENTS_MAX, size: "max" }), (given) => {
        const { events } = standalonePerson();
        for (const each of given) events.add(each);
        expect(events.all()).toEqual([...given].sort((a, b) => a.acceptedAtMs - b.acceptedAtMs));
        expect(events.isFull()).toBe(given.length === EVENTS_MAX);
      }),
    );
  });

  test("of a replacement without a number wait for one, once", () => {
    const { events } = standalonePerson();
    events.add(eventOf({ action: EventAction.REPLACE }));
    expect(events.awaitsNewCard(0)).toBe(true);
    events.setNewCard(0, 5, 6);
    expect(events.awaitsNewCard(0)).toBe(false);
    expect(events.read(0)).toMatchObject({ newKey0: 5, newKey1: 6 });
  });
});

describe("learnt cities", () => {
  /** Cities that exist, so that `cityOf` knows them. */
  const CITIES = ["3301", "3302", "3401", "3201", "5101", "3501", "4501", "6101", "4401", "4201"].map(
    (code) => packRegion(code),
  );
  const city = fc.constantFrom(...CITIES);
  const sighting = fc.record({ city, day: fc.nat({ max: 100 }).map((day) => FIRST_DAY + day) });

  interface Known {
    city: number;
    days: number[];
  }
  const lastDay = ({ days }: Known) => Math.max(...days);

  function remembered(sightings: readonly { city: number; day: number }[]): Known[] {
    let model: Known[] = [];
    for (const { city: of, day } of sightings) {
      const known = model.find((each) => each.city === of);
      if (known !== undefined) {
        known.days.push(day);
        continue;
      }
      if (model.length === CITIES_MAX) {
        // Cities seen on one day only are no learnt ones: they go first.
        const isOnce = (each: Known) => new Set(each.days).size === 1;
        const candidates = model.some(isOnce) ? model.filter(isOnce) : model;
        const least = candidates.reduce((a, b) => (lastDay(b) < lastDay(a) ? b : a));
        model = model.filter((each) => each !== least);
      }
      model.push({ city: of, days: [day] });
    }
    return model;
  }

  test("need two different days before today and one of the last 180; the least recently seen of 8 goes", () => {
    fc.assert(
      fc.property(
        fc.array(sighting, { maxLength: 60, size: "max" }),
        fc.constantFrom(100, 101, 180, 280, 281, 300),
        (sightings, todayOffset) => {
          const today = FIRST_DAY + todayOffset;
          const { cities, settles } = standalonePerson();
          for (const each of sightings) cities.remember(each.city, each.day);
          const model = remembered(sightings);
          const learnt = model.filter(
            (each) =>
              new Set(each.days.filter((day) => day < today)).size >= 2 && today - lastDay(each) <= 180,
          );
          for (const each of CITIES)
            expect(cities.isLearnt(each, today, keptBy(settles))).toBe(
              learnt.some((known) => known.city === each),
            );
          expect(cities.hasLearnt(today, keptBy(settles))).toBe(learnt.length > 0);
        },
      ),
    );
  });

  test("count kept approved settles as days, and days of dropped ones as well", () => {
    const kept = fc.record({
      city,
      day: fc.nat({ max: 30 }),
      action: fc.constantFrom(0, 0, 0, 1, 3),
      flags: fc.constantFrom(0, 0, 0, KeptFlag.CANCELLED, KeptFlag.SUPERSEDED),
    });
    fc.assert(
      fc.property(
        fc.array(kept, { maxLength: 40, size: "max" }),
        fc.array(sighting, { maxLength: 5 }),
        fc.nat({ max: 40 }),
        (settles, dropped, todayOffset) => {
          // Those dropped are older than all kept ones.
          const start = FIRST_DAY + 101;
          const today = start + todayOffset;
          const person = standalonePerson();
          for (const each of dropped) person.cities.remember(each.city, each.day);
          for (const [index, each] of settles.entries())
            person.settles.keep(
              swipeOf({
                eventId: `s-${index}`,
                t: (start + each.day) * DAY_MS,
                careRegion: each.city,
              }),
              verdictOf({ action: each.action, flags: each.flags }),
              () => {},
            );
          const counted = settles
            .filter((each) => each.action === 0 && each.flags === 0)
            .map((each) => ({ city: each.city, day: start + each.day }));
          const days = [...dropped, ...counted].filter((each) => each.day <= today);
          const learnt = CITIES.filter((each) => {
            const own = days.filter((day) => day.city === each).map(({ day }) => day);
            return new Set(own.filter((day) => day < today)).size >= 2 && today - Math.max(...own) <= 180;
          });
          if (learnt.length > CITIES_MAX) return;
          for (const each of CITIES)
            expect(person.cities.isLearnt(each, today, keptBy(person.settles))).toBe(learnt.includes(each));
        },
      ),
    );
  });
});

describe("facts", () => {
  const span = fc.record({
    fromMs: fc.integer({ min: 0, max: 20 }),
    toMs: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Number.POSITIVE_INFINITY)),
  });
  const fact = fc.oneof(
    fc.record({ kind: fc.constant("home" as const), span, region: u32 }),
    fc.record({ kind: fc.constant("aid" as const), span }),
    fc.record({
      kind: fc.constant("stay" as const),
      span,
      region: u32,
      institution: fc.option(fc.nat({ max: 2 ** 48 - 2 })),
    }),
    fc.record({
      kind: fc.constant("limits" as const),
      span,
      homeOnly: fc.boolean(),
      noNight: fc.boolean(),
      dailyFen: fc.option(fc.nat({ max: 2 ** 47 })),
    }),
  );

  test("are the latest of each kind, valid from their start to before their end", () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 12 }), fc.integer({ min: 0, max: 21 }), (given, t) => {
        const { facts } = standalonePerson();
        for (const each of given) {
          const { fromMs, toMs } = each.span;
          if (each.kind === "home") facts.setHomeRegion(each.region, fromMs, toMs);
          else if (each.kind === "aid") facts.setMutualAid(fromMs, toMs);
          else if (each.kind === "stay")
            facts.setStay({ ...each.span, region: each.region, institution: each.institution });
          else facts.setLimits(each, fromMs, toMs);
        }
        const isValid = (each: { span: { fromMs: number; toMs: number } } | undefined) =>
          each !== undefined && each.span.fromMs <= t && t < each.span.toMs;
        const latest = <Kind extends string>(kind: Kind) =>
          given.findLast((each): each is Extract<typeof each, { kind: Kind }> => each.kind === kind);
        const home = latest("home");
        expect(facts.homeRegion(t)).toBe(isValid(home) ? home?.region : 0);
        expect(facts.hasMutualAid(t)).toBe(isValid(latest("aid")));
        const stay = latest("stay");
        expect(facts.stay()).toEqual(
          stay === undefined ? null : { ...stay.span, region: stay.region, institution: stay.institution },
        );
        const limits = latest("limits");
        const { homeOnly, noNight, dailyFen } = limits ?? { homeOnly: false, noNight: false, dailyFen: null };
        expect(facts.limits(t)).toEqual(isValid(limits) ? { homeOnly, noNight, dailyFen } : null);
      }),
    );
  });
});

test.each([
  ["440300C010000000007", "0007"],
  ["1234", "1234"],
  ["123", "123"],
  ["", ""],
])("the tail of card number '%s', read from bytes, is '%s'", (number, expected) => {
  const bytes = Buffer.from(`before${number}behind`);
  const tail = new CardTail();
  tail.text = "9999";
  tail.copyFrom(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 6, 6 + number.length);
  expect(tail.text).toBe(expected);
});
