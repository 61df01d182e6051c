/** docs/loss-policies.md and docs/card-states.md are what the data and the code's table give, and leave nothing out. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { lossPoliciesFile } from "../../schemas/bundle/loss-policies.js";
import { lossFactsFile } from "../../schemas/loss-facts.js";
import { isRefusedCell, LOSS_PASSAGES, LOSS_TRANSITIONS } from "../../services/detector/card/transitions.js";
import { cardStatesText } from "../../tools/card-states-page.js";
import { lossPoliciesText } from "../../tools/loss-policies-page.js";
import { markdownTable } from "../../tools/markdown-table.js";

const read = (path: string) => readFileSync(path, "utf8");
const policies = lossPoliciesFile.parse(JSON.parse(read("rulesets/loss-policies.json")));
const facts = lossFactsFile.parse(JSON.parse(read("rulesets/loss-facts.json")));

describe("docs/loss-policies.md", () => {
  const page = lossPoliciesText();

  test("is what the data give: else run 'npm run generate'", () => {
    expect(read("docs/loss-policies.md")).toBe(page);
  });

  test.each([...policies.rows, ...facts.statements].map((row) => [row.id, row] as const))(
    "%s has a line with its source",
    (id, row) => {
      const line = page.split("\n").find((each) => each.startsWith(`| ${id} |`));
      expect(line).toContain(row.source);
    },
  );

  test.each(facts.statements.map((each) => [each.id, each.notInForceBecause] as const))(
    "%s says why it is not in force",
    (id, why) => {
      expect(page.split("\n").find((each) => each.startsWith(`| ${id} |`))).toContain(why);
    },
  );

  test.each([
    ["BJ-1", "| at once | 10 calendar days | the city releases it |"],
    [
      "CN-17",
      "| within 24 hours | 7 to 15 calendar days | the city restores settlement; formal report within 2 working days |",
    ],
    ["TC-26", "| after 1 to 2 working days | – |"],
    ["TC-29", "| after 1 to 2 hours | – | formal report within 24 hours |"],
    ["BJ-4", "| at once | until replaced |"],
  ])("%s is told in plain words", (id, words) => {
    expect(page.split("\n").find((each) => each.startsWith(`| ${id} |`))).toContain(words);
  });
});

describe("docs/card-states.md", () => {
  const page = cardStatesText();

  test("is drawn from the code's table: else run 'npm run generate'", () => {
    expect(read("docs/card-states.md")).toBe(page);
  });

  test("draws every change of the loss table and none that is refused", () => {
    const [, drawn] = /```mermaid\n(.*?)```/s.exec(page)!;
    for (const [from, row] of Object.entries(LOSS_TRANSITIONS))
      for (const [action, to] of Object.entries(row)) {
        const arrow = new RegExp(`${node(from)} --> ${node(to)} : .*\\b${action}\\b`);
        if (to === from || isRefusedCell(to)) expect(drawn).not.toMatch(arrow);
        else expect(drawn).toMatch(arrow);
      }
    for (const { from, to } of LOSS_PASSAGES) expect(drawn).toContain(`${node(from)} --> ${node(to)} : `);
  });
});

test("a bar in a cell does not end it", () => {
  expect(markdownTable(["a"], [["x|y"]])).toBe("| a |\n| --- |\n| x\\|y |");
});

function node(state: string): string {
  return state.replaceAll("-", "_");
}
