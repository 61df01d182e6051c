/** A lowered rule is a sound bundle in which it only reviews, in every region; all else is as it was. */

import { expect, it, test } from "@jest/globals";
import { bundleOfContent } from "../../../cli/bundle-files.js";
import { loweredRules } from "../../../cli/process/lowered-rules.js";
import { isOfLossPolicies } from "../../../services/detector/rules/override-problems.js";
import { RULES } from "../../../services/detector/rules/registry.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { defaultBundle } from "../../support/judge.js";

interface Ruleset {
  readonly rules: readonly { readonly id: string; readonly actions?: Record<string, string> }[];
  readonly overrides?: Record<string, Record<string, unknown>>;
}
const rulesetOf = (content: unknown) => (content as { ruleset: Ruleset }).ruleset;
const hashOf = (content: unknown) => bundleOfContent(JSON.stringify(content), "lowered").bundle.hash;

const LOWERED = RULES.filter((rule) => !isOfLossPolicies(rule)).map(({ id }) => id);

test.each(LOWERED)("%s can be lowered, and asks for a review where it stopped", (id) => {
  const content = loweredRules(defaultBundle.content, [id]);
  expect(hashOf(content)).toMatch(/^[0-9a-f]{64}$/);
  const { actions = {} } = rulesetOf(content).rules.find((rule) => rule.id === id)!;
  expect(new Set(Object.values(actions))).toEqual(new Set(Object.keys(actions).length > 0 ? ["review"] : []));
  const others = (whole: unknown) => rulesetOf(whole).rules.filter((rule) => rule.id !== id);
  expect(others(content)).toEqual(others(defaultBundle.content));
});

it("what regions make of the rule is lowered with it, their parameters stay", () => {
  const { content } = changedBundle({
    ruleset: {
      overrides: { "33": { R12: { params: { speedKmhMax: 200 }, actions: { challenge: "reject" } } } },
    },
  });
  const lowered = loweredRules(content, ["R12"]);
  hashOf(lowered);
  expect(rulesetOf(lowered).overrides).toEqual({ "33": { R12: { params: { speedKmhMax: 200 } } } });
});
