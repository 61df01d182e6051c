/** Mistakes in the files of a bundle: each named by file, path, what may stand there and what was given; all at once. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "@jest/globals";
import type * as z from "zod";
import { BundleError, loadBundle, readChecked } from "../../cli/bundle-files.js";
import { packageRoot } from "../../cli/package-root.js";
import { adviceFile } from "../../schemas/bundle/advice.js";
import { calendarFile } from "../../schemas/bundle/calendar.js";
import { highResaleDrugsFile } from "../../schemas/bundle/high-resale-drugs.js";
import { lossPoliciesFile } from "../../schemas/bundle/loss-policies.js";
import { regionsFile } from "../../schemas/bundle/regions.js";
import { responseCodesFile } from "../../schemas/bundle/response-codes.js";
import { rulesetFile } from "../../schemas/bundle/ruleset.js";

const folder = mkdtempSync(join(tmpdir(), "kadun-bundle-problems-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SHAPES: Readonly<Record<string, z.ZodType>> = {
  default: rulesetFile,
  "loss-policies": lossPoliciesFile,
  calendar: calendarFile,
  regions: regionsFile,
  "high-resale-drugs": highResaleDrugsFile,
  "response-codes": responseCodesFile,
  advice: adviceFile,
};

/** The shipped file with a value put at a path (`rows.0.channel`); undefined takes it out. */
function changed(name: string, path: string, value: unknown): string {
  const document: unknown = JSON.parse(readFileSync(join(packageRoot, "rulesets", `${name}.json`), "utf8"));
  const keys = path.split(".");
  const last = keys.pop()!;
  let place = document as Record<string, unknown>;
  for (const key of keys) {
    place[key] ??= {};
    place = place[key] as Record<string, unknown>;
  }
  place[last] = value;
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof BundleError)
      return error.problems.map(({ path, expected }) => `${path}: ${expected}`);
    throw error;
  }
  return [];
}

const NEVER_THERE = undefined;

describe("a mistake in", () => {
  test.each<[string, string, unknown, string]>([
    ["default", "rules.0.version", 0, "rules.0.version: a whole number from 1 is expected (given 0)"],
    [
      "default",
      "rules.0.mode",
      "on",
      'rules.0.mode: Invalid option: expected one of "live"|"shadow"|"off" (given "on")',
    ],
    [
      "default",
      "rules.0.name",
      NEVER_THERE,
      "rules.0.name: missing; Invalid input: expected string, received undefined",
    ],
    ["default", "version", "", 'version: a text of 1 to 64 characters is expected (given "")'],
    [
      "loss-policies",
      "regions.*.pinLockLimit",
      99,
      "regions.*.pinLockLimit: a whole number from 1 to 8 is expected (given 99)",
    ],
    [
      "loss-policies",
      "regions.*.pinLockLimit",
      "5",
      'regions.*.pinLockLimit: a whole number from 1 to 8 is expected (given "5")',
    ],
    [
      "loss-policies",
      "regions.33.activationDelayCd",
      0,
      "regions.33.activationDelayCd: a whole number from 1 to 366 is expected (given 0)",
    ],
    [
      "loss-policies",
      "rows.0.delayMax",
      [-1, "h"],
      "rows.0.delayMax.0: a whole number from 0 is expected (given -1)",
    ],
    [
      "loss-policies",
      "rows.0.validity",
      [10, 5, "cd"],
      'rows.0.validity: 0 < min <= max <= one year (given [10,5,"cd"])',
    ],
    [
      "loss-policies",
      "rows.0.source",
      "",
      'rows.0.source: a text of 1 to 256 characters is expected (given "")',
    ],
    ["loss-policies", "rows.0.id", "bad id!", 'rows.0.id: an id such as BJ-1 (given "bad id!")'],
    ["calendar", "coverage.to", "2026-02-30", 'coverage.to: a date that exists (given "2026-02-30")'],
    ["regions", "regions.33.1", 200, "regions.33.1: a number from 73 to 136 is expected (given 200)"],
    ["regions", "regions.33.2", null, "regions.33.2: a number from 3 to 54 is expected (given null)"],
    ["high-resale-drugs", "codes", [""], 'codes.0: a text of 1 to 128 characters is expected (given "")'],
    ["response-codes", "byAction.reject", "b", 'byAction.reject: two characters such as B7 (given "b")'],
    ["advice", "R01.en", "", 'R01.en: a text of 1 to 300 characters is expected (given "")'],
  ])("%s at %s: %j", (name, path, value, expected) => {
    expect(problemsOf(() => readChecked(changed(name, path, value), SHAPES[name]!))).toContain(expected);
  });

  test.each([
    ["calendar", "holidays", ["1999-01-01"], /^holidays(\.0)?: /],
    ["regions", "adjacentPairs", [["3399", "3301"]], /^adjacentPairs: 3399 is listed but not among regions/],
    ["regions", "regions.99", ["nowhere", 100, 30], /^regions\.99: 99 belongs to no listed province/],
  ])("%s at %s that only the rest of the file shows has a path, too", (name, path, value, expected) => {
    const problems = problemsOf(() => readChecked(changed(name, path, value), SHAPES[name]!));
    expect(problems).toContainEqual(expect.stringMatching(expected));
  });

  test("a rule's parameter names both ends of its range", () => {
    const file = join(folder, "overlay.json");
    const params = { sharePercentMin: 400, windowMinutes: "x" };
    writeFileSync(
      file,
      JSON.stringify({ name: "mine", version: "1", extends: "default", rules: [{ id: "R14", params }] }),
    );
    expect(problemsOf(() => loadBundle({ rulesetFile: file }))).toEqual([
      expect.stringMatching(
        /^rules\.R14\.params\.sharePercentMin: a (whole )?number from \d+ to 100 is expected \(given 400\)$/,
      ),
      expect.stringMatching(
        /^rules\.R14\.params\.windowMinutes: a whole number from \d+ to \d+ is expected \(given "x"\)$/,
      ),
    ]);
  });
});

describe("mistakes", () => {
  it("of ruleset and policies are told together, each once", () => {
    const rulesetFile = changed("default", "rules.0.mode", "on");
    const policiesFile = changed("loss-policies", "regions.*.pinLockLimit", 99);
    expect(problemsOf(() => loadBundle({ rulesetFile, policiesFile }))).toEqual([
      'rules.0.mode: Invalid option: expected one of "live"|"shadow"|"off" (given "on")',
      "regions.*.pinLockLimit: a whole number from 1 to 8 is expected (given 99)",
    ]);
  });

  it("of an overlay are told together, also where one of its rules is unknown and the policies are wrong", () => {
    const rulesetFile = join(folder, "several.json");
    const rules = [{ id: "R99" }, { id: "R14", params: { windowMinuts: 30 } }];
    writeFileSync(rulesetFile, JSON.stringify({ name: "mine", version: "1", extends: "default", rules }));
    const policiesFile = changed("loss-policies", "regions.*.pinLockLimit", 99);
    expect(problemsOf(() => loadBundle({ rulesetFile, policiesFile }))).toEqual([
      expect.stringMatching(/^rules\.0\.id: unknown rule 'R99'; known: R01, /),
      expect.stringMatching(/^rules\.R14\.params\.windowMinuts: a parameter of R14: /),
      "regions.*.pinLockLimit: a whole number from 1 to 8 is expected (given 99)",
    ]);
  });
});
