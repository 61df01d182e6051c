/** What a rule sees of the windows, against a plain list; and cancels that restore them. */

import { describe, expect, test } from "@jest/globals";
import type { DecisionOutcome } from "../../schemas/outcomes.js";
import { Judging } from "../../services/detector/judging.js";
import { KeptFlag, NONE } from "../../services/detector/person/kept-swipes.js";
import { defaultBundle, historyJudge } from "../support/judge.js";
import { standalonePerson, swipeOf, verdictOf } from "../support/person.js";
import fc from "../support/properties.js";
import { at, DAY_MS, HOUR_MS, MINUTE_MS, type RawFields, rawSwipe, START_MS } from "../support/records.js";

describe("the counted settles before a swipe", () => {
  const settle = fc.record({
    t: fc.nat({ max: 50 }),
    flags: fc.constantFrom(0, 0, 0, KeptFlag.CANCELLED, KeptFlag.SUPERSEDED),
  });

  test("are those at or before its time, newest first, without cancelled, superseded and replaced ones", () => {
    fc.assert(
      fc.property(
        fc.array(settle, { maxLength: 64, size: "max" }),
        fc.nat({ max: 50 }),
        fc.option(fc.nat({ max: 63 })),
        (settles, t, replaced) => {
          const person = standalonePerson();
          for (const [index, each] of settles.entries())
            person.settles.keep(
              swipeOf({ eventId: `s-${index}`, t: each.t }),
              verdictOf({ flags: each.flags }),
              () => {},
            );
          const judging = new Judging(swipeOf({ eventId: "judged", t }), person, defaultBundle.bundle);
          const replacedId = replaced === null ? "none" : `s-${replaced}`;
          judging.replacedAt = person.settles.find(replacedId, swipeOf({ eventId: replacedId }).idTag);
          const seen: string[] = [];
          for (let newer = 0; judging.earlier.at(newer) !== NONE; newer++) {
            const kept = judging.earlier.at(newer);
            seen.push(`${person.settles.eventId(kept)} ${judging.age(kept)}`);
            expect(judging.earlier.isWithin(newer, judging.age(kept))).toBe(true);
            expect(judging.earlier.isWithin(newer, judging.age(kept) - 1)).toBe(false);
          }
          const model = settles
            .map((each, index) => ({ ...each, id: `s-${index}`, index }))
            .filter((each) => each.flags === 0 && each.t <= t && each.id !== replacedId)
            .sort((a, b) => b.t - a.t || b.index - a.index)
            .map((each) => `${each.id} ${t - each.t}`);
          expect(seen).toEqual(model);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Swipes near every threshold of R12, R14, R15 and R16, and with items that are sold twice. */
const settle: fc.Arbitrary<RawFields> = fc
  .record({
    afterMs: fc.oneof(
      fc.constantFrom(0, MINUTE_MS, 29 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 24 * HOUR_MS, 7 * DAY_MS),
      fc.nat({ max: 20 * DAY_MS }),
    ),
    shop: fc.nat({ max: 5 }),
    isHospital: fc.boolean(),
    chain: fc.constantFrom(undefined, "CHAIN-1", "CHAIN-2"),
    careRegion: fc.constantFrom("330106", "330106", "330100", "341800", "110101", "990000"),
    credential: fc.constantFrom("card", "card", "e-credential"),
    totalFen: fc.constantFrom(0, 8_000, 20_000, 25_000, 35_000, 50_000),
    balanceBeforeFen: fc.constantFrom(undefined, 50_000, 80_000),
    trace: fc.constantFrom(undefined, "81000000000000000001", "81000000000000000002"),
  })
  .map((drawn) => ({
    occurredAt: at(START_MS + drawn.afterMs),
    credential: drawn.credential,
    careRegion: drawn.careRegion,
    institutionId: `${drawn.isHospital ? "H" : "P"}${drawn.shop}`,
    institutionKind: drawn.isHospital ? "hospital" : "pharmacy",
    chainId: drawn.chain,
    totalFen: drawn.totalFen,
    accountFen: drawn.totalFen,
    balanceBeforeFen: drawn.balanceBeforeFen,
    items:
      drawn.trace === undefined
        ? undefined
        : [{ name: "感冒灵", amountFen: drawn.totalFen, traceCodes: [drawn.trace] }],
  }));

const judge = historyJudge();
type Outcomes = ReturnType<typeof judge>;

/** The decision of the last record, as printed. */
function lastDecision(outcomes: Outcomes): DecisionOutcome {
  const outcome = outcomes.at(-1)!;
  if (!("type" in outcome) || outcome.type !== "decision") throw new Error("the last record was not decided");
  return outcome;
}

describe("a cancelled settle", () => {
  const history = fc.array(settle, { maxLength: 12 });
  const position = fc.nat({ max: 20 });

  test.each(["cancel", "reverse"])("leaves later swipes judged as if it had never been (%s)", (kind) => {
    const hits = new Set<string>();
    fc.assert(
      fc.property(history, settle, settle, position, position, (others, taken, judged, first, second) => {
        const before = others.map((each, index) => rawSwipe({ ...each, eventId: `a-${index}` }));
        const last = rawSwipe({ ...judged, eventId: "judged" });
        const [from, to] = [first, second].map((each) => each % (before.length + 1)).sort((a, b) => a - b);
        const cancel = rawSwipe({ eventId: "cancel", kind, originalEventId: "taken", totalFen: 0 });
        const withCancelled = [
          ...before.slice(0, from),
          rawSwipe({ ...taken, eventId: "taken" }),
          ...before.slice(from, to),
          cancel,
          ...before.slice(to),
          last,
        ];
        const restored = judge(withCancelled);
        const without = judge([...before, last]);
        // What was decided between the settle and its cancel stands, and R15 asks for approved settles.
        fc.pre(sameDecisions(restored, without));
        for (const reason of lastDecision(without).reasons) hits.add(reason.rule);
        expect(lastDecision(restored)).toEqual(lastDecision(without));
      }),
      { numRuns: 300 },
    );
    // The comparison says something only where windows speak.
    expect([...hits].sort()).toEqual(expect.arrayContaining(["R12", "R14", "R15", "R16", "R20"]));
  });

  test("at once leaves everything after it judged as if it had never been", () => {
    fc.assert(
      fc.property(history, settle, history, (before, taken, after) => {
        const first = before.map((each, index) => rawSwipe({ ...each, eventId: `a-${index}` }));
        const rest = after.map((each, index) => rawSwipe({ ...each, eventId: `b-${index}` }));
        const pair = [
          rawSwipe({ ...taken, eventId: "taken" }),
          rawSwipe({ eventId: "cancel", kind: "cancel", originalEventId: "taken", totalFen: 0 }),
        ];
        const withPair = judge([...first, ...pair, ...rest]);
        const without = judge([...first, ...rest]);
        expect(withPair.filter(({ eventId }) => eventId !== "taken" && eventId !== "cancel")).toEqual(
          without,
        );
      }),
      { numRuns: 150 },
    );
  });

  test("keeps its place among the 64", () => {
    const settles = Array.from({ length: 64 }, (_, index) =>
      rawSwipe({ eventId: `s-${index}`, occurredAt: at(START_MS + index * HOUR_MS), totalFen: 1 }),
    );
    const cancel = rawSwipe({
      eventId: "cancel",
      kind: "cancel",
      originalEventId: "s-63",
      occurredAt: at(START_MS + 70 * HOUR_MS),
    });
    const next = rawSwipe({ eventId: "next", occurredAt: at(START_MS + 71 * HOUR_MS), totalFen: 1 });
    // The first is dropped, so its repeat is not known any more; had the cancelled one left, it would be.
    const decision = lastDecision(judge([...settles, cancel, next, settles[0]!]));
    expect(decision.eventId).toBe("s-0");
    expect(decision.reasons.map((reason) => reason.code)).toContain("LATE_DUPLICATE_RISK");
  });
});

/** Did every record that both histories have get the same action, so that the kept state can be compared? */
function sameDecisions(some: Outcomes, others: Outcomes): boolean {
  const actions = new Map(others.map((outcome) => [outcome.eventId, actionOf(outcome)]));
  return some.slice(0, -1).every((outcome) => {
    const other = actions.get(outcome.eventId);
    return other === undefined || other === actionOf(outcome);
  });
}

function actionOf(outcome: object): unknown {
  return "action" in outcome ? outcome.action : null;
}
