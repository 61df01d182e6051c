import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Outcome } from "../schemas/outcomes.js";
import type { Refusal } from "../services/ingest/refusal.js";
import { type JudgedLine, judgeLines } from "./support/judge.js";

const folder = join("test", "fixtures");
const sharedFolder = join("..", "shared", "fixtures");

interface Expected {
  readonly line: number;
  readonly outcome: string;
  readonly why: string;
  readonly [field: string]: unknown;
}

interface Fixture {
  readonly name: string;
  readonly about: string;
  readonly expected: readonly Expected[];
}

const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ndjson"))
  .map((name) => name.slice(0, -".ndjson".length));

function read(name: string): { fixture: Fixture; lines: string[] } {
  const fixture = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), "utf8")) as Fixture;
  const lines = readFileSync(join(folder, `${name}.ndjson`), "utf8")
    .trimEnd()
    .split("\n");
  return { fixture, lines };
}

function seen({ line, outcome }: JudgedLine, fields: readonly string[]): Record<string, unknown> {
  const all = { line, why: "", ...view(outcome) } as Record<string, unknown>;
  return Object.fromEntries(fields.map((field) => [field, all[field]]));
}

function view(outcome: Outcome | Refusal): Record<string, unknown> {
  if ("refused" in outcome) return { outcome: "refused", eventId: outcome.eventId, code: outcome.code };
  const { type, ...fields } = outcome;
  if (!("reasons" in outcome)) return { ...fields, outcome: type };
  const rules = outcome.reasons
    .filter((reason) => reason.mode === "live" && reason.rule !== "R00")
    .map((reason) => reason.rule)
    .sort();
  return { ...fields, outcome: type, rules };
}

describe("fixtures", () => {
  test.each(names)("%s", (name) => {
    const { fixture, lines } = read(name);
    const { judged } = judgeLines(lines);
    const actual = judged.map((each, index) => seen(each, Object.keys(fixture.expected[index] ?? {})));
    const expected = fixture.expected.map((each) => ({ ...each, why: "" }));
    expect(actual.map((each) => ({ ...each, why: "" }))).toEqual(expected);
  });

  // Only where the originals lie beside the checkout; elsewhere there is nothing to compare with.
  (existsSync(sharedFolder) ? test : test.skip)("are copies of the shared folder", () => {
    const originals = readdirSync(sharedFolder).sort();
    // national/ holds samples of another kind (test/schemas/national).
    expect(
      readdirSync(folder)
        .filter((name) => name !== "national")
        .sort(),
    ).toEqual(originals);
    for (const name of originals)
      expect(readFileSync(join(folder, name), "utf8")).toBe(readFileSync(join(sharedFolder, name), "utf8"));
  });
});
