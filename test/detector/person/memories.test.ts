/** The small arrays of a person record against plain arrays: their order, their limits, what is dropped when full. */

import { describe, expect, test } from "@jest/globals";
import {
  FEEDBACK_MAX,
  FILINGS_MAX,
  LOSS_APPENDS_MAX,
  OTHERS_MAX,
  PASSES_MAX,
  PINS_PER_CARD_MAX,
  REFUNDS_MAX,
  SEEN_MAX,
  TRACES_MAX,
} from "../../../services/detector/person/layout.js";
import { FeedbackVerdict } from "../../../services/detector/person/moments.js";
import { SeenSort } from "../../../services/detector/person/seen-records.js";
import { standalonePerson } from "../../support/person.js";
import fc from "../../support/properties.js";

const START_MS = Date.UTC(2026, 2, 1);
/** Few different moments, so that many are equal. */
const moment = fc.nat({ max: 40 }).map((minute) => START_MS + minute * 60_000);
const u32 = fc.nat({ max: 0xffffffff });
const u48 = fc.nat({ max: 2 ** 48 - 2 });
const card = fc.constantFrom(0, 1, 7, 0x80, 0x82);

function many<Value>(of: fc.Arbitrary<Value>, maxLength = 120): fc.Arbitrary<Value[]> {
  return fc.array(of, { maxLength, size: "max" });
}

/** Stable: equal keys stay in order of arrival. */
function sortedBy<Value>(values: readonly Value[], key: (value: Value) => number): Value[] {
  return [...values].sort((a, b) => key(a) - key(b));
}

describe("PIN results", () => {
  const result = fc.record({ card, t: moment, wrong: fc.boolean(), institution: u32 });
  const forget = fc.record({ forget: card });
  const history = many(fc.oneof({ weight: 9, arbitrary: result }, { weight: 1, arbitrary: forget }));

  test(`are sorted by time, the last ${PINS_PER_CARD_MAX} in time of each card, and forgotten with it`, () => {
    fc.assert(
      fc.property(history, (operations) => {
        const { pins } = standalonePerson();
        let model: { card: number; t: number; wrong: boolean; institution: number }[] = [];
        for (const operation of operations) {
          if ("forget" in operation) {
            pins.removeOfCard(operation.forget);
            model = model.filter((each) => each.card !== operation.forget);
            continue;
          }
          pins.add(operation.card, operation.t, operation.wrong, operation.institution);
          model = sortedBy([...model, operation], (each) => each.t);
          const own = model.filter((each) => each.card === operation.card);
          if (own.length > PINS_PER_CARD_MAX) model.splice(model.indexOf(own[0]!), 1);
        }
        const read = Array.from({ length: pins.count() }, (_, index) => ({
          card: pins.card(index),
          t: pins.t(index),
          wrong: pins.isWrong(index),
          institution: pins.institution(index),
        }));
        expect(read).toEqual(model);
      }),
    );
  });
});

describe("refunds", () => {
  test(`are counted over the last ${REFUNDS_MAX} in time, both ends of the window included`, () => {
    fc.assert(
      fc.property(many(moment, 40), moment, fc.nat({ max: 40 }), (times, t, minutes) => {
        const { refunds } = standalonePerson();
        for (const each of times) refunds.add(each);
        // One more than the limit: the oldest in time goes, which may be the one just added.
        let model: number[] = [];
        for (const each of times) model = sortedBy([...model, each], (value) => value).slice(-REFUNDS_MAX);
        const windowMs = minutes * 60_000;
        const expected = model.filter((each) => each <= t && each >= t - windowMs).length;
        expect(refunds.countWithin(t, windowMs)).toBe(expected);
        expect(refunds.count()).toBe(model.length);
      }),
    );
  });
});

describe("passed challenges", () => {
  const pass = fc.record({ card, t: moment, rules: u32 });

  test(`are the last ${PASSES_MAX} to arrive, for their own card and from their own moment on`, () => {
    fc.assert(
      fc.property(many(pass, 20), card, moment, fc.nat({ max: 40 }), (passes, of, t, minutes) => {
        const person = standalonePerson();
        for (const each of passes) person.passes.add(each.card, each.t, each.rules);
        const windowMs = minutes * 60_000;
        const open = passes
          .slice(-PASSES_MAX)
          .filter((each) => each.card === of && each.t <= t && t - each.t <= windowMs);
        expect(person.passes.rulesAt(of, t, windowMs)).toBe(
          open.reduce((bits, { rules }) => bits | rules, 0),
        );
        person.passes.removeOfCard(of);
        expect(person.passes.count()).toBe(
          passes.slice(-PASSES_MAX).filter((each) => each.card !== of).length,
        );
      }),
    );
  });
});

describe("trace codes", () => {
  const trace = fc.record({
    hash: fc.nat({ max: 5 }).map((n) => n * 2 ** 32 + n),
    settle: fc.nat({ max: 9 }),
    t: moment,
  });
  const returned = fc.record({ returned: fc.nat({ max: 9 }) });
  const history = many(fc.oneof({ weight: 9, arbitrary: trace }, { weight: 1, arbitrary: returned }));

  test(`are the last ${TRACES_MAX} that were settled and not given back`, () => {
    fc.assert(
      fc.property(history, trace, fc.nat({ max: 9 }), (operations, asked, except) => {
        const { traces } = standalonePerson();
        let model: { hash: number; settle: number; t: number }[] = [];
        for (const operation of operations) {
          if ("returned" in operation) {
            traces.giveBack(operation.returned);
            model = model.filter((each) => each.settle !== operation.returned);
          } else {
            traces.add(operation.hash, operation.settle, operation.t);
            model = [...model, operation].slice(-TRACES_MAX);
          }
        }
        const isSettled = model.some(
          (each) => each.hash === asked.hash && each.settle !== except && each.t <= asked.t,
        );
        expect(traces.isSettled(asked.hash, asked.t, except)).toBe(isSettled);
        expect(traces.count()).toBe(model.length);
      }),
    );
  });
});

describe("records already seen", () => {
  const record = fc.record({ idHash: u48, contentTag: u32 });

  const sort = fc.constantFrom(SeenSort.STATUS_OR_FACT, SeenSort.STATUS_OR_FACT, SeenSort.FEEDBACK);

  test(`are the last ${SEEN_MAX} of each sort to arrive, the newest of equal ids`, () => {
    fc.assert(
      fc.property(many(fc.tuple(record, sort), 60), record, (records, other) => {
        const { seen } = standalonePerson();
        for (const [each, sort] of records) seen.add(each.idHash, each.contentTag, sort);
        const last = Object.values(SeenSort).flatMap((sort) =>
          records.filter((each) => each[1] === sort).slice(-SEEN_MAX),
        );
        const kept = records.filter((each) => last.includes(each)).map(([each]) => each);
        for (const asked of [...records.map(([each]) => each), other]) {
          const known = kept.findLast((each) => each.idHash === asked.idHash);
          const index = seen.find(asked.idHash);
          expect(index < 0 ? undefined : seen.contentTag(index)).toBe(known?.contentTag);
        }
      }),
    );
  });

  const other = fc.record({
    idHash: fc.oneof(u48, fc.nat({ max: 3 })),
    action: fc.nat({ max: 3 }),
    kind: fc.nat({ max: 5 }),
    contentTag: u32,
    challenged: u32,
    responseCode: fc.constantFrom("00", "A6", "B9"),
  });

  test(`are the last ${OTHERS_MAX} pin-checks, refunds and queries, with what was answered`, () => {
    fc.assert(
      fc.property(many(other, 40), other, (records, unknown) => {
        const { others } = standalonePerson();
        for (const each of records) others.add(each);
        for (const asked of [...records, unknown]) {
          const known = records.slice(-OTHERS_MAX).findLast((each) => each.idHash === asked.idHash);
          const index = others.find(asked.idHash);
          const read =
            index < 0
              ? undefined
              : {
                  idHash: asked.idHash,
                  action: others.action(index),
                  kind: others.kind(index),
                  contentTag: others.contentTag(index),
                  challenged: others.challenged(index),
                  responseCode: others.responseCode(index),
                };
          expect(read).toEqual(known);
        }
      }),
    );
  });
});

describe("append times of loss reports", () => {
  test(`are the last ${LOSS_APPENDS_MAX} to arrive, both ends of the question included`, () => {
    fc.assert(
      fc.property(many(moment, 20), moment, moment, (times, from, to) => {
        const { lossAppends } = standalonePerson();
        for (const each of times) lossAppends.add(each);
        const expected = times.slice(-LOSS_APPENDS_MAX).some((each) => each >= from && each <= to);
        expect(lossAppends.anyBetween(from, to)).toBe(expected);
      }),
    );
  });
});

describe("feedback", () => {
  const given = fc.record({
    rule: fc.constantFrom(8, 9, 16),
    verdict: fc.constantFrom(FeedbackVerdict.HONEST, FeedbackVerdict.HONEST, FeedbackVerdict.CONFIRMED),
    at: moment,
  });

  test("clears a rule at a moment where the last up to then was honest and is within the window", () => {
    fc.assert(
      fc.property(
        fc.array(given, { maxLength: FEEDBACK_MAX }),
        moment,
        fc.nat({ max: 40 }),
        (all, t, minutes) => {
          const { feedback } = standalonePerson();
          for (const { rule, verdict, at } of all) feedback.add(rule, verdict, at);
          const windowMs = minutes * 60_000;
          const cleared = [8, 9, 16].filter((rule) => {
            const last = all
              .filter((each) => each.rule === rule && each.at <= t)
              .sort((a, b) => a.at - b.at)
              .at(-1);
            return last?.verdict === FeedbackVerdict.HONEST && t - last.at <= windowMs;
          });
          expect(feedback.clearedAt(t, windowMs)).toBe(cleared.reduce((bits, rule) => bits | (1 << rule), 0));
        },
      ),
    );
  });

  test("of one rule, however much, takes no place of another rule's", () => {
    const { feedback } = standalonePerson();
    feedback.add(9, FeedbackVerdict.HONEST, 1);
    for (let at = 0; at < 2 * FEEDBACK_MAX; at++) feedback.add(16, FeedbackVerdict.HONEST, at);
    expect(feedback.count()).toBe(FEEDBACK_MAX);
    expect(feedback.clearedAt(1, 0)).toBe(1 << 9);
    expect(feedback.clearedAt(2 * FEEDBACK_MAX, 1)).toBe(1 << 16);
  });
});

describe("filings", () => {
  const filing = fc.record({ region: u32, kind: fc.nat({ max: 3 }), fromMs: moment, toMs: moment });

  test(`are the last ${FILINGS_MAX} to arrive, valid from their start to before their end`, () => {
    fc.assert(
      fc.property(many(filing, 12), moment, (given, t) => {
        const { filings } = standalonePerson();
        for (const each of given) filings.add(each);
        const read = Array.from({ length: filings.count() }, (_, index) => [
          filings.region(index),
          filings.isValidAt(index, t),
        ]);
        const model = given
          .slice(-FILINGS_MAX)
          .map((each) => [each.region, each.fromMs <= t && t < each.toMs]);
        expect(read).toEqual(model);
      }),
    );
  });
});
