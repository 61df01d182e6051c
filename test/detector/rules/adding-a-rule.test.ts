/** docs/adding-a-rule.md quotes R10's file, row and cases: the page stays true. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { defaultBundle } from "../../support/judge.js";
import { readCaseTables } from "./case-table.js";

const page = readFileSync("docs/adding-a-rule.md", "utf8");

function blocksOf(language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, "gs"))].map(([, block]) => block!);
}

describe("docs/adding-a-rule.md", () => {
  test("quotes the rule's file", () => {
    expect(blocksOf("ts")[0]).toBe(
      readFileSync("services/detector/rules/r10-default-pin.ts", "utf8").trimEnd(),
    );
  });

  test("quotes the rule's row", () => {
    const row = defaultBundle.ruleset.rules.find(({ id }) => id === "R10");
    expect(JSON.parse(blocksOf("json")[0]!)).toEqual(row);
  });

  test("quotes cases of the rule's table", () => {
    const quoted = JSON.parse(blocksOf("json")[1]!);
    const file = JSON.parse(readFileSync("services/detector/rules/r10-default-pin.cases.json", "utf8"));
    expect(quoted.rule).toBe(file.rule);
    expect(file.cases).toEqual(expect.arrayContaining(quoted.cases));
  });

  test("describes every field of a case", () => {
    const fields = readCaseTables().flatMap(({ cases }) =>
      cases.flatMap(({ then, ...others }) => [...Object.keys(then), ...Object.keys(others)]),
    );
    const prose = page.replace(/```.*?```/gs, "");
    const words = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code!.match(/\w+/g) ?? []);
    for (const field of new Set(fields)) expect(words).toContain(field);
  });
});
