/** Region overrides of a ruleset: what is refused, by path and reason, and which settings a region comes to. */

import { describe, expect, test } from "@jest/globals";
import { problemsOfIssues } from "../../../schemas/bundle/problem.js";
import type { RegionOverrides, RuleActions } from "../../../schemas/bundle/ruleset.js";
import { rulesetFile, rulesetOverlayFile } from "../../../schemas/bundle/ruleset.js";
import { packRegion } from "../../../services/detector/place/region.js";
import { OverrideScopes } from "../../../services/detector/rules/overrides.js";
import { compileRuleset, mergeRuleset } from "../../../services/detector/ruleset.js";
import { actionsRow } from "../../../tools/rule-pages.js";
import { defaultBundle, judgeRecords } from "../../support/judge.js";
import { at, rawSwipe, START_MS } from "../../support/records.js";
import { changedBundle } from "../changed-bundle.js";

const { ruleset, content } = defaultBundle;
const { regions } = content;

function compiled(overrides: RegionOverrides) {
  return compileRuleset({ ...ruleset, overrides }, { regions });
}

function problems(overrides: RegionOverrides): string[] {
  const result = compiled(overrides);
  return result.ok ? [] : result.problems.map(({ path, expected }) => `${path}: ${expected}`);
}

describe("an override is refused", () => {
  test.each<[string, RegionOverrides, RegExp]>([
    [
      "of a rule that the ruleset has not",
      { "3301": { R99: { params: {} } } },
      /^overrides\.3301\.R99: unknown rule 'R99'; known: R01, /,
    ],
    [
      "of a parameter that the rule has not",
      { "3301": { R14: { params: { limitYuan: 700 } } } },
      /^overrides\.3301\.R14\.params\.limitYuan: a parameter of R14: limitFen, .*chainWindowHours \(given "limitYuan"\)$/,
    ],
    [
      "of the wrong type",
      { "3301": { R14: { params: { limitFen: "700" } } } },
      /^overrides\.3301\.R14\.params\.limitFen: a whole number from 100 is expected \(given "700"\)$/,
    ],
    [
      "out of the parameter's range",
      { "330106": { R16: { params: { gapMinutes: 0 } } } },
      /^overrides\.330106\.R16\.params\.gapMinutes: a whole number from 1 to 1440 is expected \(given 0\)$/,
    ],
    [
      "that is neither number nor text",
      { "3301": { R14: { params: { limitFen: true } } } },
      /^overrides\.3301\.R14\.params\.limitFen: a whole number from 100 is expected \(given true\)$/,
    ],
    [
      "against another parameter",
      { "3301": { R14: { params: { sharePercentMin: 100, sharePercentMax: 90 } } } },
      /^overrides\.3301\.R14\.params: sharePercentMin <= sharePercentMax \(given \{.*"sharePercentMax":90/,
    ],
    [
      "of a rule that goes by card states",
      { "3301": { R01: { actions: { reject: "review" } } } },
      /^overrides\.3301\.R01: a rule from R08 on \(given 'R01'\): R01 goes by card states, .*loss policy$/,
    ],
    [
      "that lets a cross-city purchase alone reject",
      { "3301": { R13: { actions: { review: "reject" } } } },
      /^overrides\.3301\.R13\.actions\.review: at most 'challenge' for R13: 'approve', 'review', 'challenge' \(given "reject"\); choose one/,
    ],
    [
      "that lets a refund be rejected",
      { "3301": { R20: { actions: { review: "reject" } } } },
      /^overrides\.3301\.R20\.actions\.review: at most 'challenge' for R20: .* \(given "reject"\); choose one/,
    ],
    [
      "of a reject that cross-city purchases never find",
      { "3301": { R13: { actions: { reject: "review" } } } },
      /^overrides\.3301\.R13\.actions\.reject: an action that R13 finds: 'review' \(given 'reject'\); leave it out/,
    ],
    [
      "of a reject that refunds never find under this ruleset",
      { "3301": { R20: { actions: { reject: "challenge" } } } },
      /^overrides\.3301\.R20\.actions\.reject: an action that R20 finds: 'review' \(given 'reject'\); leave it out/,
    ],
    [
      "of an approval that a split purchase never finds",
      { "3301": { R14: { actions: { approve: "challenge" } } } },
      /^overrides\.3301\.R14\.actions\.approve: an action that R14 finds: 'challenge' \(given 'approve'\); leave it out/,
    ],
    [
      "of a city that there is not",
      { "3399": { R14: { params: { limitFen: 700 } } } },
      /^overrides\.3399: no such region \(given '3399'\); known in 33 浙江省: 3301, 3302, .*: correct the code, or override 33 as a whole$/,
    ],
    [
      "of a city that there is not, padded",
      { "339900": { R14: { params: { limitFen: 700 } } } },
      /^overrides\.339900: no such region \(given '339900'\); known in 33 浙江省: 3301, /,
    ],
    [
      "of a county that there is not",
      { "330199": { R14: { params: { limitFen: 700 } } } },
      /^overrides\.330199: no such region \(given '330199'\); known in 3301 杭州市: 330102, .*: correct the code, or override 3301 as a whole$/,
    ],
    [
      "of a county of a city that there is not",
      { "339901": { R14: { params: { limitFen: 700 } } } },
      /^overrides\.339901: no such region \(given '339901'\); known in 33 浙江省: 3301, /,
    ],
    [
      "of a province that there is not",
      { "9901": { R14: { params: { limitFen: 700 } } } },
      /^overrides\.9901: unknown province '99' \(given '9901'\); known: 11, 12/,
    ],
    [
      "of a region that is named twice",
      {
        "3301": { R14: { params: { limitFen: 70_000 } } },
        "330100": { R14: { params: { limitFen: 80_000 } } },
      },
      /^overrides\.330100: '3301' names the same region \(given '330100'\): keep one/,
    ],
  ])("%s", (_title, overrides, expected) => {
    const found = problems(overrides);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test("where a county's numbers do not go with its city's", () => {
    const overrides = {
      "3301": { R14: { params: { sharePercentMax: 60 } } },
      "330106": { R14: { params: { sharePercentMin: 70 } } },
    };
    expect(problems(overrides)).toEqual([
      expect.stringMatching(
        /^overrides\.330106\.R14\.params: sharePercentMin <= sharePercentMax \(given \{.*"sharePercentMin":70/,
      ),
    ]);
  });

  test("with all of its mistakes, and those of others, at once", () => {
    expect(
      problems({
        "3301": { R14: { params: { limitFen: -1, countMin: 1 } } },
        "99": { R99: {} },
      }),
    ).toHaveLength(4);
  });

  test("of a reject only where the ruleset lets boxes settled twice be rejected", () => {
    const overrides: RegionOverrides = { "3301": { R20: { actions: { reject: "challenge" } } } };
    const result = compileRuleset({ ...ruleset, traceCodeReuseAction: "reject", overrides }, { regions });
    expect(result.ok).toBe(true);
  });

  test.each<[string, object, string]>([
    [
      "by a word for a region",
      { Hangzhou: {} },
      'overrides.Hangzhou: a division code of 2, 4 or 6 digits (given "Hangzhou")',
    ],
    [
      "by a name for a rule",
      { "3301": { SPLIT: {} } },
      'overrides.3301.SPLIT: a rule id such as R01 (given "SPLIT")',
    ],
    [
      "with a field that an override has not",
      { "3301": { R14: { mode: "off" } } },
      'overrides.3301.R14.mode: params or actions: a region overrides nothing else of a rule (given "mode")',
    ],
    [
      "with an action that there is not",
      { "3301": { R14: { actions: { challenge: "deny" } } } },
      'overrides.3301.R14.actions.challenge: Invalid option: expected one of "approve"|"review"|"challenge"|"reject" (given "deny")',
    ],
    [
      "of an action that there is not",
      { "3301": { R14: { actions: { deny: "review" } } } },
      'overrides.3301.R14.actions.deny: an action: approve, review, challenge, reject (given "deny")',
    ],
    [
      "with nothing for a number",
      { "3301": { R14: { params: { limitFen: null } } } },
      "overrides.3301.R14.params.limitFen: a number, true, false, a text of at most 256 characters, or a list of at most 64 of them (given null)",
    ],
  ])("by the schema %s", (_title, overrides, expected) => {
    const overlay = { name: "a", version: "1", extends: "default", rules: [], overrides };
    for (const parsed of [
      rulesetFile.safeParse({ ...ruleset, overrides }, { reportInput: true }),
      rulesetOverlayFile.safeParse(overlay, { reportInput: true }),
    ]) {
      const found = problemsOfIssues(parsed.error?.issues ?? []);
      expect(found.map((problem) => `${problem.path}: ${problem.expected}`)).toEqual([expected]);
    }
  });
});

/** R14's limit and what a challenge of it becomes, in a region. */
function inRegion(overrides: RegionOverrides, code: string): [limitFen: unknown, challenge: unknown] {
  const result = compiled(overrides);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const rule = result.rules.find((each) => each.rule.id === "R14")!;
  const { params, actions } = rule.settings[result.scopes.scopeOf(packRegion(code))]!;
  return [(params as { limitFen: number }).limitFen, actions?.[2] ?? 2];
}

describe("a region goes by the nearest override of each number and action", () => {
  const overrides: RegionOverrides = {
    "33": { R14: { params: { limitFen: 40_000 }, actions: { challenge: "review" } } },
    "330100": { R14: { params: { limitFen: 60_000 } } },
    "330106": { R14: { actions: { challenge: "reject" } } },
    "11": { R14: { params: { limitFen: 80_000 } } },
    "419001": { R14: { params: { limitFen: 90_000 } } },
  };
  test.each([
    ["the county", "330106", 60_000, 3],
    ["another county of the city", "330185", 60_000, 1],
    ["a county that no table has", "330199", 60_000, 1],
    ["the city", "3301", 60_000, 1],
    ["the city, padded", "330100", 60_000, 1],
    ["another city of the province", "330600", 40_000, 1],
    ["the province", "33", 40_000, 1],
    ["the province, padded", "330000", 40_000, 1],
    ["a municipality's county", "110105", 80_000, 2],
    ["a county that is a city of its own", "419001", 90_000, 2],
    ["its neighbour", "4190", 50_000, 2],
    ["elsewhere", "340100", 50_000, 2],
    ["nowhere", "990000", 50_000, 2],
  ])("%s (%s)", (_title, code, limitFen, challenge) => {
    expect(inRegion(overrides, code)).toEqual([limitFen, challenge]);
  });

  test("whether or not the code is in the table", () => {
    const result = compiled(overrides);
    if (!result.ok) throw new Error("refused");
    const byDigits = new OverrideScopes(overrides, {});
    for (const code of Object.keys(regions.regions)) {
      const region = packRegion(code);
      expect([code, result.scopes.scopeOf(region)]).toEqual([code, byDigits.scopeOf(region)]);
    }
  });
});

test("an overlay changes the overrides of the default number by number", () => {
  const base = {
    ...ruleset,
    overrides: { "3301": { R14: { params: { limitFen: 60_000, countMin: 4 } } } },
  };
  const overlay = rulesetOverlayFile.parse({
    name: "mine",
    version: "1",
    extends: "default",
    rules: [],
    overrides: {
      "3301": { R14: { params: { limitFen: 70_000 }, actions: { challenge: "review" } } },
      "34": { R13: { params: { totalFenMin: 1 } } },
    },
  });
  expect(mergeRuleset(base, overlay).overrides).toEqual({
    "3301": { R14: { params: { limitFen: 70_000, countMin: 4 }, actions: { challenge: "review" } } },
    "34": { R13: { params: { totalFenMin: 1 }, actions: {} } },
  });
  expect(mergeRuleset(ruleset, { ...overlay, overrides: {} })).not.toHaveProperty("overrides");
});

describe("the actions of a rule in the whole country", () => {
  const rulesWith = (id: string, actions: RuleActions) =>
    ruleset.rules.map((rule) => (rule.id === id ? { ...rule, actions } : rule));
  const national = (id: string, actions: RuleActions, overrides: RegionOverrides = {}) =>
    compileRuleset({ ...ruleset, rules: rulesWith(id, actions), overrides }, { regions });

  test("count everywhere, but where a region says otherwise of the same found action", () => {
    const result = national(
      "R10",
      { challenge: "review", approve: "review" },
      {
        "33": { R10: { actions: { challenge: "reject" } } },
        "3301": { R10: { params: { totalFenMin: 1 } } },
      },
    );
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { settings } = result.rules.find(({ rule }) => rule.id === "R10")!;
    const inRegionOf = (code: string) => settings[result.scopes.scopeOf(packRegion(code))]!.actions;
    expect(["110000", "330100", "330600"].map(inRegionOf)).toEqual([
      [1, 1, 1, 3],
      [1, 1, 3, 3],
      [1, 1, 3, 3],
    ]);
  });

  test.each<[string, string, RuleActions, string]>([
    [
      "of a rule that goes by card states",
      "R01",
      { reject: "review" },
      `rules.R01.actions: no actions of R01 (given {"reject":"review"}): it goes by card states, set its actions in the loss policies`,
    ],
    [
      "of an action that the rule never finds",
      "R14",
      { reject: "review" },
      "rules.R14.actions.reject: an action that R14 finds: 'challenge' (given 'reject'); leave it out, it would never act",
    ],
    [
      "that makes it stronger than it may be",
      "R13",
      { review: "reject" },
      `rules.R13.actions.review: at most 'challenge' for R13: 'approve', 'review', 'challenge' (given "reject"); choose one of them`,
    ],
  ])("are refused %s", (_title, id, actions, expected) => {
    const result = national(id, actions);
    expect(result.ok ? [] : result.problems.map((each) => `${each.path}: ${each.expected}`)).toEqual([
      expected,
    ]);
  });

  test("are refused by the schema where there is no such action", () => {
    const given = { ...ruleset, rules: rulesWith("R14", { challenge: "deny" } as never) };
    const { error } = rulesetFile.safeParse(given, { reportInput: true });
    expect(problemsOfIssues(error?.issues ?? [])).toEqual([
      {
        path: expect.stringMatching(/^rules\.\d+\.actions\.challenge$/),
        expected: expect.stringContaining('"review"'),
      },
    ]);
  });

  test("are changed by an overlay one found action at a time, and absent where nobody gives any", () => {
    const overlay = rulesetOverlayFile.parse({
      name: "mine",
      version: "1",
      extends: "default",
      rules: [{ id: "R10", actions: { challenge: "review" } }],
    });
    const rowOf = (base: typeof ruleset) => mergeRuleset(base, overlay).rules.find(({ id }) => id === "R10");
    expect(rowOf(ruleset)).toMatchObject({ actions: { challenge: "review" } });
    expect(
      rowOf({ ...ruleset, rules: rulesWith("R10", { approve: "review", challenge: "reject" }) }),
    ).toMatchObject({
      actions: { approve: "review", challenge: "review" },
    });
    expect(mergeRuleset(ruleset, { ...overlay, rules: [] }).rules.every((rule) => !("actions" in rule))).toBe(
      true,
    );
  });

  test("make a challenge a review, and say so on the rule's page", () => {
    const loaded = changedBundle({ ruleset: { rules: [{ id: "R14", actions: { challenge: "review" } }] } });
    const split = ["a", "b", "c"].map((eventId, index) =>
      rawSwipe({ eventId, totalFen: 49_000, accountFen: 0, occurredAt: at(START_MS + index * 60_000) }),
    );
    const actionsOf = (bundle: typeof loaded) =>
      judgeRecords(split, bundle).map(({ outcome }) =>
        "reasons" in outcome
          ? outcome.reasons.filter(({ rule }) => rule === "R14").map(({ action }) => action)
          : [],
      );
    expect(actionsOf(defaultBundle)).toEqual([[], [], ["challenge"]]);
    expect(actionsOf(loaded)).toEqual([[], [], ["review"]]);
    const row = loaded.bundle.rules.find(({ rule }) => rule.id === "R14")!;
    expect(actionsRow(row)).toBe("| which the ruleset lets count as | challenge → review |\n");
    expect(actionsRow(defaultBundle.bundle.rules[0]!)).toBe("");
  });
});
