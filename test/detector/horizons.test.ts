/** How far a person record remembers (rules.md 0.14), and that what matters is not forgotten sooner. */

import { describe, expect, test } from "@jest/globals";
import * as layout from "../../services/detector/person/layout.js";
import { historyJudge } from "../support/judge.js";
import fc from "../support/properties.js";
import {
  at,
  DAY_MS,
  MINUTE_MS,
  rawFact,
  rawFeedback,
  rawStatus,
  rawSwipe,
  START_MS,
} from "../support/records.js";

const { EVENTS_MAX } = layout;
const judge = historyJudge();
const minute = (nth: number) => at(START_MS + nth * MINUTE_MS);

/** One record of a kind for each number; amounts of nothing, so that no window speaks. */
const KINDS = {
  settle: (nth: number) => rawSwipe({ eventId: `r-${nth}`, occurredAt: minute(nth), totalFen: 0 }),
  authorize: (nth: number) => rawSwipe({ eventId: `r-${nth}`, kind: "authorize", occurredAt: minute(nth) }),
  "pin-check": (nth: number) => rawSwipe({ eventId: `r-${nth}`, kind: "pin-check", occurredAt: minute(nth) }),
  cancel: (nth: number) =>
    rawSwipe({ eventId: `r-${nth}`, kind: "cancel", originalEventId: "x", occurredAt: minute(nth) }),
  query: (nth: number) => rawSwipe({ eventId: `r-${nth}`, kind: "query", occurredAt: minute(nth) }),
  status: (nth: number) => rawStatus({ eventId: `r-${nth}`, action: "freeze", occurredAt: minute(nth) }),
  fact: (nth: number) => rawFact({ eventId: `r-${nth}`, occurredAt: minute(nth) }),
  feedback: (nth: number) => rawFeedback({ eventId: `r-${nth}`, occurredAt: minute(nth) }),
} as const;

/** What other tests call by name is here the number of the normative text. */
test("the record keeps what rules.md says", () => {
  expect(layout).toMatchObject({
    SETTLES_MAX: 64, // 0.3
    SETTLE_AGE_MAX_MS: 35 * DAY_MS, // 0.3
    AUTHORIZES_MAX: 8, // 0.4
    CITIES_MAX: 8, // 0.8
    SEEN_MAX: 16, // 0.14
    OTHERS_MAX: 16, // 0.14
    CLOSED_INTERVALS_MAX: 4, // 1, times
    FILINGS_MAX: 4, // 1, facts
    PINS_PER_CARD_MAX: 8, // R08
    TRACES_PER_SWIPE_MAX: 8, // R20
    TRACES_MAX: 64, // R20
  });
});

describe("a settle of 35 days before the newest (0.3)", () => {
  const cancelled = (ageMs: number) => {
    const [, , cancel] = judge([
      rawSwipe({ eventId: "old", occurredAt: at(START_MS - ageMs) }),
      rawSwipe({ eventId: "new", occurredAt: at(START_MS) }),
      rawSwipe({ eventId: "c", kind: "cancel", originalEventId: "old", occurredAt: at(START_MS) }),
    ]);
    return cancel;
  };

  test("is kept: its cancel knows it", () => {
    expect(cancelled(35 * DAY_MS)).toMatchObject({ action: "approve", reasons: [] });
  });

  test("and a millisecond more is not", () => {
    expect(cancelled(35 * DAY_MS + 1)).toMatchObject({ reasons: [{ code: "ORIGINAL_UNKNOWN" }] });
  });
});

describe("a repeat is recognised", () => {
  test.each([
    ["settle", 64],
    ["authorize", 8],
    ["pin-check", 16],
    ["cancel", 16],
    ["query", 16],
    ["status", 16],
    ["fact", 16],
    ["feedback", 16],
  ] as const)("of a %s among the last %i, and not beyond", (kind, kept) => {
    const record = KINDS[kind];
    const records = Array.from({ length: kept }, (_, nth) => record(nth));
    const duplicates = (history: readonly object[]) =>
      judge(history)
        .filter((outcome) => "type" in outcome && outcome.type === "duplicate")
        .map(({ eventId }) => eventId);
    expect(duplicates([...records, record(0)])).toEqual(["r-0"]);
    expect(duplicates([...records, record(kept), record(0)])).toEqual([]);
  });

  test("between kinds: one eventId belongs to one record, whatever its type", () => {
    const all = Object.values(KINDS).map((record) => record(1));
    for (const first of all)
      for (const second of all) {
        if (first === second) continue;
        expect(judge([first, second]).at(-1)).toMatchObject({ code: "EVENT_ID_REUSED", eventId: "r-1" });
      }
  });

  test("of a status record though feedback came in between, however much", () => {
    const feedback = Array.from({ length: 40 }, (_, nth) => KINDS.feedback(nth));
    const status = KINDS.status(99);
    expect(judge([status, ...feedback, status]).at(-1)).toMatchObject({ type: "duplicate", eventId: "r-99" });
  });

  test("with another time of receipt, answered with the first action though the card was lost since", () => {
    const swipe = rawSwipe({ eventId: "s", cardNumber: undefined });
    const loss = rawStatus({ action: "confirm-loss", occurredAt: at(START_MS - DAY_MS) });
    const [decision, , revision, duplicate] = judge([swipe, loss, { ...swipe, receivedAt: minute(9) }]);
    expect(decision).toMatchObject({ type: "decision", action: "approve" });
    expect(revision).toMatchObject({ type: "revision", action: "reject" });
    expect(duplicate).toMatchObject({ type: "duplicate", action: "approve", responseCode: "00" });
  });
});

describe(`beyond ${EVENTS_MAX} card events`, () => {
  const noise = fc.array(
    fc.constantFrom(
      "pin-lock",
      "pin-unlock",
      "freeze",
      "unfreeze",
      "suspend",
      "resume",
      "activate",
      "issue-temporary",
    ),
    { minLength: EVENTS_MAX + 1, maxLength: 3 * EVENTS_MAX },
  );

  /** The record that blocks, much that has nothing to do with it, then a swipe. */
  function swipeAfter(block: Record<string, unknown>, actions: readonly string[]) {
    const others = actions.map((action, index) =>
      rawStatus({
        action,
        eventId: `n-${index}`,
        cardNumber: "CARD-2",
        credential: action === "issue-temporary" ? "temporary-card" : "card",
        until: action === "freeze" || action === "suspend" ? at(START_MS + 2 * DAY_MS) : undefined,
        occurredAt: at(START_MS + DAY_MS + index * MINUTE_MS),
      }),
    );
    const swipe = rawSwipe({
      insuredRegion: "110000",
      careRegion: "330106",
      cardNumber: "CARD-1",
      occurredAt: at(START_MS + 40 * DAY_MS),
    });
    return judge([block, ...others, swipe]).at(-1);
  }

  test.each([
    ["a formal loss", { action: "confirm-loss" }, "R01"],
    ["a lapsed loss", { action: "report-loss", channel: "phone" }, "R03"],
    ["a replaced number", { action: "replace", newCardNumber: "CARD-2" }, "R04"],
    ["a cancelled number", { action: "cancel" }, "R04"],
    ["a card never activated", { action: "issue" }, "R05"],
    ["a death", { action: "deceased" }, "R07"],
  ])("%s still stops the card", (_, fields, rule) => {
    fc.assert(
      fc.property(noise, (actions) => {
        const decision = swipeAfter(rawStatus({ cardNumber: "CARD-1", ...fields }), actions);
        expect(decision).toMatchObject({ action: "reject" });
        expect(JSON.stringify(decision)).toContain(`"rule":"${rule}"`);
      }),
      { numRuns: 10 },
    );
  });
});
