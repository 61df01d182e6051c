/** Which row applies to a report and which times it gets (rules.md section 1, Times, Validity, Rows). */

import { describe, expect, test } from "@jest/globals";
import { parseInstantMs } from "../../../schemas/instant.js";
import type { JournalRecord } from "../../../schemas/journal.js";
import type { Outcome } from "../../../schemas/outcomes.js";
import { ENGINE_VERSION } from "../../../services/detector/outcome.js";
import { Partition } from "../../../services/detector/partition.js";
import { acceptBytes, isRefusal } from "../../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../../services/ingest/tokens.js";
import { defaultBundle } from "../../support/judge.js";
import { changedBundle } from "../changed-bundle.js";
import { instantOf, rawRecord } from "../raw-records.js";
import { metBy, transitionOf } from "./given.js";

const PHONE = { at: "+0m", action: "report-loss", channel: "phone" };
const APP = { at: "+0m", action: "report-loss", channel: "app" };
const ROW = { id: "TEST-1", credential: "card", channel: "phone", kind: "provisional", validity: null };

describe("times of a report", () => {
  test("reportedAt is occurredAt where it is not given, acceptedAt is reportedAt", () => {
    expect(transitionOf([], PHONE)).toMatchObject({
      reportedAt: instantOf("+0m"),
      effectiveAt: instantOf("+24h"),
    });
  });

  test("the delay runs from the acceptance", () => {
    expect(transitionOf([], { ...PHONE, reportedAt: "-2h", acceptedAt: "-1h" })).toMatchObject({
      reportedAt: instantOf("-2h"),
      effectiveAt: instantOf("+23h"),
    });
  });

  test("times that the source gives win over the policy's", () => {
    expect(transitionOf([], { ...PHONE, effectiveAt: "+1h", expiresAt: "+2d" })).toMatchObject({
      effectiveAt: instantOf("+1h"),
      expiresAtMin: instantOf("+2d"),
      expiresAtMax: instantOf("+2d"),
    });
  });

  test("calendar days count the day of acceptance as the first, a range keeps both ends", () => {
    expect(transitionOf([], { ...PHONE, at: "2026-03-01 23:59" })).toMatchObject({
      policyId: "CN-17",
      expiresAtMin: instantOf("2026-03-08 00:00"),
      expiresAtMax: instantOf("2026-03-16 00:00"),
      calendarUncertain: false,
    });
  });

  test("hours are exact to the millisecond", () => {
    const given = { ...PHONE, at: "2026-03-01 10:00:00.001", region: "510100" };
    expect(transitionOf([], given)).toMatchObject({
      policyId: "CD-6",
      expiresAtMax: instantOf("2026-03-04 10:00:00.001"),
    });
  });

  test("working days start after the day of acceptance, skip holidays and count make-up days", () => {
    const given = { ...PHONE, at: "2026-09-30 10:00", region: "320100" };
    expect(transitionOf([], given)).toMatchObject({
      policyId: "NJ-8",
      expiresAtMax: instantOf("2026-10-11 00:00"),
      calendarUncertain: false,
    });
  });

  test("past the calendar plain weekdays count, and the transition says so", () => {
    const given = { ...PHONE, at: "2031-10-03 10:00", region: "320100" };
    expect(transitionOf([], given)).toMatchObject({
      expiresAtMax: instantOf("2031-10-09 00:00"),
      calendarUncertain: true,
    });
  });

  test("a delay in working days ends as a validity in working days does", () => {
    const given = {
      ...PHONE,
      at: "2026-05-07 10:00",
      channel: "web",
      credential: "temporary-card",
    };
    expect(transitionOf([], given)).toMatchObject({
      policyId: "TC-26",
      effectiveAt: instantOf("2026-05-10 00:00"),
    });
  });

  test.each([
    ["a formal report", { ...APP, channel: "counter", expiresAt: "+2d" }],
    ["a confirmation", { ...APP, action: "confirm-loss", expiresAt: "+2d" }],
    ["a lost temporary card", { ...APP, credential: "temporary-card", expiresAt: "+2d" }],
    ["a report of unknown validity", APP],
  ])("nothing lapses after %s", (_name, when) => {
    expect(transitionOf([], when)).toMatchObject({ expiresAtMin: null, expiresAtMax: null });
  });
});

describe("rows", () => {
  test.each([
    ["a county finds its city's row", { ...PHONE, region: "320104" }, "NJ-8"],
    ["a district of Beijing finds the municipality's row", { ...PHONE, region: "110108" }, "BJ-1"],
    ["a city without rows finds the national one", PHONE, "CN-17"],
    ["a channel the city has no row for finds the national one", { ...APP, region: "320100" }, "CN-22"],
    ["no channel is the counter", { at: "+0m", action: "report-loss", region: "110000" }, "BJ-2"],
    [
      "a report takes the provisional row before the formal one",
      { ...APP, channel: "counter", region: "11" },
      "BJ-2",
    ],
    ["a report takes the formal row where there is no other", { ...APP, channel: "counter" }, "CN-18"],
    ["a confirmation takes the formal row", { at: "+0m", action: "confirm-loss", region: "110000" }, "BJ-4"],
    ["a filing takes the formal row", { at: "+0m", action: "file-replacement", region: "350500" }, "QZ-13"],
    ["an e-credential has no row", { ...APP, credential: "e-credential" }, null],
  ])("%s", (_name, when, policyId) => {
    expect(transitionOf([], when)).toMatchObject({ policyId });
  });

  test.each([
    ["report-loss", "reject R01"],
    ["confirm-loss", "reject R01"],
    ["file-replacement", "reject R01"],
  ])("without a row %s takes effect at once and never lapses", (action, then) => {
    const given = { at: "-300d", action, credential: "e-credential", channel: "app" };
    expect(metBy([given], { at: "+0m", credential: "e-credential" })).toBe(then);
  });
});

describe("`to` of a transition", () => {
  test("is the state at the acceptance for a report", () => {
    expect(transitionOf([], PHONE)).toMatchObject({ from: "active", to: "loss-pending" });
  });

  const lost = [{ at: "-9h", action: "report-loss", channel: "app" }];
  test.each([
    ["replace", lost, { newCardNumber: "card-2" }, "provisional", "replaced"],
    ["release", lost, {}, "provisional", "active"],
    ["activate", [{ at: "-9h", action: "issue" }], {}, "inactive", "active"],
    ["confirm-loss", lost, {}, "provisional", "formal"],
    ["cancel", lost, {}, "provisional", "cancelled"],
    ["file-replacement", lost, {}, "provisional", "replacing"],
  ])("is the state at the later effect for %s", (action, given, more, from, to) => {
    const when = { at: "+0m", action, effectiveAt: "+2h", ...more };
    expect(transitionOf(given, when)).toMatchObject({ from, to, effectiveAt: instantOf("+2h") });
  });

  test.each([
    ["freeze", "active", "frozen"],
    ["unfreeze", "active", "active"],
    ["suspend", "active", "suspended"],
    ["resume", "active", "active"],
    ["deceased", "active", "deceased"],
    ["pin-lock", "active", "pin-locked"],
    ["pin-unlock", "active", "active"],
    ["issue", "active", "inactive"],
    ["activate", "active", "active"],
    ["issue-temporary", "active", "active"],
    ["rebind-e-credential", "active", "active"],
  ])("of %s", (action, from, to) => {
    expect(transitionOf([], { at: "+0m", action })).toMatchObject({
      from,
      to,
      applied: true,
      code: null,
      effectiveAt: instantOf("+0m"),
    });
  });

  test.each(["freeze", "suspend", "deceased", "pin-lock"])(
    "of a %s to come is the state before",
    (action) => {
      expect(transitionOf([], { at: "+0m", action, effectiveAt: "+1h" })).toMatchObject({
        from: "active",
        to: "active",
      });
    },
  );

  test.each([
    ["unfreeze", "freeze", "frozen"],
    ["resume", "suspend", "suspended"],
    ["pin-unlock", "pin-lock", "pin-locked"],
  ])("of %s is active again", (action, before, from) => {
    expect(transitionOf([{ at: "-1h", action: before }], { at: "+0m", action })).toMatchObject({
      from,
      to: "active",
    });
  });
});

describe("credential of a record", () => {
  test.each([
    ["report-loss", "card"],
    ["issue", "card"],
    ["issue-temporary", "temporary-card"],
  ])("%s without one names a %s", (action, credential) => {
    expect(transitionOf([], { at: "+0m", action, credential: null })).toMatchObject({ credential });
  });
});

function appendedAtMs(record: JournalRecord): number {
  return "occurredAt" in record ? parseInstantMs(record.occurredAt) : 0;
}

describe("a later policy", () => {
  const later = changedBundle({ policies: { rows: [{ ...ROW, region: "3301", delayMax: [48, "h"] }] } });

  function outcomesInOnePartition(records: readonly object[]): Outcome[] {
    const { bundle } = defaultBundle;
    const bundles = [bundle, later.bundle].map((each) => [each.hash, each] as const);
    const partition = new Partition(bundle, { bundles: new Map(bundles) });
    const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };
    return records.flatMap((record, offset) => {
      const accepted = acceptBytes(Buffer.from(JSON.stringify(record)), context);
      if (isRefusal(accepted)) throw new Error(`${accepted.field}: ${accepted.reason}`);
      const outcomes = partition.take(accepted, offset, appendedAtMs(accepted));
      if ("refused" in outcomes) throw new Error(outcomes.refused);
      return "activated" in outcomes ? [] : [...outcomes];
    });
  }

  test("does not move the times of a report that was applied before", () => {
    const activation = {
      type: "activation",
      sequence: 1,
      bundleHash: later.bundle.hash,
      engineVersion: ENGINE_VERSION,
      publishedBy: ["first", "second"],
    };
    const reports = ["card-1", "card-2"].map((cardNumber) => rawRecord({ ...PHONE, cardNumber }, cardNumber));
    const swipe = rawRecord({ at: "+25h" }, "swipe");
    expect(outcomesInOnePartition([reports[0]!, activation, reports[1]!, swipe])).toMatchObject([
      { type: "transition", effectiveAt: instantOf("+24h") },
      { type: "transition", effectiveAt: instantOf("+48h") },
      { type: "decision", action: "reject", reasons: [{ rule: "R01" }] },
    ]);
  });
});
