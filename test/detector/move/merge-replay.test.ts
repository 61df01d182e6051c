/** One person under a new number, judged in one partition as `kadun replay` does. */

import { describe, expect, test } from "@jest/globals";
import type { Outcome } from "../../../schemas/outcomes.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../../services/ingest/tokens.js";
import { judgeLines } from "../../support/judge.js";
import { at, DAY_MS, HOUR_MS, MINUTE_MS, rawStatus, rawSwipe, START_MS } from "../../support/records.js";

const OLD = "OLD-1";
const NEW = "NEW-1";
const tokens = new Tokeniser(ALL_ZERO_KEY);

function link(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    type: "person-link",
    eventId: "link-1",
    occurredAt: at(START_MS + HOUR_MS),
    personId: NEW,
    formerPersonId: OLD,
    ...fields,
  };
}

const report = (fields: Readonly<Record<string, unknown>> = {}) =>
  rawStatus({ personId: OLD, cardNumber: "CARD-0001", region: "330100", ...fields });

function judged(records: readonly object[]) {
  const { judged: lines, run } = judgeLines(records.map((record) => JSON.stringify(record)));
  return { outcomes: lines.map(({ outcome }) => outcome), summary: run.summary };
}

function decisionsOf(records: readonly object[]) {
  return judged(records).outcomes.filter(
    (outcome): outcome is Extract<Outcome, { type: "decision" }> =>
      "type" in outcome && outcome.type === "decision",
  );
}

const rulesOf = ({ action, reasons }: { action: string; reasons: readonly { rule: string }[] }) => [
  action,
  ...reasons.map(({ rule }) => rule),
];

describe("a person under a new number", () => {
  test("has a card reported lost under the old one refused under both", () => {
    const later = { cardNumber: "CARD-0001", occurredAt: at(START_MS + 2 * HOUR_MS) };
    const decisions = decisionsOf([
      report(),
      link(),
      rawSwipe({ ...later, eventId: "s-new", personId: NEW }),
      rawSwipe({ ...later, eventId: "s-old", personId: OLD }),
    ]);
    expect(decisions.map(rulesOf)).toEqual([
      ["reject", "R01"],
      ["reject", "R01"],
    ]);
    expect(new Set(decisions.map(({ personKey }) => personKey))).toEqual(new Set([tokens.token(NEW)]));
  });

  test("prints that it moved and that it was merged, then revisions of what the new number did before", () => {
    const { outcomes, summary } = judged([
      report(),
      rawSwipe({ eventId: "s-before", personId: NEW, occurredAt: at(START_MS + MINUTE_MS) }),
      link(),
    ]);
    expect(outcomes.map((outcome) => "type" in outcome && outcome.type)).toEqual([
      "transition",
      "decision",
      "person-moved",
      "person-merged",
      "revision",
    ]);
    expect(outcomes.at(-1)).toMatchObject({
      personKey: tokens.token(NEW),
      decisionId: `${tokens.token(NEW).slice(0, 12)}-s-before-0`,
      causedBy: "link-1",
      action: "reject",
    });
    expect(summary.merges).toBe(1);
  });

  test("has swipes of the old number revised by a report under the new one, under their own decisionId", () => {
    const { outcomes } = judged([
      rawSwipe({ eventId: "s-old", personId: OLD, occurredAt: at(START_MS + MINUTE_MS) }),
      link(),
      report({ personId: NEW, occurredAt: at(START_MS + 3 * HOUR_MS), reportedAt: at(START_MS) }),
    ]);
    expect(outcomes.at(-1)).toMatchObject({
      type: "revision",
      personKey: tokens.token(NEW),
      decisionId: `${tokens.token(OLD).slice(0, 12)}-s-old-0`,
      revisionId: `${tokens.token(OLD).slice(0, 12)}-s-old-1`,
      action: "reject",
    });
  });

  test("has a message of the old number recognised when it is sent again", () => {
    const swipe = rawSwipe({ eventId: "s-old", personId: OLD });
    const { outcomes } = judged([swipe, link(), swipe]);
    expect(outcomes.at(-1)).toMatchObject({
      type: "duplicate",
      eventId: "s-old",
      decisionId: `${tokens.token(OLD).slice(0, 12)}-s-old-0`,
    });
  });

  test("counts wrong PINs of both numbers together", () => {
    const wrong = (index: number, personId: string) =>
      rawSwipe({
        eventId: `pin-${index}`,
        kind: "pin-check",
        pin: "wrong",
        personId,
        occurredAt: at(START_MS + (50 + 5 * index) * MINUTE_MS),
      });
    const decisions = decisionsOf([wrong(0, OLD), wrong(1, OLD), link(), wrong(2, NEW), wrong(3, OLD)]);
    expect(decisions.map(({ action }) => action)).toEqual(["approve", "approve", "reject", "reject"]);
  });
});

describe("links", () => {
  test("sent again, or said by another message, are duplicates", () => {
    const { outcomes } = judged([link(), link(), link({ eventId: "link-2" })]);
    expect(outcomes.map((outcome) => "type" in outcome && outcome.type)).toEqual([
      "person-moved",
      "person-merged",
      "duplicate",
      "duplicate",
    ]);
  });

  test("make a chain: the third number has what the first one knew", () => {
    const decisions = decisionsOf([
      report(),
      link({ personId: "MIDDLE" }),
      link({ eventId: "link-2", personId: NEW, formerPersonId: "MIDDLE" }),
      ...[OLD, "MIDDLE", NEW].map((personId, index) =>
        rawSwipe({ eventId: `s-${index}`, personId, occurredAt: at(START_MS + DAY_MS) }),
      ),
    ]);
    expect(decisions.map(rulesOf)).toEqual([
      ["reject", "R01"],
      ["reject", "R01"],
      ["reject", "R01"],
    ]);
    expect(new Set(decisions.map(({ personKey }) => personKey))).toEqual(new Set([tokens.token(NEW)]));
  });

  test("back to a former number are refused and change nothing", () => {
    const { outcomes } = judged([
      report(),
      link(),
      link({ eventId: "link-2", personId: OLD, formerPersonId: NEW }),
      rawSwipe({ eventId: "s-1", personId: OLD, occurredAt: at(START_MS + DAY_MS) }),
    ]);
    expect(outcomes.slice(-2)).toMatchObject([
      { refused: true, code: "LINK_CYCLE", eventId: "link-2" },
      { type: "decision", action: "reject", personKey: tokens.token(NEW) },
    ]);
  });

  test("of one number with itself are refused", () => {
    expect(judged([link({ personId: OLD })]).outcomes).toMatchObject([
      { refused: true, code: "FIELD_INVALID", field: "formerPersonId" },
    ]);
  });
});
