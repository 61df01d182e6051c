/** Every loss state meets every action of the loss life (rules.md section 1; the table of card/transitions.ts). */

import { describe, expect, test } from "@jest/globals";
import { LOSS_TRANSITIONS } from "../../../services/detector/card/transitions.js";
import type { RecordFields } from "../raw-records.js";
import { transitionOf } from "./given.js";

const GIVEN: Readonly<Record<string, readonly RecordFields[]>> = {
  active: [],
  inactive: [{ at: "-1h", action: "issue" }],
  "loss-pending": [{ at: "-1h", action: "report-loss", channel: "phone" }],
  provisional: [{ at: "-1h", action: "report-loss", channel: "app" }],
  lapsed: [{ at: "-9d", action: "report-loss", channel: "app", expiresAt: "-1d" }],
  formal: [{ at: "-1h", action: "report-loss", channel: "counter" }],
  replacing: [{ at: "-1h", action: "file-replacement" }],
  replaced: [{ at: "-1h", action: "replace", newCardNumber: "card-2" }],
  cancelled: [{ at: "-1h", action: "cancel" }],
};

const WHEN: Readonly<Record<string, RecordFields>> = {
  "report-loss": { at: "+0m", action: "report-loss", channel: "app" },
  "confirm-loss": { at: "+0m", action: "confirm-loss" },
  "file-replacement": { at: "+0m", action: "file-replacement" },
  release: { at: "+0m", action: "release" },
  replace: { at: "+0m", action: "replace", newCardNumber: "card-9" },
  cancel: { at: "+0m", action: "cancel" },
};

/** State it leads to, or the code of the refusal. */
const THEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  active: {
    "report-loss": "provisional",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "NOTHING_TO_RELEASE",
    replace: "replaced",
    cancel: "cancelled",
  },
  inactive: {
    "report-loss": "provisional",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "NOTHING_TO_RELEASE",
    replace: "replaced",
    cancel: "cancelled",
  },
  // The second report is in effect at once: the earliest effect stays.
  "loss-pending": {
    "report-loss": "provisional",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "active",
    replace: "replaced",
    cancel: "cancelled",
  },
  provisional: {
    "report-loss": "provisional",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "active",
    replace: "replaced",
    cancel: "cancelled",
  },
  lapsed: {
    "report-loss": "provisional",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "active",
    replace: "replaced",
    cancel: "cancelled",
  },
  formal: {
    "report-loss": "NO_SUCH_TRANSITION",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "RELEASE_OF_FORMAL",
    replace: "replaced",
    cancel: "cancelled",
  },
  replacing: {
    "report-loss": "NO_SUCH_TRANSITION",
    "confirm-loss": "replacing",
    "file-replacement": "replacing",
    release: "RELEASE_AFTER_REPLACEMENT",
    replace: "replaced",
    cancel: "cancelled",
  },
  replaced: {
    "report-loss": "NO_SUCH_TRANSITION",
    "confirm-loss": "NO_SUCH_TRANSITION",
    "file-replacement": "NO_SUCH_TRANSITION",
    release: "RELEASE_AFTER_REPLACEMENT",
    replace: "replaced",
    cancel: "cancelled",
  },
  // A cancelled number stays cancelled, whatever else is recorded of it.
  cancelled: {
    "report-loss": "cancelled",
    "confirm-loss": "cancelled",
    "file-replacement": "cancelled",
    release: "NOTHING_TO_RELEASE",
    replace: "replaced",
    cancel: "cancelled",
  },
};

const cells = Object.entries(THEN).flatMap(([state, row]) =>
  Object.entries(row).map(([action, then]) => ({ state, action, then })),
);

describe("loss life", () => {
  test.each(cells)("a card that is $state meets $action: $then", ({ state, action, then }) => {
    const isRefused = then === then.toUpperCase();
    expect(transitionOf(GIVEN[state]!, WHEN[action]!)).toMatchObject({
      action,
      from: state,
      to: isRefused ? state : then,
      applied: !isRefused,
      code: isRefused ? then : null,
    });
  });

  test("every state and action of the transition table is met", () => {
    for (const [state, row] of Object.entries(LOSS_TRANSITIONS))
      expect({ state, actions: Object.keys(THEN[state]!) }).toEqual({
        state,
        actions: expect.arrayContaining(Object.keys(row)),
      });
  });

  test.each(Object.keys(WHEN))("%s of a holder who was not verified changes nothing", (action) => {
    for (const [state, given] of Object.entries(GIVEN))
      expect(transitionOf(given, { ...WHEN[action], verification: { complete: false } })).toMatchObject({
        from: state,
        to: state,
        applied: false,
        code: "NOT_VERIFIED",
      });
  });

  test.each<[string, string, readonly RecordFields[], boolean]>([
    ["on a formal one", "NO_SUCH_TRANSITION", [{ at: "-1d", action: "confirm-loss" }], true],
    ["of a holder who was not verified", "NOT_VERIFIED", [], false],
  ])("by a report %s, which changes nothing, nothing lapses", (_, code, given, complete) => {
    const report = { at: "+0m", action: "report-loss", channel: "phone", region: "110000" };
    expect(transitionOf(given, { ...report, verification: { complete } })).toMatchObject({
      applied: false,
      code,
      policyId: "BJ-1",
      expiresAtMin: null,
      expiresAtMax: null,
    });
  });

  test("a verified holder's record is applied", () => {
    const verification = { complete: true, methods: ["id-document"] };
    expect(transitionOf([], { ...WHEN["report-loss"], verification })).toMatchObject({ applied: true });
  });
});
