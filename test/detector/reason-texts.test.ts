/** What a cardholder reads: short enough for a phone, and never without the next step. */

import { describe, expect, test } from "@jest/globals";
import type { Reason } from "../../schemas/outcomes.js";
import { RULES } from "../../services/detector/rules/registry.js";
import { TEXT_CHARACTERS_MAX } from "../../services/detector/rules/rule.js";
import { goldenJournal, goldenOf } from "../../tools/golden-outcomes.js";
import { defaultBundle } from "../support/judge.js";

const NEXT_STEP = /请|可/;
const HAN = /\p{Script=Han}/u;

const reasons: Reason[] = goldenOf(goldenJournal(), defaultBundle).outcomes.flatMap((outcome) =>
  "reasons" in outcome ? outcome.reasons : [],
);

function lengthOf(text: string): number {
  return [...text].length;
}

describe("the Chinese text of a reason", () => {
  test("was given for every rule and every floor", () => {
    const spoken = new Set(reasons.map(({ rule, code }) => (rule === "R00" ? code : rule)));
    const floors = ["BACKDATED", "ID_REPORTED_LOST", "FEED_STALE", "LATE_DUPLICATE_RISK"];
    expect([...spoken].sort()).toEqual([...RULES.map(({ id }) => id), ...floors].sort());
  });

  test(`has at most ${TEXT_CHARACTERS_MAX} characters, names the next step and leaves nothing open`, () => {
    const faulty = reasons
      .map(({ text }) => text["zh-CN"])
      .filter(
        (text) =>
          lengthOf(text) > TEXT_CHARACTERS_MAX ||
          !NEXT_STEP.test(text) ||
          !HAN.test(text) ||
          /undefined|null|NaN/.test(text),
      );
    expect([...new Set(faulty)]).toEqual([]);
  });

  test("stays within the limit with the largest amounts and the longest names", () => {
    const longest = reasons.map(({ rule, facts }) => {
      const known = RULES.find(({ id }) => id === rule);
      if (known === undefined) return "";
      const largest = Object.entries(facts).map(([name, value]) => [
        name,
        name.endsWith("Fen") ? 9_999_999_99 : /City|issuedIn/.test(name) ? "博尔塔拉蒙古自治州" : value,
      ]);
      return known.explain["zh-CN"](Object.fromEntries(largest));
    });
    expect(longest.filter((text) => lengthOf(text) > TEXT_CHARACTERS_MAX)).toEqual([]);
  });
});

test("the advice of every reason has at most that many characters and names the next step", () => {
  const codes = [...RULES.map(({ id }) => id), "CHALLENGE_FAILED"];
  for (const code of codes) {
    const advice = defaultBundle.bundle.adviceOf(code)!["zh-CN"];
    expect(advice).toMatch(NEXT_STEP);
    expect(lengthOf(advice)).toBeLessThanOrEqual(TEXT_CHARACTERS_MAX);
  }
});
