/** docs/rules/Rxx.md say whose region decides, in agreement with what a ruleset accepts (schemas/bundle/ruleset.ts). */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { RULES } from "../../services/detector/rules/registry.js";
import { compileRuleset } from "../../services/detector/ruleset.js";
import { rulePages } from "../../tools/rule-pages.js";
import { defaultBundle } from "../support/judge.js";

const pages = rulePages();
const { ruleset, content } = defaultBundle;

const ABOUT_PURCHASES = ["R12", "R13", "R14", "R15", "R16", "R17", "R19", "R20"];
const ABOUT_THE_HOLDER = ["R08", "R09", "R10", "R21"];

function rowOf(id: string, head: string): string | undefined {
  return pages
    .get(`${id}.md`)!
    .split("\n")
    .find((line) => line.startsWith(`| ${head} |`));
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))("the page of %s", (id, rule) => {
  test("is what the code gives: else run 'npm run generate'", () => {
    expect(readFileSync(`docs/rules/${id}.md`, "utf8")).toBe(pages.get(`${id}.md`));
  });

  test("says which region's overrides count", () => {
    const row = rowOf(id, "whose region's overrides count");
    const named = ["careRegion", "insuredRegion", "none"].filter((word) => row?.includes(word));
    const expected = ABOUT_PURCHASES.includes(id)
      ? "careRegion"
      : ABOUT_THE_HOLDER.includes(id)
        ? "insuredRegion"
        : "none";
    expect(named).toEqual([expected]);
  });

  test("says none exactly where a ruleset that overrides the rule is refused", () => {
    const overrides = { "3301": { [id]: {} } };
    const { ok } = compileRuleset({ ...ruleset, overrides }, { regions: content.regions });
    expect(rowOf(id, "whose region's overrides count")!.includes("none")).toBe(!ok);
  });

  test("names loss policies only where the rule goes by them", () => {
    const page = pages.get(`${id}.md`)!;
    const goesByPolicies = rule.reads.every((read) => read === "card-state");
    expect(page.includes("None: what it judges by is in the loss policies")).toBe(goesByPolicies);
  });
});
