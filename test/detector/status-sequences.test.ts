/** Random sequences of card-status records: no transition outside the tables, no state that heals by itself. */

import { describe, expect, test } from "@jest/globals";
import { STATUS_ACTIONS } from "../../schemas/fields.js";
import { parseInstantMs } from "../../schemas/instant.js";
import type { DecisionOutcome, TransitionOutcome } from "../../schemas/outcomes.js";
import {
  ACTIVATION_TRANSITIONS,
  isRefusedCell,
  LOSS_TRANSITIONS,
  type LossAction,
  type LossCell,
  type LossState,
  PERSON_TRANSITIONS,
  PIN_TRANSITIONS,
} from "../../services/detector/card/transitions.js";
import { historyJudge } from "../support/judge.js";
import fc from "../support/properties.js";
import {
  at,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  type RawFields,
  rawStatus,
  rawSwipe,
  START_MS,
} from "../support/records.js";

const judge = historyJudge();
const LAPSE_WATCH_MS = 365 * DAY_MS;
/** Phone reports lapse there, by several kinds of validity; in the last ones they never do. */
const REGIONS = ["110000", "320100", "510100", "450100", "330100", "350500", "500000", "990000"];
const STATES = new Set([
  ...Object.keys(LOSS_TRANSITIONS),
  "cancelled",
  "inactive",
  "pin-locked",
  "frozen",
  "suspended",
  "deceased",
]);

const later = fc.oneof(
  fc.constantFrom(0, 1, MINUTE_MS, HOUR_MS, DAY_MS, 3 * DAY_MS, 10 * DAY_MS, 15 * DAY_MS, LAPSE_WATCH_MS),
  fc.nat({ max: 20 * DAY_MS }),
);
const step = fc.record({
  action: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...STATUS_ACTIONS) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        "report-loss" as const,
        "confirm-loss",
        "release",
        "file-replacement",
        "replace",
      ),
    },
  ),
  afterMs: later,
  region: fc.constantFrom(...REGIONS),
  channel: fc.constantFrom("phone", "counter", "app", undefined),
  /** Of the first report, given by the source: it takes effect later than it was accepted. */
  effectAfterMs: fc.option(fc.constantFrom(0, HOUR_MS, 24 * HOUR_MS, 4 * DAY_MS), {
    nil: undefined,
    freq: 3,
  }),
  verified: fc.oneof(
    { weight: 9, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
});
type Step = typeof step extends fc.Arbitrary<infer Drawn> ? Drawn : never;
const inOrder = fc.array(step, { maxLength: 25, size: "max" });

function transitionsOf(records: readonly object[]): TransitionOutcome[] {
  return judge(records).filter(
    (outcome): outcome is TransitionOutcome => "type" in outcome && outcome.type === "transition",
  );
}

/** One card without a number, records in the order they were accepted. */
function recordsInOrder(steps: readonly Step[]): RawFields[] {
  let now = START_MS;
  const firstReport = steps.findIndex(({ action }) => action === "report-loss");
  return steps.map(({ afterMs, effectAfterMs, verified, ...fields }, index) => {
    // Two replacements of a card without a number at one moment cannot be told apart.
    now += fields.action === "replace" ? Math.max(1, afterMs) : afterMs;
    return rawStatus({
      ...fields,
      eventId: `c-${index}`,
      occurredAt: at(now),
      // Of later reports it would leave an earlier lapse in force until then, whatever follows.
      ...(index === firstReport && effectAfterMs !== undefined
        ? { effectiveAt: at(now + effectAfterMs) }
        : {}),
      ...(verified ? {} : { verification: { complete: false } }),
    });
  });
}

const isLossAction = (action: string): action is LossAction => action in LOSS_TRANSITIONS.active;
const isLossState = (state: string): state is LossState => state in LOSS_TRANSITIONS;

function cellOf(transition: TransitionOutcome): LossCell {
  // A card that was not activated has no loss yet.
  const from = transition.from === "inactive" ? "active" : transition.from;
  if (!isLossState(from) || !isLossAction(transition.action)) throw new Error(`no cell for ${from}`);
  return LOSS_TRANSITIONS[from][transition.action];
}

/** States a cell may show, times of effect and expiry deciding among them. */
const SHOWN: Readonly<Record<Exclude<LossCell, Uppercase<LossCell>>, readonly string[]>> = {
  reported: ["loss-pending", "provisional", "formal", "lapsed"],
  formal: ["loss-pending", "provisional", "formal"],
  replacing: ["loss-pending", "provisional", "replacing"],
  active: ["active", "inactive"],
  replaced: ["replaced"],
};

function expectByTable(transition: TransitionOutcome): void {
  const { action, from, to, applied, code } = transition;
  if (code === "NOT_VERIFIED" || code === "OUT_OF_ORDER") {
    expect(applied).toBe(code === "OUT_OF_ORDER");
    return;
  }
  if (isLossAction(action)) {
    const cell = cellOf(transition);
    if (isRefusedCell(cell)) {
      expect({ action, from, to, applied, code }).toEqual({
        action,
        from,
        to: from,
        applied: false,
        code: cell,
      });
      return;
    }
    expect({ action, from, applied, code }).toEqual({ action, from, applied: true, code: null });
    expect(SHOWN[cell as keyof typeof SHOWN]).toContain(to);
    return;
  }
  expect({ applied, code }).toEqual({ applied: true, code: null });
  const target = targetOf(action);
  if (target !== null) expect({ action, to }).toEqual({ action, to: target });
}

/** Where an action of the other lives leads from every state; null where times or other lives decide. */
function targetOf(action: string): string | null {
  const tables: readonly Readonly<Record<string, Readonly<Record<string, string>>>>[] = [
    PIN_TRANSITIONS,
    ...Object.values(PERSON_TRANSITIONS),
  ];
  for (const table of tables) {
    const targets = Object.values(table).map((row) => row[action]);
    if (targets.every((target) => target !== undefined && target === targets[0])) return targets[0] as string;
  }
  return null;
}

describe("any sequence of status records, in order, of one card", () => {
  const withoutCancel = inOrder.map((steps) => steps.filter(({ action }) => action !== "cancel"));

  test("moves only as the tables allow", () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(withoutCancel, (steps) => {
        for (const transition of transitionsOf(recordsInOrder(steps))) {
          expectByTable(transition);
          if (isLossAction(transition.action)) met.add(`${transition.from} ${transition.action}`);
        }
      }),
      { numRuns: 400 },
    );
    // A replacement ends the life of a numbered card only: "replaced" is met below.
    const cells = Object.entries(LOSS_TRANSITIONS).flatMap(([from, row]) =>
      from === "replaced" ? [] : Object.keys(row).map((action) => `${from} ${action}`),
    );
    expect(cells.filter((cell) => !met.has(cell))).toEqual([]);
  });

  test("finds each record the state the last one left, moved on by time alone", () => {
    fc.assert(
      fc.property(withoutCancel, (steps) => {
        const loss = transitionsOf(recordsInOrder(steps)).filter(({ action }) => isLossAction(action));
        let last: TransitionOutcome | null = null;
        for (const transition of loss) {
          if (last !== null) expect(reachableFrom(last, acceptedMs(transition))).toContain(transition.from);
          if (transition.applied) last = transition;
        }
      }),
      { numRuns: 400 },
    );
  });

  test("never makes a lapsed card active again before 365 days without a record", () => {
    let lapses = 0;
    fc.assert(
      fc.property(
        fc.constantFrom("110000", "320100", "510100"),
        fc.nat({ max: LAPSE_WATCH_MS }),
        fc.constantFrom("330106", "110101", "510104", "320102"),
        (region, afterMs, careRegion) => {
          const report = rawStatus({ region, channel: "phone" });
          const [transition] = transitionsOf([report]);
          const expiresAtMs = parseInstantMs(transition!.expiresAtMax!);
          const swipe = rawSwipe({
            insuredRegion: region,
            careRegion,
            cardNumber: undefined,
            occurredAt: at(expiresAtMs + afterMs),
          });
          const decision = judge([report, swipe]).at(-1) as DecisionOutcome;
          expect(["challenge", "reject"]).toContain(decision.action);
          expect(decision.reasons.map(({ rule }) => rule)).toContain("R03");
          lapses++;
        },
      ),
    );
    expect(lapses).toBeGreaterThan(0);
  });
});

function acceptedMs(transition: TransitionOutcome): number {
  return parseInstantMs(transition.reportedAt);
}

/** Which states time alone may have made of the one a record left. */
function reachableFrom(last: TransitionOutcome, nowMs: number): readonly string[] {
  const effectiveMs = parseInstantMs(last.effectiveAt);
  const expiresMs = last.expiresAtMax === null ? Number.POSITIVE_INFINITY : parseInstantMs(last.expiresAtMax);
  if (last.to === "active" || last.to === "inactive") return ["active", "inactive"];
  // Without a number, the card that was replaced is gone and the next one begins.
  if (last.to === "replaced") return ["active", "inactive"];
  if (last.to === "formal" || last.to === "replacing") return [last.to];
  // A formal report that was pending stays formal, whatever a later one says of its own expiry.
  if (nowMs > expiresMs + LAPSE_WATCH_MS) return ["active", "inactive", "formal"];
  if (nowMs >= expiresMs) return ["lapsed", "formal"];
  // Pending or provisional: an earlier report's effect may come before this one's.
  return nowMs < effectiveMs
    ? ["loss-pending", "provisional", "formal", "replacing"]
    : ["provisional", "formal", "replacing"];
}

describe("any sequence of status records and swipes, in any order, of several cards", () => {
  const record = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record({
          step,
          atMs: fc.nat({ max: 60 * DAY_MS }),
          card: fc.constantFrom(undefined, "CARD-1", "CARD-2"),
          newCard: fc.constantFrom(undefined, "CARD-2", "CARD-3"),
          credential: fc.constantFrom("card", "card", "e-credential", "temporary-card", "identity-document"),
          effectMs: fc.option(fc.integer({ min: -DAY_MS, max: 20 * DAY_MS }), { nil: undefined }),
          endMs: fc.option(fc.integer({ min: -DAY_MS, max: 20 * DAY_MS }), { nil: undefined }),
        })
        .map(({ step: drawn, atMs, card, newCard, credential, effectMs, endMs }) =>
          rawStatus({
            action: drawn.action,
            region: drawn.region,
            channel: drawn.channel,
            credential,
            cardNumber: card,
            newCardNumber: newCard,
            occurredAt: at(START_MS + atMs),
            effectiveAt: effectMs === undefined ? undefined : at(START_MS + atMs + effectMs),
            expiresAt: endMs === undefined ? undefined : at(START_MS + atMs + endMs),
            until: endMs === undefined ? undefined : at(START_MS + atMs + endMs),
            ...(drawn.verified ? {} : { verification: { complete: false } }),
          }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          atMs: fc.nat({ max: 60 * DAY_MS }),
          card: fc.constantFrom(undefined, "CARD-1", "CARD-2", "CARD-4"),
          credential: fc.constantFrom("card", "card", "e-credential", "temporary-card"),
          kind: fc.constantFrom("settle", "authorize", "query"),
        })
        .map(({ atMs, card, ...fields }) =>
          rawSwipe({ ...fields, cardNumber: card, occurredAt: at(START_MS + atMs) }),
        ),
    },
  );
  // Far more than the 48 events a record keeps.
  const sequence = fc.array(record, { maxLength: 90, size: "max" });

  test("gives every record one transition or decision, of known states, applied or with the reason why not", () => {
    fc.assert(
      fc.property(sequence, (drawn) => {
        const records = drawn.map((each, index) => ({ ...each, eventId: `r-${index}` }));
        const outcomes = judge(records);
        const own = outcomes.filter((outcome) => "type" in outcome && outcome.type !== "revision");
        expect(own.map(({ eventId }) => eventId)).toEqual(records.map(({ eventId }) => eventId));
        for (const outcome of outcomes) {
          if (!("type" in outcome) || outcome.type !== "transition") continue;
          const { applied, code, from, to } = outcome;
          expect(STATES).toContain(from);
          expect(STATES).toContain(to);
          expect(applied).toBe(code === null || code === "OUT_OF_ORDER");
          if (!applied) expect(to).toBe(from);
        }
      }),
      { numRuns: 250 },
    );
  });

  test("revises each swipe under one rising ordinal, to another action or other rules than before", () => {
    fc.assert(
      fc.property(sequence, (drawn) => {
        const records = drawn.map((each, index) => ({ ...each, eventId: `r-${index}` }));
        const known = new Map<string, string>();
        for (const outcome of judge(records)) {
          if (!("reasons" in outcome)) continue;
          const live = outcome.reasons
            .filter(({ mode }) => mode === "live")
            .map(({ rule, code }) => [rule, code]);
          const rules = [...new Set(live.map(([rule, code]) => (rule === "R00" ? code : rule)))].sort();
          const now = `${outcome.action} ${rules.join()}`;
          if (outcome.type === "revision") expect(now).not.toBe(known.get(outcome.eventId));
          known.set(outcome.eventId, now);
        }
      }),
      { numRuns: 150 },
    );
  });
});

test("a numbered card that was replaced stays replaced, whatever is said about it", () => {
  const said = fc.array(
    fc.constantFrom("report-loss", "confirm-loss", "file-replacement", "release", "replace"),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(said, (actions) => {
      const replace = rawStatus({ action: "replace", cardNumber: "OLD", newCardNumber: "NEW" });
      const records = actions.map((action, index) =>
        rawStatus({
          action,
          eventId: `c-${index + 2}`,
          cardNumber: "OLD",
          newCardNumber: action === "replace" ? "NEWER" : undefined,
          occurredAt: at(START_MS + (index + 1) * DAY_MS),
        }),
      );
      const swipe = rawSwipe({ cardNumber: "OLD", occurredAt: at(START_MS + 30 * DAY_MS) });
      const outcomes = judge([replace, ...records, swipe]);
      for (const outcome of outcomes.slice(1, -1))
        if ("from" in outcome) expect(outcome.from).toBe("replaced");
      expect(outcomes.at(-1)).toMatchObject({ action: "reject", responseCode: "B9" });
    }),
  );
});

test("issue and activation show the states of their table", () => {
  const act = fc.array(fc.constantFrom("issue" as const, "activate" as const), { maxLength: 8 });
  fc.assert(
    fc.property(act, (actions) => {
      const records = actions.map((action, index) =>
        rawStatus({
          action,
          eventId: `c-${index}`,
          cardNumber: "CARD",
          occurredAt: at(START_MS + index * DAY_MS),
        }),
      );
      let state: keyof typeof ACTIVATION_TRANSITIONS = "active";
      for (const transition of transitionsOf(records)) {
        expect(transition.from).toBe(state);
        state = ACTIVATION_TRANSITIONS[state][transition.action as "issue" | "activate"];
        expect(transition.to).toBe(state);
      }
    }),
  );
});
