import { describe, expect, test } from "@jest/globals";
import { RAW_SCHEMAS } from "../../schemas/raw.js";
import { judgeAll } from "./oracle.js";
import { type ScenarioOptions, scenario } from "./scenarios.js";
import type { OracleOutcome, RawRecord } from "./types.js";
import { INLINE_RULES, loadWorld } from "./world.js";

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);
const VARIANTS: ScenarioOptions[] = [{}, { murky: true }];
const world = loadWorld();
const cases = SEEDS.flatMap((seed) => VARIANTS.map((options) => ({ seed, options })));

function invalidRecords(records: readonly RawRecord[]): string[] {
  return records.flatMap((record, index) => {
    const result = RAW_SCHEMAS[record.type].safeParse(record);
    return result.success ? [] : [`record ${index + 1}: ${result.error.message}`];
  });
}

function firstLines(outcomes: readonly OracleOutcome[], line: number): string[] {
  return outcomes
    .filter((each) => each.line === line && each.outcome !== "revision")
    .map(({ outcome }) => outcome);
}

describe("generated journals", () => {
  test("hold valid raw records only", () => {
    const invalid = cases.flatMap(({ seed, options }) =>
      invalidRecords(scenario(seed, options)).map(
        (text) => `seed ${seed} ${JSON.stringify(options)}: ${text}`,
      ),
    );
    expect(invalid).toEqual([]);
  });

  test("are the same for the same seed and differ between seeds", () => {
    expect(scenario(7)).toEqual(scenario(7));
    expect(scenario(7)).not.toEqual(scenario(8));
  });

  test("get one first line for every swipe and status record, and none for other records", () => {
    for (const { seed, options } of cases) {
      const records = scenario(seed, options);
      const outcomes = judgeAll(records, world);
      records.forEach((record, index) => {
        const hasLine = record.type === "swipe" || record.type === "card-status";
        const lines = firstLines(outcomes, index + 1);
        if (hasLine) expect(lines).toHaveLength(1);
        else expect(lines.filter((line) => line !== "duplicate" && line !== "refused")).toEqual([]);
      });
    }
  });

  test("reach every inline rule, floor, transition code and kind of outcome", () => {
    const seen = new Set<string>();
    for (const { seed, options } of cases) {
      for (const outcome of judgeAll(scenario(seed, options), world)) {
        seen.add(outcome.outcome);
        for (const word of [...(outcome.rules ?? []), ...(outcome.floors ?? [])]) seen.add(word);
        for (const word of [outcome.code, outcome.to]) if (word !== undefined) seen.add(word);
      }
    }
    const floors = ["BACKDATED", "ID_REPORTED_LOST", "FEED_STALE", "LATE_DUPLICATE_RISK"];
    const codes = ["OUT_OF_ORDER", "NO_SUCH_TRANSITION", "NOT_VERIFIED", "EVENT_ID_REUSED"];
    const releases = ["RELEASE_AFTER_REPLACEMENT", "RELEASE_OF_FORMAL", "NOTHING_TO_RELEASE"];
    const states = ["loss-pending", "provisional", "lapsed", "formal", "replacing", "replaced", "inactive"];
    const outcomes = ["decision", "revision", "transition", "duplicate", "refused"];
    for (const word of [...INLINE_RULES, ...floors, ...codes, ...releases, ...states, ...outcomes]) {
      expect([...seen]).toContain(word);
    }
  });
});
