import { describe, expect, test } from "@jest/globals";
import { amountAbove } from "../../../bench/real/baselines.js";
import { evaluateSet } from "../../../bench/real/evaluate.js";
import type { Judge, JudgedOutcome } from "../../../bench/real/judge.js";
import type { Converted, LabelledSet } from "../../../bench/real/labelled-set.js";
import { mustHoldVerdict } from "../../../bench/real/must-hold.js";
import { reportText } from "../../../bench/real/table.js";
import type { RawSwipe } from "../../../schemas/raw.js";

const swipe = (unitId: string, kind: RawSwipe["kind"], totalFen: number): RawSwipe => ({
  type: "swipe",
  eventId: `${unitId}-${kind}`,
  kind,
  occurredAt: "2020-01-01T09:00:00.000+08:00",
  personId: "p1",
  cardNumber: "c1",
  credential: "card",
  insuredRegion: "00",
  careRegion: "5161",
  institutionId: "i1",
  institutionKind: "hospital",
  totalFen,
});

const UNITS = [
  { unitId: "u1", fraudKind: "travel", period: "early" },
  { unitId: "u2", fraudKind: null, period: "early" },
  { unitId: "u3", fraudKind: "travel", period: "late" },
].map((unit) => ({ ...unit, holderId: "h1" }));

async function* convert(): AsyncGenerator<Converted> {
  for (const unit of UNITS) {
    yield { record: swipe(unit.unitId, "authorize", 0), unit };
    yield { record: swipe(unit.unitId, "settle", unit.unitId === "u2" ? 9 : 1), unit };
  }
}

const SET: LabelledSet = {
  name: "sample",
  rulesetFile: "sample.json",
  judges: ["R12"],
  mustHold: { rule: "R12", recallMin: 0.5, precisionMin: 0.9 },
  baselines: [amountAbove(5)],
  convert,
};

const reason = (rule: string, fields: Partial<JudgedOutcome["reasons"][number]> = {}) => ({
  rule,
  mode: "live",
  action: "challenge",
  ...fields,
});
const decision = (eventId: string, ...reasons: JudgedOutcome["reasons"]): JudgedOutcome => ({
  type: "decision",
  eventId,
  action: reasons[0]?.action ?? "approve",
  reasons,
});

/** Answers what the test says, once it has seen every record. */
const judgeAnswering = (outcomes: readonly JudgedOutcome[]): Judge =>
  async function* judge(records) {
    const seen = new Set<string>();
    for await (const record of records) seen.add((record as RawSwipe).eventId);
    if (seen.size !== 2 * UNITS.length) throw new Error(`${seen.size} records`);
    yield* outcomes;
  };

const evaluate = (...outcomes: JudgedOutcome[]) =>
  evaluateSet(SET, {
    dataFolder: "unused",
    rulesets: [{ name: "sample.json", file: "bench/real/sample.json" }],
    judge: judgeAnswering(outcomes),
  });

const rowsOf = async (...outcomes: JudgedOutcome[]) =>
  (await evaluate(...outcomes)).periods[0]?.rows.map((row) => [
    row.under,
    row.detector,
    row.alerts,
    row.judged,
  ]);

describe("evaluating a set", () => {
  test("an operation is alerted once, by its authorize or its settle", async () => {
    expect(
      await rowsOf(decision("u1-authorize", reason("R12")), decision("u1-settle", reason("R12"))),
    ).toEqual([
      ["sample.json", "R12", 1, true],
      ["sample.json", "any rule", 1, false],
      ["baseline", "amount > 0.05", 1, true],
    ]);
  });

  test("other rules are listed as volume only", async () => {
    const rows = await rowsOf(decision("u2-settle", reason("R16", { action: "review" })));
    expect(rows).toContainEqual(["sample.json", "R16", 1, false]);
    expect(rows).toContainEqual(["sample.json", "R12", 0, true]);
  });

  test.each([
    ["a shadow hit", { mode: "shadow" }],
    ["an approve-level reason", { action: "approve" }],
  ])("%s is no alert", async (_, fields) => {
    const outcome = { ...decision("u2-settle", reason("R10", fields)), action: "approve" };
    expect(await rowsOf(outcome)).not.toContainEqual(["sample.json", "R10", 1, false]);
  });

  test("an outcome that no converted swipe explains stops the evaluation", async () => {
    await expect(evaluate(decision("u9-settle"))).rejects.toThrow('outcome for eventId "u9-settle"');
  });

  test("parts of the set are reported after the whole", async () => {
    const { periods } = await evaluate(decision("u1-authorize", reason("R12")));
    expect(
      periods.map(({ period, transactions, frauds, rows }) => [
        period,
        transactions,
        frauds,
        rows[0]?.recall,
      ]),
    ).toEqual([
      ["whole set", 3, 2, 0.5],
      ["early", 2, 1, 1],
      ["late", 1, 1, 0],
    ]);
  });

  test("the stated figures are held or missed on the whole set", async () => {
    const hit = decision("u1-authorize", reason("R12"));
    const falseAlarm = decision("u2-authorize", reason("R12"));
    expect(mustHoldVerdict(SET, await evaluate(hit))).toEqual({
      held: true,
      text: "sample: R12 under sample.json: recall 0.5000 (at least 0.5), precision 1.0000 (at least 0.9): held",
    });
    expect(mustHoldVerdict(SET, await evaluate(hit, falseAlarm))?.held).toBe(false);
    expect(mustHoldVerdict(SET, await evaluate())?.held).toBe(false);
    expect(mustHoldVerdict({ ...SET, mustHold: null }, await evaluate(hit))).toBeNull();
  });

  test("the table is Markdown with one line per detector", async () => {
    const text = reportText(await evaluate(decision("u1-authorize", reason("R12"))));
    expect(text).toContain(
      "sample, whole set: 3 transactions of 1 holders with one card each, 2 labelled fraud",
    );
    expect(text).toContain(
      "| sample.json | R12 | 1 | 1.0000 | 0.5000 | 1000.0 | 1.0000 | 1 | 1.0000 | 1.0000 |",
    );
    expect(text).toContain("| sample.json | any rule | 1 |");
  });
});
