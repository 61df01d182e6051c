/** docs/rules/R11.md and so on, docs/patrols.md: as the registry, the settings and the case tables give them. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { PATROLS } from "../../services/alerts/patrol/registry.js";
import { patrolPages } from "../../tools/patrol-pages.js";
import { patrolsText } from "../../tools/patrols-page.js";

/** Of a text that a cardholder reads (docs/rules.md). */
const HOLDER_LENGTH_MAX = 120;
const pages = patrolPages();

describe.each(PATROLS)("the page of $id", ({ id, holder, parameters }) => {
  const page = pages.get(`${id}.md`)!;

  test("is what the code gives: else run 'npm run generate'", () => {
    expect(readFileSync(`docs/rules/${id}.md`, "utf8")).toBe(page);
  });

  test("is linked from the rules' index and from the overview", () => {
    expect(readFileSync("docs/rules/README.md", "utf8")).toContain(`| [${id}](${id}.md) |`);
    expect(patrolsText()).toContain(`| [${id}](rules/${id}.md) |`);
  });

  test("has every parameter, and an example whose places are filled", () => {
    for (const name of Object.keys(parameters)) expect(page).toContain(`| \`${name}\` |`);
    const [, example] = /## Example\n\n([\s\S]*?)\n## /.exec(page)!;
    expect(example).toMatch(/[\u4e00-\u9fff]/);
    expect(example).not.toMatch(/[{}]|undefined/);
  });

  test("tells a cardholder in Chinese what to do, in at most 120 characters", () => {
    expect(page).toContain(holder["zh-CN"]);
    expect(holder["zh-CN"].length).toBeLessThanOrEqual(HOLDER_LENGTH_MAX);
  });
});

test("docs/patrols.md is what the code gives: else run 'npm run generate'", () => {
  expect(readFileSync("docs/patrols.md", "utf8")).toBe(patrolsText());
});
