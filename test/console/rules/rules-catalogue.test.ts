/** The rules in words: every rule and parameter has them, as the registry has them. */

import { expect, it } from "@jest/globals";
import { loadBundle } from "../../../cli/bundle-files.js";
import { loadPatrols } from "../../../cli/process/patrols-process.js";
import { hasParameterWords } from "../../../cli/process/rules-console/parameter-words.js";
import { PATROL_TITLES, RULE_WORDS } from "../../../cli/process/rules-console/rule-words.js";
import { cataloguedPatrols, cataloguedRules } from "../../../cli/process/rules-console/rules-catalogue.js";
import { PATROLS } from "../../../services/alerts/patrol/registry.js";
import { RULES } from "../../../services/detector/rules/registry.js";

const { ruleset } = loadBundle();
const patrols = loadPatrols("");
const rules = cataloguedRules({ ruleset, shipped: ruleset, lowered: new Set(["R14"]) });
const all = [...rules, ...cataloguedPatrols(patrols, patrols)];
const CHINESE = /\p{Script=Han}/u;

it("every rule of the registry and every patrol is there, in words of both languages", () => {
  expect(all.map(({ id }) => id)).toEqual([...RULES, ...PATROLS].map(({ id }) => id));
  for (const { id, title, sees, basis } of all) {
    for (const text of [title.zh, sees.zh, basis.zh]) expect(`${id} ${text}`).toMatch(CHINESE);
    for (const text of [title.en, sees.en, basis.en]) expect(`${id} ${text}`.length).toBeGreaterThan(8);
  }
  expect(Object.keys(RULE_WORDS)).toEqual(RULES.map(({ id }) => id));
  expect(Object.keys(PATROL_TITLES)).toEqual(PATROLS.map(({ id }) => id));
});

it("every parameter in force is in the form, with a name in words and limits that hold its value", () => {
  for (const { id, parameters } of all) {
    const row = ruleset.rules.find((rule) => rule.id === id);
    if (row !== undefined)
      expect(parameters.map(({ name }) => name).sort()).toEqual(Object.keys(row.params).sort());
    for (const { name, value, min, max, shipped } of parameters) {
      expect([name, hasParameterWords(name)]).toEqual([name, true]);
      expect([id, name, shipped]).toEqual([id, name, value]);
      if (typeof value !== "number") continue;
      expect([id, name, value >= (min ?? value), value <= (max ?? value)]).toEqual([id, name, true, true]);
    }
  }
});

it("limits and units come from the rule's own schema and the parameter's name", () => {
  const split = rules.find(({ id }) => id === "R14")!;
  expect(split.parameters.find(({ name }) => name === "countMin")).toMatchObject({
    unit: "count",
    isWhole: true,
    min: 2,
    max: 16,
  });
  expect(split.parameters.find(({ name }) => name === "limitFen")).toMatchObject({
    unit: "fen",
    min: 100,
    max: null,
  });
  expect(split).toMatchObject({ overriddenBy: "careRegion", isLowered: true, finds: ["challenge"] });
  expect(rules.find(({ id }) => id === "R13")).toMatchObject({ actionMax: "challenge" });
  expect(rules.find(({ id }) => id === "R01")).toMatchObject({
    overriddenBy: "loss-policies",
    isLowered: false,
  });
});
