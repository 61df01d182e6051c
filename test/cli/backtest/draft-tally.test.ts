/** What a backtest counts, on histories small enough to count by hand. */

import { describe, expect, test } from "@jest/globals";
import { backtestResult } from "../../../cli/backtest/result.js";
import { backtestResult as resultShape } from "../../../schemas/backtest.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { type BacktestOptions, backtestFiles } from "../../support/backtest.js";
import {
  at,
  DAY_MS,
  MINUTE_MS,
  type RawFields,
  rawStatus,
  rawSwipe,
  START_MS,
} from "../../support/records.js";

/** The second pharmacy within two hours is challenged. */
const stricter = changedBundle({
  ruleset: { rules: [{ id: "R16", params: { pharmaciesMin: 2, pharmacyWindowMinutes: 120 } }] },
});
const quiet = changedBundle({ ruleset: { rules: [{ id: "R16", mode: "off" }] } });
const shadowed = changedBundle({
  ruleset: {
    rules: [{ id: "R16", mode: "shadow", params: { pharmaciesMin: 2, pharmacyWindowMinutes: 120 } }],
  },
});

const AT_ONCE = {
  id: "CITY-1",
  region: "520100",
  credential: "card",
  channel: "phone",
  kind: "provisional",
  delayMax: [0, "h"],
  validity: null,
};

const settle = (index: number, fields: RawFields = {}) => {
  const occurredAt = at(START_MS + index * 10 * MINUTE_MS);
  const institutionId = `P3301060000${index}`;
  return rawSwipe({ eventId: `s-${index}`, occurredAt, receivedAt: occurredAt, institutionId, ...fields });
};

async function backtestOf(records: readonly object[], draft = stricter, options: BacktestOptions = {}) {
  const lines = records.map((record) => JSON.stringify(record));
  const ran = await backtestFiles(lines, { purpose: { kind: "draft", draft }, baseline: quiet, ...options });
  return resultShape.parse(backtestResult(ran));
}

test("decisions gained stand under their rule, in the answers, the shares and the money", async () => {
  const result = await backtestOf([settle(1), settle(2, { totalFen: 30_000, cashFen: 10_000 })]);
  expect(result).toMatchObject({
    swipes: 2,
    persons: 1,
    stronger: 1,
    weaker: 0,
    peopleStronger: 1,
    peopleWeaker: 0,
  });
  expect(result.rules.R16).toMatchObject({ baselineHits: 0, draftHits: 1, newHit: 1, gained: 1, lost: 0 });
  expect(result.rules.R16).toMatchObject({ gainedFen: 20_000, lostFen: 0 });
  expect(result.transitions.approve.challenge).toEqual({ swipes: 1, atRiskFen: 20_000 });
  expect(result.shares.draft).toEqual({ challenge: 1, reject: 0, challengeShare: 0.5, rejectShare: 0 });
  expect(result.money).toEqual({ alertedFen: { baseline: 0, draft: 20_000 }, gainedFen: 20_000, lostFen: 0 });
  expect(result.days).toMatchObject([{ day: "2026-03-01", swipes: 2, draft: { challenge: 1 } }]);
});

test("decisions lost stand under their rule", async () => {
  const result = await backtestOf([settle(1), settle(2)], quiet, { baseline: stricter });
  expect(result).toMatchObject({ stronger: 0, weaker: 1, peopleWeaker: 1 });
  expect(result.rules.R16).toMatchObject({
    baselineHits: 1,
    draftHits: 0,
    noHit: 1,
    lost: 1,
    lostFen: 1_000,
  });
  expect(result.money.lostFen).toBe(1_000);
});

test("what a rule finds in shadow changes nothing and is counted apart", async () => {
  const result = await backtestOf([settle(1), settle(2)], shadowed);
  expect(result).toMatchObject({ stronger: 0, weaker: 0 });
  expect(result.rules.R16).toMatchObject({ draftHits: 0, gained: 0, shadowHits: 1 });
});

test("an authorize and the settle that names it are one purchase, whatever the settle comes to", async () => {
  const covered = changedBundle({ policies: { rows: [AT_ONCE] } });
  const slow = changedBundle({
    policies: { rows: [{ ...AT_ONCE, delayMax: [24, "h"], pendingAction: "approve" }] },
  });
  const report = rawStatus({ region: "520100", channel: "phone", cardNumber: "CARD-0001" });
  const authorize = settle(2, { kind: "authorize", totalFen: 5_000 });
  const settled = settle(3, { originalEventId: "s-2", institutionId: "P33010600002", totalFen: 6_000 });
  const result = await backtestOf([report, authorize, settled], covered, { baseline: slow });
  expect(result.transitions.approve.reject).toEqual({ swipes: 2, atRiskFen: 6_000 });
  expect(result.rules.R01).toMatchObject({ newHit: 2, gainedFen: 6_000 });
  expect(result.money.gainedFen).toBe(6_000);
});

describe("people whose feedback is known", () => {
  const feedback = (verdict: string, index: number) => {
    const occurredAt = at(START_MS + index * 10 * MINUTE_MS);
    return {
      type: "feedback",
      eventId: `f-${index}`,
      occurredAt,
      receivedAt: occurredAt,
      personId: "PERSON-1",
      rule: "R16",
      verdict,
    };
  };

  test("a decision gained about somebody cleared later is told, once a person", async () => {
    const result = await backtestOf([
      settle(1),
      settle(2),
      settle(4),
      feedback("confirmed", 5),
      feedback("honest", 6),
    ]);
    expect(result.rules.R16?.cleared).toEqual({ gained: 2, lost: 0, peopleGained: 1, peopleLost: 0 });
    expect(result.rules.R16?.confirmed).toMatchObject({ gained: 0, lost: 0 });
  });

  test("a decision lost about confirmed fraud is told, also under a number that was linked later", async () => {
    const link = {
      type: "person-link",
      eventId: "l-1",
      occurredAt: at(START_MS + DAY_MS),
      receivedAt: at(START_MS + DAY_MS),
      personId: "PERSON-9",
      formerPersonId: "PERSON-1",
    };
    const later = { ...feedback("confirmed", 200), personId: "PERSON-9" };
    const result = await backtestOf([settle(1), settle(2), link, later], quiet, { baseline: stricter });
    expect(result.rules.R16?.confirmed).toEqual({ gained: 0, lost: 1, peopleGained: 0, peopleLost: 1 });
  });
});

test("revisions that the draft makes otherwise are counted apart from decisions", async () => {
  const report = rawStatus({
    region: "330100",
    cardNumber: "CARD-0001",
    occurredAt: at(START_MS + DAY_MS),
    receivedAt: at(START_MS + DAY_MS),
    acceptedAt: at(START_MS),
    reportedAt: at(START_MS),
  });
  const result = await backtestOf([settle(1), settle(2), report]);
  expect(result.revisions.baseline).toBeGreaterThan(0);
  expect(result.revisions.draft).toBe(result.revisions.baseline);
  expect(result.rules.R01).toBeUndefined();
});

test("a rule that asks for more or less than before is stronger or weaker", async () => {
  const milder = { baseline: changedBundle({}) };
  const more = await backtestOf([settle(1), settle(2)], stricter, milder);
  expect(more.rules.R16).toMatchObject({ newHit: 0, stronger: 1, gained: 1 });
  expect(more.transitions.review.challenge.swipes).toBe(1);
  const less = await backtestOf([settle(1), settle(2)], changedBundle({}), { baseline: stricter });
  expect(less.rules.R16).toMatchObject({ noHit: 0, weaker: 1, lost: 1 });
});

test("at most five examples a rule, the earliest, of both directions where there are both", async () => {
  const result = await backtestOf(Array.from({ length: 9 }, (_, index) => settle(index)));
  const { examples } = result.rules.R16!;
  expect(examples.length).toBeLessThanOrEqual(5);
  expect(examples[0]).toMatchObject({
    change: "newHit",
    from: null,
    to: "challenge",
    draftAction: "challenge",
  });
  expect(JSON.stringify(examples)).not.toContain("PERSON-1");
});

describe("a window of journal time", () => {
  const days = [settle(1), settle(2), settle(145), settle(146)];

  test("counts its swipes only, under what came before", async () => {
    const result = await backtestOf(days, stricter, {
      fromMs: START_MS + 15 * MINUTE_MS,
      toMs: START_MS + DAY_MS,
    });
    expect(result).toMatchObject({ swipes: 1, stronger: 1 });
    expect(result.from).toBe(at(START_MS + 15 * MINUTE_MS));
  });

  test("the last day ends with the last swipe", async () => {
    const result = await backtestOf(days, stricter, { isLastDay: true });
    expect(result).toMatchObject({ swipes: 2, stronger: 1, to: at(START_MS + 1_460 * MINUTE_MS + 1) });
  });

  test("whatever it is, the outcomes of the whole history are summed", async () => {
    const [whole, windowed] = [await backtestOf(days), await backtestOf(days, stricter, { isLastDay: true })];
    expect(windowed.bodies).toEqual(whole.bodies);
  });
});
