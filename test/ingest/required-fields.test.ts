/** Which fields a person fact or a card status needs beside those of every record, and what the others mean left out. */

import { describe, expect, test } from "@jest/globals";
import { FACTS, STATUS_ACTIONS } from "../../schemas/fields.js";
import type { Outcome } from "../../schemas/outcomes.js";
import { acceptRecord, isRefusal } from "../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle, judgeRecords } from "../support/judge.js";
import { at, HOUR_MS, rawSwipe, START_MS } from "../support/records.js";

const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };
const PERSON = "PERSON-0001";

/** Nothing but what every record of the type has. */
const bare = (type: "person-fact" | "card-status", fields: object, hours = 0) => ({
  type,
  eventId: `${type}-${hours}`,
  occurredAt: at(START_MS + hours * HOUR_MS),
  personId: PERSON,
  ...fields,
});

function refusedField(record: object): string | null {
  const result = acceptRecord(record, context);
  return isRefusal(result) ? `${result.code} ${result.field}` : null;
}

function lastOutcome(records: readonly object[]): Outcome {
  const { outcome } = judgeRecords(records).at(-1)!;
  if ("refused" in outcome) throw new Error(JSON.stringify(outcome));
  return outcome;
}

const NEEDED_BY_FACT: Readonly<Record<(typeof FACTS)[number], string | null>> = {
  filing: "FIELD_INVALID region",
  "home-region": "FIELD_INVALID region",
  "mutual-aid": null,
  inpatient: null,
  limits: null,
};

describe("a person fact", () => {
  test.each(FACTS.map((fact) => [fact, NEEDED_BY_FACT[fact]] as const))("%s alone: %s", (fact, refused) => {
    expect(refusedField(bare("person-fact", { fact }))).toBe(refused);
    expect(refusedField(bare("person-fact", { fact, region: null }))).toBe(refused);
    expect(refusedField(bare("person-fact", { fact, region: "330100" }))).toBeNull();
  });

  test("is refused with the reason and the next step", () => {
    expect(acceptRecord(bare("person-fact", { fact: "filing" }), context)).toMatchObject({
      reason: expect.stringMatching(/expected a division code .*: a filing says nothing without it$/),
      eventId: "person-fact-0",
    });
  });

  test("home-region without a place leaves the place that was told before", () => {
    const moved = bare("person-fact", { fact: "home-region", region: "341800" });
    const empty = bare("person-fact", { fact: "home-region" }, 1);
    const swipe = rawSwipe({
      personId: PERSON,
      careRegion: "341800",
      totalFen: 30_000,
      occurredAt: at(START_MS + 2 * HOUR_MS),
    });
    expect(lastOutcome([moved, empty, swipe])).toMatchObject({ action: "approve", reasons: [] });
    expect(lastOutcome([swipe])).toMatchObject({ action: "review", reasons: [{ rule: "R13" }] });
  });

  test("limits without a switch set none any more", () => {
    const limits = (fields: object, hours: number) =>
      bare("person-fact", { fact: "limits", ...fields }, hours);
    const swipe = rawSwipe({ personId: PERSON, totalFen: 3_000, occurredAt: at(START_MS + 2 * HOUR_MS) });
    const set = limits({ dailyFen: 1_000 }, 0);
    expect(lastOutcome([set, swipe])).toMatchObject({ action: "challenge", reasons: [{ rule: "R21" }] });
    expect(lastOutcome([set, limits({}, 1), swipe])).toMatchObject({ action: "approve", reasons: [] });
  });

  test("inpatient without an institution takes the place of the stay before and tells none apart", () => {
    const stay = (fields: object, hours: number) =>
      bare("person-fact", { fact: "inpatient", ...fields }, hours);
    const swipe = rawSwipe({ personId: PERSON, occurredAt: at(START_MS + 2 * HOUR_MS) });
    const at1 = stay({ institutionId: "H33010000001", region: "330100" }, 0);
    expect(lastOutcome([at1, swipe])).toMatchObject({ reasons: [{ rule: "R19" }] });
    expect(lastOutcome([at1, stay({}, 1), swipe])).toMatchObject({ reasons: [] });
  });
});

/**
 * Alone, on a person nothing is known of: the state that comes of it (rules.md section 1). No number is every number;
 * no channel is the counter, where a report is formal; no `until` and no row that lapses is without end.
 */
const ALONE: Readonly<Record<(typeof STATUS_ACTIONS)[number], string>> = {
  issue: "applied: inactive",
  activate: "applied: active",
  "report-loss": "applied: formal",
  "confirm-loss": "applied: formal",
  release: "NOTHING_TO_RELEASE: active",
  "file-replacement": "applied: replacing",
  replace: "applied: replaced",
  "issue-temporary": "applied: active",
  cancel: "applied: cancelled",
  freeze: "applied: frozen",
  unfreeze: "applied: active",
  "pin-lock": "applied: pin-locked",
  "pin-unlock": "applied: active",
  suspend: "applied: suspended",
  resume: "applied: active",
  deceased: "applied: deceased",
  "rebind-e-credential": "applied: active",
};

describe("a card status", () => {
  test("suspend and freeze without an end hold until resume and unfreeze", () => {
    const swipe = rawSwipe({ personId: PERSON, accountFen: 100, occurredAt: at(START_MS + 1_000 * HOUR_MS) });
    for (const [action, ending] of [
      ["suspend", "resume"],
      ["freeze", "unfreeze"],
    ]) {
      const block = bare("card-status", { action, region: "330100" });
      expect(lastOutcome([block, swipe])).toMatchObject({ action: "reject", reasons: [{ rule: "R07" }] });
      const end = bare("card-status", { action: ending, region: "330100" }, 1);
      expect(lastOutcome([block, end, swipe])).toMatchObject({ action: "approve", reasons: [] });
    }
  });

  test("replace without the new number makes the next number first seen the valid one", () => {
    const swipe = (cardNumber: string, hours: number) =>
      rawSwipe({
        eventId: `${cardNumber}-${hours}`,
        personId: PERSON,
        cardNumber,
        occurredAt: at(START_MS + hours * HOUR_MS),
      });
    const replace = bare("card-status", { action: "replace", region: "330100", cardNumber: "OLD-1" }, 1);
    const records = [swipe("OLD-1", 0), replace, swipe("NEW-1", 2)];
    expect(lastOutcome(records)).toMatchObject({ action: "approve", reasons: [] });
    expect(lastOutcome([...records, swipe("OLD-1", 3)])).toMatchObject({
      action: "reject",
      reasons: [{ rule: "R04" }],
    });
    expect(lastOutcome([...records, swipe("NEW-2", 3)])).toMatchObject({
      action: "reject",
      reasons: [{ rule: "R04" }],
    });
  });

  test.each(STATUS_ACTIONS.map((action) => [action, ALONE[action]] as const))(
    "%s alone: %s",
    (action, expected) => {
      const record = bare("card-status", { action, region: "330100" });
      expect(refusedField(record)).toBeNull();
      const outcome = lastOutcome([record]);
      if (outcome.type !== "transition") throw new Error(JSON.stringify(outcome));
      const { applied, code, to, expiresAtMax } = outcome;
      expect([`${applied ? "applied" : code}: ${to}`, expiresAtMax]).toEqual([expected, null]);
    },
  );

  test.each(STATUS_ACTIONS)("%s needs the region of its loss policy", (action) => {
    expect(refusedField(bare("card-status", { action }))).toBe("FIELD_INVALID region");
  });
});
