/** What an applied status record revises (rules.md section 2, Late hit). */

import { describe, expect, test } from "@jest/globals";
import { instantOf, type RecordFields } from "../raw-records.js";
import { outcomesOf, revisionsOf, verdictOf } from "./given.js";

const REPORT = { at: "+0m", action: "report-loss", channel: "app", reportedAt: "-2h" };

function revised(given: readonly RecordFields[], when: RecordFields): string[] {
  return revisionsOf(given, when).map((revision) => `${revision.eventId} ${verdictOf(revision)}`);
}

describe("late hits", () => {
  test("every settle since the effect is revised, in order of time", () => {
    const given = [{ at: "-1h" }, { at: "-90m" }, { at: "-2h" }, { at: "-2h-1ms" }];
    expect(revised(given, REPORT)).toEqual([
      "given-3 reject R01",
      "given-2 reject R01",
      "given-1 reject R01",
    ]);
  });

  test("the transition comes first", () => {
    expect(outcomesOf([{ at: "-1h" }], REPORT).map(({ type }) => type)).toEqual(["transition", "revision"]);
  });

  test("an approved authorize is revised, another is not, a pin-check never", () => {
    const given = [
      { at: "-1h", kind: "authorize" },
      { at: "-1h", kind: "authorize", pinIsDefault: true, totalFen: 10000, careRegion: "341800" },
      { at: "-1h", kind: "pin-check" },
    ];
    expect(revised(given, REPORT)).toEqual(["given-1 reject R01"]);
  });

  test("a cancelled settle is not revised", () => {
    const given = [{ at: "-1h" }, { at: "-1h", kind: "cancel", originalEventId: "given-1" }];
    expect(revised(given, REPORT)).toEqual([]);
  });

  test("a linked settle is revised", () => {
    const given = [
      { at: "-3h", kind: "authorize" },
      { at: "-1h", originalEventId: "given-1" },
    ];
    expect(revised(given, REPORT)).toEqual(["given-2 reject R01"]);
  });

  test("from the report on, where the effect comes later", () => {
    const when = { ...REPORT, effectiveAt: "-1h" };
    expect(revised([{ at: "-90m" }, { at: "-30m" }], when)).toEqual([
      "given-1 challenge R02",
      "given-2 reject R01",
    ]);
  });

  test("from the effect on, where the report comes later", () => {
    const when = { ...REPORT, effectiveAt: "-5h" };
    expect(revised([{ at: "-3h" }], when)).toEqual(["given-1 reject R01"]);
  });

  test("what other rules found stands", () => {
    const given = [
      { at: "-70m", institutionId: "a" },
      { at: "-60m", institutionId: "b" },
    ];
    expect(revised(given, REPORT)).toEqual(["given-1 reject R01", "given-2 reject R01 R16"]);
  });

  const CHALLENGED = { pinIsDefault: true, totalFen: 10000, careRegion: "341800" };
  /** Applied, and no business of any card. */
  const UNFREEZE = { at: "+0m", action: "unfreeze", effectiveAt: "-1d" };

  test("a pass that arrived later, late as it was, counts for the half hour after its own time", () => {
    const pass = { kind: "pin-check", challengeOf: "given-1", challengeResult: "passed" };
    const passedAt = (at: string) =>
      revised(
        [
          { at: "-1h", ...CHALLENGED },
          { at, ...pass },
        ],
        UNFREEZE,
      );
    expect(passedAt("-90m")).toEqual(["given-1 review R10"]);
    expect(passedAt("-90m-1ms")).toEqual([]);
    expect(passedAt("-1h+1ms")).toEqual([]);
  });

  test("a pass on another card does not", () => {
    const pass = {
      kind: "pin-check",
      challengeOf: "given-1",
      challengeResult: "passed",
      cardNumber: "card-2",
    };
    expect(
      revised(
        [
          { at: "-1h", ...CHALLENGED },
          { at: "-90m", ...pass },
        ],
        UNFREEZE,
      ),
    ).toEqual([]);
  });

  test("feedback counts by the time of the swipe: what was confirmed since had softened it", () => {
    const given = [
      { at: "-1d", rule: "R10", verdict: "honest" },
      { at: "-2h", ...CHALLENGED },
      { at: "-1h", rule: "R10", verdict: "confirmed" },
      { at: "-30m", ...CHALLENGED },
    ];
    expect(revised(given, UNFREEZE)).toEqual([]);
  });

  test("another record that changes nothing revises nothing", () => {
    const confirmation = { at: "+1m", action: "confirm-loss", effectiveAt: "-1h", acceptedAt: "-1h" };
    expect(revised([{ at: "-30m" }, REPORT], confirmation)).toEqual([]);
  });

  test("a second revision has the next number and names its cause", () => {
    const release = { at: "+1m", action: "release", acceptedAt: "-90m", reportedAt: "-90m" };
    const [revision] = revisionsOf([{ at: "-1h" }, REPORT], release);
    expect(revision).toMatchObject({ action: "approve", reasons: [], causedBy: "when", disputed: false });
    expect(revision!.revisionId).toMatch(/-given-1-2$/);
    expect(revision!.decisionId).toMatch(/-given-1-0$/);
  });

  test("a record that is not applied revises nothing", () => {
    expect(revised([{ at: "-1h" }], { ...REPORT, verification: { complete: false } })).toEqual([]);
    expect(revised([{ at: "-1h" }], { at: "+0m", action: "release", effectiveAt: "-2h" })).toEqual([]);
  });

  test("a lost identity document leaves its settles reviewed", () => {
    const given = [{ at: "-1h", credential: "identity-document" }];
    const when = { ...REPORT, credential: "identity-document" };
    expect(revised(given, when)).toEqual(["given-1 review ID_REPORTED_LOST"]);
  });

  test("an emergency that was reported late is rejected as it would have been", () => {
    expect(revised([{ at: "-1h", emergency: true }], REPORT)).toEqual(["given-1 reject R01"]);
  });

  test("home cities stay as first found", () => {
    const given = [
      { at: "-3d", careRegion: "341800" },
      { at: "-2d", fact: "home-region", region: "341800" },
    ];
    const lapsed = { at: "+0m", action: "report-loss", channel: "app", reportedAt: "-9d", expiresAt: "-4d" };
    expect(revised(given, lapsed)).toEqual(["given-1 reject R03"]);
  });

  test("the bill of a stay is revised to a review", () => {
    const given = [
      { at: "-9d", fact: "inpatient", institutionId: "hospital-1" },
      { at: "-1h", institutionId: "hospital-1", institutionKind: "hospital", visitKind: "21" },
    ];
    expect(revised(given, REPORT)).toEqual(["given-2 review R01"]);
  });

  test("a card reported by the swipe's own millisecond is revised", () => {
    expect(revised([{ at: "+0m" }], { ...REPORT, reportedAt: "+0m" })).toEqual(["given-1 reject R01"]);
    expect(instantOf("+0m")).toBe("2026-05-06T10:00:00.000+08:00");
  });
});
