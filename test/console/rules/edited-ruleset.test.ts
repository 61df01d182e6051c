/** One rule of a draft as the editor has it. */

import { expect, it } from "@jest/globals";
import { loadBundle } from "../../../cli/bundle-files.js";
import { mistakesByRule, withEditedRule } from "../../../cli/process/rules-console/edited-ruleset.js";

const { ruleset: base } = loadBundle();
const R14 = base.rules.find(({ id }) => id === "R14")!;
const asIs = {
  revision: 0,
  mode: R14.mode,
  severity: R14.severity,
  params: R14.params,
  actions: {},
  overrides: [],
};

it("a rule that is edited back to what it was is the same ruleset", () => {
  const changed = withEditedRule(base, base, "R14", { ...asIs, params: { ...R14.params, limitFen: 1 } })!;
  expect(changed.rules.find(({ id }) => id === "R14")).toMatchObject({ version: 2, params: { limitFen: 1 } });
  expect(withEditedRule(changed, base, "R14", asIs)).toEqual(base);
});

it("overrides of a region join those of other rules, and go where nothing is left of them", () => {
  const override = { region: "3301", params: { limitFen: 70_000 }, actions: {} };
  const one = withEditedRule(base, base, "R14", { ...asIs, overrides: [override] })!;
  const two = withEditedRule(one, base, "R13", {
    ...asIs,
    params: { totalFenMin: 20_000 },
    severity: "medium",
    overrides: [{ region: "3301", params: {}, actions: { review: "approve" } }],
  })!;
  expect(two.overrides).toEqual({
    "3301": { R14: { params: { limitFen: 70_000 } }, R13: { actions: { review: "approve" } } },
  });
  const empty = { region: "3301", params: {}, actions: {} };
  expect(withEditedRule(one, base, "R14", { ...asIs, overrides: [empty] })).toEqual(base);
});

it("a rule that is not there is none", () => {
  expect(withEditedRule(base, base, "R99", asIs)).toBeNull();
});

it("mistakes stand beside their rule, wherever the reader found them", () => {
  const mistakes = [
    { path: "ruleset.rules.12.mode", expected: "a mode" },
    { path: "rules.R14.params.limitFen", expected: "at least 100" },
    { path: "overrides.3301.R14.params.limitFen", expected: "at least 100" },
    { path: "overrides.9999", expected: "a region" },
  ];
  expect(mistakesByRule(mistakes, base)).toEqual([
    { rule: "R14", path: "mode", expected: "a mode" },
    { rule: "R14", path: "params.limitFen", expected: "at least 100" },
    { rule: "R14", path: "overrides.3301.params.limitFen", expected: "at least 100" },
    { rule: null, path: "overrides.9999", expected: "a region" },
  ]);
});
