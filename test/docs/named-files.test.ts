/** What the pages in docs and the README point at is there. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";

const PAGES = [
  "README.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/** Folders of the repository that pages name files by, from the root. */
const FROM_THE_ROOT =
  /^(bench|cli|deploy|docs|platform|rulesets|schemas|services|test|tools)\/[\w./-]+\.(ts|json|md|sql|ndjson|ya?ml)$/;
/** How a rule to be written is called in docs/adding-a-rule.md. */
const TO_BE_WRITTEN = /rNN-/;

function missing(page: string, pattern: RegExp, folder: string): string[] {
  return [...readFileSync(page, "utf8").matchAll(pattern)]
    .map(([, name]) => name!)
    .filter((name) => !existsSync(join(folder, name)));
}

describe.each(PAGES)("%s", (page) => {
  test("links to pages and files that exist", () => {
    expect(missing(page, /\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g, dirname(page))).toEqual([]);
  });

  test("names files beside itself that lie there", () => {
    expect(missing(page, /`([^`\s]+)` beside this page/g, dirname(page))).toEqual([]);
  });

  test("names files of the repository that exist", () => {
    const named = missing(page, /`([^`\s]+)`/g, ".").filter((name) => FROM_THE_ROOT.test(name));
    expect(named.filter((name) => !TO_BE_WRITTEN.test(name))).toEqual([]);
  });
});

test("the normative text names the normative rows of loss policies", () => {
  expect(readFileSync("docs/rules.md", "utf8")).toContain("`loss-policies-in-force.json` beside this page");
});
