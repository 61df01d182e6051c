import { describe, expect, it } from "@jest/globals";
import type { CardReport } from "../../../schemas/card-report.js";
import { type SettledSwipe, sumsOf, swipeFact } from "../../../services/alerts/appeals/swipe-facts.js";
import { policy } from "./appeal-events.js";

function at(text: string): string {
  return `2026-09-${text}:00.000+08:00`;
}

function swipe(when: string, fields: Partial<SettledSwipe> = {}): SettledSwipe {
  return {
    decisionId: `d-${when}`,
    eventId: `e-${when}`,
    occurredAt: at(when),
    credential: "card",
    cardTail: "1234",
    institutionId: "P34180000001",
    totalFen: 48_000,
    accountFen: 40_000,
    rules: [],
    ...fields,
  };
}

/** Reported on the 10th at 9:00, in effect on the 11th at 9:00, lapses after the 20th. */
function report(fields: Partial<CardReport> = {}): CardReport {
  return {
    eventId: "c-1",
    credential: "card",
    cardTail: "1234",
    action: "report-loss",
    from: "active",
    to: "loss-pending",
    applied: true,
    code: null,
    policyId: "p",
    reportedAt: at("10T09:00"),
    effectiveAt: at("11T09:00"),
    expiresAtMin: at("21T00:00"),
    expiresAtMax: at("21T00:00"),
    calendarUncertain: false,
    ...fields,
  };
}
const RELEASE = report({
  eventId: "c-2",
  action: "release",
  reportedAt: at("15T09:00"),
  effectiveAt: at("15T09:00"),
  expiresAtMin: null,
  expiresAtMax: null,
});
const FORMAL = report({
  eventId: "c-3",
  action: "confirm-loss",
  reportedAt: at("15T09:00"),
  effectiveAt: at("15T09:00"),
  expiresAtMin: null,
  expiresAtMax: null,
});
const REPLACED = report({
  eventId: "c-4",
  action: "replace",
  reportedAt: at("16T09:00"),
  effectiveAt: at("16T09:00"),
  expiresAtMin: null,
  expiresAtMax: null,
});

function fact(one: SettledSwipe, reports: readonly CardReport[]) {
  const { position, bearer } = swipeFact(one, reports, policy);
  return `${position} ${bearer}`;
}

describe("a swipe against the reports of loss", () => {
  it.each<[string, SettledSwipe, readonly CardReport[], string]>([
    ["no report", swipe("10T10:00"), [], "no-report undetermined"],
    ["a minute before the report", swipe("10T08:59"), [report()], "before-report undetermined"],
    ["at the report", swipe("10T09:00"), [report()], "before-effect undetermined"],
    ["a minute before the effect", swipe("11T08:59"), [report()], "before-effect undetermined"],
    ["at the effect", swipe("11T09:00"), [report()], "after-effect fund-and-institution"],
    ["a minute before the lapse", swipe("20T23:59"), [report()], "after-effect fund-and-institution"],
    ["at the lapse", swipe("21T00:00"), [report()], "after-lapse undetermined"],
    [
      "between the shortest and the longest validity",
      swipe("20T10:00"),
      [report({ expiresAtMin: at("18T00:00") })],
      "after-effect undetermined",
    ],
    ["another card", swipe("12T10:00", { cardTail: "9999" }), [report()], "no-report undetermined"],
    [
      "another credential",
      swipe("12T10:00", { credential: "e-credential" }),
      [report()],
      "no-report undetermined",
    ],
    [
      "a report of the whole credential",
      swipe("12T10:00", { cardTail: "9999" }),
      [report({ cardTail: null })],
      "after-effect fund-and-institution",
    ],
    ["a card that is not known", swipe("12T10:00", { cardTail: null }), [report()], "no-report undetermined"],
    [
      "a report that changed nothing",
      swipe("12T10:00"),
      [report({ applied: false })],
      "no-report undetermined",
    ],
    ["after a release", swipe("16T10:00"), [report(), RELEASE], "no-report undetermined"],
    ["before a release", swipe("14T10:00"), [report(), RELEASE], "after-effect fund-and-institution"],
    ["formal since: no lapse", swipe("25T10:00"), [report(), FORMAL], "after-effect fund-and-institution"],
    [
      "the old card after the replacement",
      swipe("17T10:00"),
      [report(), REPLACED],
      "after-effect fund-and-institution",
    ],
    [
      "a calendar that was not known",
      swipe("22T10:00"),
      [report({ calendarUncertain: true })],
      "after-lapse undetermined",
    ],
    [
      "the judge's R01 before the times",
      swipe("10T08:00", { rules: ["R13", "R01"] }),
      [],
      "after-effect fund-and-institution",
    ],
    ["the judge's R02", swipe("12T10:00", { rules: ["R02"] }), [report()], "before-effect undetermined"],
    ["the judge's R03", swipe("12T10:00", { rules: ["R03"] }), [report()], "after-lapse undetermined"],
  ])("%s", (_, one, reports, expected) => {
    expect(fact(one, reports)).toBe(expected);
  });

  it("keeps the earliest effect of a second report while the first is open", () => {
    const second = report({
      eventId: "c-9",
      reportedAt: at("12T09:00"),
      effectiveAt: at("13T09:00"),
      expiresAtMin: at("25T00:00"),
      expiresAtMax: at("25T00:00"),
    });
    expect(fact(swipe("12T12:00"), [report(), second])).toBe("after-effect fund-and-institution");
    expect(fact(swipe("22T12:00"), [report(), second])).toBe("after-effect fund-and-institution");
  });

  it("begins anew with a report after the lapse", () => {
    const second = report({
      eventId: "c-9",
      reportedAt: at("23T09:00"),
      effectiveAt: at("24T09:00"),
      expiresAtMin: null,
      expiresAtMax: null,
    });
    expect(fact(swipe("23T12:00"), [report(), second])).toBe("before-effect undetermined");
    expect(fact(swipe("24T12:00"), [report(), second])).toBe("after-effect fund-and-institution");
  });

  it("says why, with the row's source, and blames nobody", () => {
    const one = swipeFact(swipe("12T10:00"), [report()], policy);
    expect(one).toMatchObject({
      reportEventId: "c-1",
      source: "S2: after the report takes effect a loss is not the holder's",
    });
    for (const { because } of policy.bearers) expect(because).not.toMatch(/盗|骗|犯罪|违法|过错|冒/);
  });
});

it("sums are of what each is named after", () => {
  const facts = ["09T10:00", "10T12:00", "12T10:00", "13T10:00", "22T10:00"].map((when) =>
    swipeFact(swipe(when, when.startsWith("13") ? { accountFen: null } : {}), [report()], policy),
  );
  const sum = (count: number, known = count) => ({
    count,
    totalFen: count * 48_000,
    accountFen: known * 40_000,
  });
  expect(sumsOf(facts, [swipe("01T10:00")])).toEqual({
    claimed: sum(5, 4),
    notClaimed: sum(1),
    beforeEffect: sum(2),
    afterEffect: sum(2, 1),
    undetermined: sum(3),
    fundAndInstitution: sum(2, 1),
    holder: sum(0),
  });
});
