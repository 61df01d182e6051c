import { readdirSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { mergePatrols, PATROL_IDS } from "../../../schemas/patrols.js";
import { findingText } from "../../../services/alerts/patrol/finding.js";
import { settingsProblems } from "../../../services/alerts/patrol/patrol-parameters.js";
import { readPatrolQueries } from "../../../services/alerts/patrol/patrol-sql.js";
import { PATROLS } from "../../../services/alerts/patrol/registry.js";
import { SQL_FOLDER } from "./patrol-cases.js";
import { shippedPatrols } from "./patrol-world.js";

describe("the registry of patrols", () => {
  test("has a row, a query and a case table for each patrol of the settings, and no file besides", () => {
    expect(PATROLS.map(({ id }) => id)).toEqual([...PATROL_IDS]);
    const files = PATROLS.flatMap(({ file }) => [file, file.replace(".sql", ".cases.json")]);
    expect(readdirSync(SQL_FOLDER).sort()).toEqual(files.sort());
  });

  test.each(PATROLS)("$id: every number has its use in the query", ({ id, parameters }) => {
    const { placeholders } = readPatrolQueries(SQL_FOLDER).find(({ patrol }) => patrol.id === id)!;
    for (const name of Object.keys(parameters)) {
      const stem = name.replace(/(Minutes|Days)$/, "");
      expect(placeholders.some((used) => [name, `${stem}Ms`, `${stem}Ticks`].includes(used))).toBe(true);
    }
  });

  test.each(PATROLS)("$id: its text is whole in both languages", (patrol) => {
    const facts = Object.fromEntries(patrol.facts.map((name, index) => [name, index + 11]));
    const text = findingText(patrol, { ...shippedPatrols.patrols[patrol.id].parameters, ...facts });
    for (const words of Object.values(text)) expect(words).not.toMatch(/[{}]|undefined/);
    for (const name of patrol.facts) expect(text["zh-CN"]).toContain(String(facts[name]));
    expect(text["zh-CN"]).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe("settings of patrols", () => {
  test("the shipped ones are right", () => {
    expect(settingsProblems(shippedPatrols)).toEqual([]);
  });

  test("a mistake is named by its path and what was expected", () => {
    const wrong = mergePatrols(shippedPatrols, {
      patrols: {
        R11: { parameters: { cardsMin: 2.5, cards: 3 } },
        R22: { parameters: { victimRules: 8 } },
        R25: { parameters: { lateShare: 5 } },
      },
    });
    expect(settingsProblems(wrong)).toEqual([
      "patrols.R11.parameters.cards: not known; known: windowMinutes, cardsMin",
      "patrols.R11.parameters.cardsMin: expected a whole number from 2 to 1000",
      "patrols.R22.parameters.victimRules: expected a list of rule ids such as R08",
      "patrols.R25.parameters.lateShare: expected a number from 0 to 1",
    ]);
  });

  test.each([
    [
      "R18",
      { historyDays: 5 },
      "patrols.R18.parameters.historyDaysMin: expected at most historyDays (5): there would never be a median",
    ],
    [
      "R18",
      { nightFromHour: 6 },
      "patrols.R18.parameters.nightToHour: expected another hour than nightFromHour; nightWeight 1 is how a night counts like a day",
    ],
  ] as const)("%s with %j would switch a clause off and is refused", (id, parameters, problem) => {
    const wrong = mergePatrols(shippedPatrols, { patrols: { [id]: { parameters } } });
    expect(settingsProblems(wrong)).toEqual([problem]);
  });

  test.each(["R11", "R20X", "R00", "R26"])("%s makes no victims: no decision names it", (rule) => {
    const wrong = mergePatrols(shippedPatrols, {
      patrols: { R22: { parameters: { victimRules: ["R09", rule] } } },
    });
    expect(settingsProblems(wrong)).toEqual([
      `patrols.R22.parameters.victimRules: no rule ${rule} judges swipes; known: R01, R02, R03, R04, R05, R06, R07, R08, R09, R10, R12, R13, R14, R15, R16, R17, R19, R20, R21`,
    ]);
  });

  test("what an installation does not name stays as it is shipped", () => {
    const changed = mergePatrols(shippedPatrols, { patrols: { R18: { parameters: { personsMin: 8 } } } });
    expect(changed.patrols.R18).toEqual({
      ...shippedPatrols.patrols.R18,
      parameters: { ...shippedPatrols.patrols.R18.parameters, personsMin: 8 },
    });
    expect(changed.patrols.R11).toEqual(shippedPatrols.patrols.R11);
  });
});
