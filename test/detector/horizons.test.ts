/** How far a person record remembers (rules.md 0.14), and that what matters is not forgotten sooner. */

import { describe, expect, test } from "@jest/globals";
import {
  AUTHORIZES_MAX,
  EVENTS_MAX,
  OTHERS_MAX,
  SEEN_MAX,
  SETTLES_MAX,
} from "../../services/detector/person/layout.js";
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

describe("a repeat is recognised", () => {
  test.each([
    ["settle", SETTLES_MAX],
    ["authorize", AUTHORIZES_MAX],
    ["pin-check", OTHERS_MAX],
    ["cancel", OTHERS_MAX],
    ["query", OTHERS_MAX],
    ["status", SEEN_MAX],
    ["fact", SEEN_MAX],
    ["feedback", SEEN_MAX],
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
