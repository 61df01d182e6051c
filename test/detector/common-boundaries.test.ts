/**
 * The sentences of docs/rules.md section 0 that no rule's case table says: times, floors, challenges and clearings, each
 * at its limit and a millisecond beyond. Moments are counted from Wednesday 2026-05-06 10:00.
 */

import { describe, expect, test } from "@jest/globals";
import type { DecisionOutcome, Outcome } from "../../schemas/outcomes.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { judgeRecords } from "../support/judge.js";
import { metBy, verdictOf } from "./card/given.js";
import { type RecordFields, rawRecord } from "./raw-records.js";

interface Case {
  readonly title: string;
  readonly given: readonly RecordFields[];
  readonly swipe: RecordFields;
  readonly verdict: string;
}
const named = (cases: readonly Case[]) => cases.map((each) => [each.title, each] as const);

/** Of another card, so that nothing but the floor is met. */
const REPORT = {
  at: "+0m",
  action: "report-loss",
  channel: "counter",
  region: "330100",
  cardNumber: "another",
};

describe("BACKDATED (0.1)", () => {
  const cases: Case[] = [
    {
      title: "an hour and a millisecond late, the report in between",
      given: [REPORT],
      swipe: { at: "-30m", receivedAt: "+30m+1ms" },
      verdict: "review BACKDATED",
    },
    {
      title: "an hour late is not too late",
      given: [REPORT],
      swipe: { at: "-30m", receivedAt: "+30m" },
      verdict: "approve",
    },
    {
      title: "the report appended at the swipe's own time counts",
      given: [REPORT],
      swipe: { at: "+0m", receivedAt: "+2h" },
      verdict: "review BACKDATED",
    },
    {
      title: "a millisecond before the swipe it does not",
      given: [REPORT],
      swipe: { at: "+1ms", receivedAt: "+2h" },
      verdict: "approve",
    },
    {
      title: "the report appended when the swipe was counts",
      given: [{ ...REPORT, receivedAt: "+2h" }],
      swipe: { at: "+0m", receivedAt: "+2h" },
      verdict: "review BACKDATED",
    },
    {
      title: "a millisecond after it does not",
      given: [{ ...REPORT, receivedAt: "+2h+1ms" }],
      swipe: { at: "+0m", receivedAt: "+2h" },
      verdict: "approve",
    },
    {
      title: "a confirmation counts like a report",
      given: [{ ...REPORT, action: "confirm-loss" }],
      swipe: { at: "-30m", receivedAt: "+2h" },
      verdict: "review BACKDATED",
    },
    {
      title: "a release does not",
      given: [{ ...REPORT, action: "release" }],
      swipe: { at: "-30m", receivedAt: "+2h" },
      verdict: "approve",
    },
    {
      title: "a question is never backdated",
      given: [REPORT],
      swipe: { at: "-30m", receivedAt: "+2h", kind: "query" },
      verdict: "approve",
    },
    {
      title: "a cancel is",
      given: [REPORT, { at: "-2h" }],
      swipe: { at: "-30m", receivedAt: "+2h", kind: "cancel", originalEventId: "given-2" },
      verdict: "review BACKDATED",
    },
    {
      title: "it does not weaken a challenge, and is listed last",
      given: [REPORT, { at: "-2m", totalFen: 30_000 }, { at: "-1m", totalFen: 30_000 }],
      swipe: { at: "+0m", receivedAt: "+2h", totalFen: 30_000 },
      verdict: "challenge R14 BACKDATED",
    },
  ];
  test.each(named(cases))("%s", (_, { given, swipe, verdict }) => expect(metBy(given, swipe)).toBe(verdict));
});

describe("a degraded feed (0.15)", () => {
  const HEARTBEAT = { at: "+0m", receivedAt: "+0m", feedId: "33" };
  const decisionOf = (given: readonly RecordFields[], swipe: RecordFields) =>
    decisionsOf([...given, swipe]).at(-1)!;

  test.each<[string, RecordFields, string, boolean]>([
    ["60 seconds after its heartbeat it is fresh", { at: "+60s" }, "approve", false],
    ["a millisecond later it is stale", { at: "+60s+1ms" }, "challenge FEED_STALE", true],
    ["what counts is when the swipe came", { at: "+1s", receivedAt: "+61s" }, "challenge FEED_STALE", true],
    [
      "a temporary card is a physical one",
      { at: "+2m", credential: "temporary-card" },
      "challenge FEED_STALE",
      true,
    ],
    ["an e-credential stays as judged", { at: "+2m", credential: "e-credential" }, "approve", true],
    ["a hospital stays as judged", { at: "+2m", institutionKind: "hospital" }, "approve", true],
    ["an emergency stays as judged", { at: "+2m", emergency: true }, "approve", true],
    ["a visit of kind 13 is one", { at: "+2m", visitKind: "13" }, "approve", true],
    [
      "another province's feed never was seen",
      { at: "+2m", insuredRegion: "440100", careRegion: "440100" },
      "approve",
      false,
    ],
  ])("%s", (_, swipe, then, degraded) => {
    const decision = decisionOf([HEARTBEAT], swipe);
    expect([verdictOf(decision), decision.degraded]).toEqual([then, degraded]);
  });

  test.each([
    ["+32m", "review"],
    ["+32m+1ms", "challenge"],
  ])("a passed challenge reviews it for half an hour: at %s %s", (at, action) => {
    const challenged = { at: "+61s" };
    const passed = { at: "+2m", challengeOf: "step-2", challengeResult: "passed" };
    expect(decisionOf([HEARTBEAT, challenged, passed], { at })).toMatchObject({ action, degraded: true });
  });

  test("a passed challenge of any rule reviews it too", () => {
    const away = { careRegion: "340100", totalFen: 10_000, pin: "ok", pinIsDefault: true };
    const challenged = { ...away, at: "+30s" };
    const passed = { ...away, at: "+40s", challengeOf: "step-2", challengeResult: "passed" };
    expect(verdictOf(decisionOf([HEARTBEAT, challenged, passed], { at: "+2m", careRegion: "340100" }))).toBe(
      "review FEED_STALE",
    );
  });
});

describe("a passed challenge (0.12)", () => {
  const away = { careRegion: "340100", totalFen: 10_000, pin: "ok", pinIsDefault: true };
  const given = [
    { ...away, at: "+0m" },
    { ...away, at: "+1m", challengeOf: "given-1", challengeResult: "passed" },
  ];

  test.each(
    named([
      { title: "lasts 30 minutes", given, swipe: { ...away, at: "+31m" }, verdict: "review R10" },
      {
        title: "and not a millisecond more",
        given,
        swipe: { ...away, at: "+31m+1ms" },
        verdict: "challenge R10",
      },
      {
        title: "is of its card only",
        given,
        swipe: { ...away, at: "+2m", cardNumber: "another" },
        verdict: "challenge R10",
      },
      {
        title: "is of the rules that were challenged only",
        given,
        swipe: { ...away, at: "+2m", items: [{ code: "x", name: "片仔癀", count: 1, amountFen: 1 }] },
        verdict: "challenge R10 R17",
      },
    ]),
  )("%s", (_, { given, swipe, verdict }) => expect(metBy(given, swipe)).toBe(verdict));
});

describe("cleared by feedback (0.13)", () => {
  const split = [
    { at: "-2m", totalFen: 30_000 },
    { at: "-1m", totalFen: 30_000 },
  ];
  const personKey = new Tokeniser(ALL_ZERO_KEY).token("person-1");
  const feedback = (at: string, verdict = "honest") => ({
    at,
    verdict,
    rule: "R14",
    personKey,
    personId: null,
  });

  test.each(
    named([
      {
        title: "for 90 days",
        given: [feedback("-90d"), ...split],
        swipe: { at: "+0m", totalFen: 30_000 },
        verdict: "review R14",
      },
      {
        title: "and not a millisecond more",
        given: [feedback("-90d-1ms"), ...split],
        swipe: { at: "+0m", totalFen: 30_000 },
        verdict: "challenge R14",
      },
      {
        title: "until it is confirmed",
        given: [feedback("-90d"), feedback("-1h", "confirmed"), ...split],
        swipe: { at: "+0m", totalFen: 30_000 },
        verdict: "challenge R14",
      },
      {
        title: "also a failed challenge of the rule",
        given: [...split, { at: "+0m", totalFen: 30_000 }, feedback("+1m")],
        swipe: { at: "+2m", totalFen: 30_000, challengeOf: "given-3", challengeResult: "failed" },
        verdict: "review R14",
      },
    ]),
  )("%s", (_, { given, swipe, verdict }) => expect(metBy(given, swipe)).toBe(verdict));
});

test("a settle older than the oldest of 64 kept ones might be a repeat (0.14)", () => {
  const kept = Array.from({ length: 64 }, (_, index) => ({ at: `+${index}m` }));
  expect(metBy(kept, { at: "+0m" })).not.toContain("LATE_DUPLICATE_RISK");
  expect(metBy(kept, { at: "-1ms" })).toBe("approve LATE_DUPLICATE_RISK");
  expect(metBy(kept.slice(1), { at: "-1ms" })).toBe("approve");
});

function decisionsOf(steps: readonly RecordFields[]): DecisionOutcome[] {
  const judged = judgeRecords(steps.map((fields, index) => rawRecord(fields, `step-${index + 1}`)));
  return judged
    .map(({ outcome }) => outcome)
    .filter((outcome): outcome is DecisionOutcome => isDecision(outcome));
}

function isDecision(outcome: Outcome | { readonly refused: true }): outcome is DecisionOutcome {
  return "type" in outcome && outcome.type === "decision";
}

test.each([
  ["a linked settle's was counted with its authorize: the terminal is told nothing", "given", "+24h", "00"],
  ["a millisecond past the link it is the settle's own", "given", "+24h+1ms", "A6"],
  ["a settle of nothing known has its own", "other", "+1m", "A6"],
])("a wrong PIN (0.4): %s", (_, original, at, responseCode) => {
  const authorize = { at: "+0m", kind: "authorize", pin: "ok", eventId: "given" };
  const [, settle] = decisionsOf([authorize, { at, pin: "wrong", originalEventId: original }]);
  expect(settle).toMatchObject({ action: "approve", responseCode });
});
