/** rulesets/loss-facts.json: whole, refused where it is wrong, and apart from what is in force. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { lossPoliciesFile } from "../../schemas/bundle/loss-policies.js";
import { regionsFile } from "../../schemas/bundle/regions.js";
import { lossFactsFile } from "../../schemas/loss-facts.js";

const read = (name: string): unknown => JSON.parse(readFileSync(name, "utf8"));
const facts = lossFactsFile.parse(read("rulesets/loss-facts.json"));
const policies = lossPoliciesFile.parse(read("rulesets/loss-policies.json"));
const inForce = read("docs/loss-policies-in-force.json") as {
  rows: readonly Record<string, unknown>[];
  regions: Readonly<Record<string, object>>;
};

describe("what is in force is exactly the normative list", () => {
  test("row by row, in its facts", () => {
    const picked = policies.rows.map(({ id, region, credential, channel, kind, delayMax, validity }) => ({
      id,
      region,
      credential,
      channel,
      kind,
      delayMax,
      validity,
    }));
    expect(picked).toEqual(inForce.rows);
  });

  test("region by region, in its settings", () => {
    const settings = Object.entries(policies.regions).map(
      ([region, { source: _source, confidence: _confidence, ...values }]) => [region, values],
    );
    expect(Object.fromEntries(settings)).toEqual(inForce.regions);
  });

  test("no row asks for another action while a report is pending, or counts days otherwise", () => {
    for (const { pendingAction, countFirstDay } of policies.rows)
      expect([pendingAction ?? "challenge", countFirstDay ?? true]).toEqual(["challenge", true]);
  });
});

describe("every row of the sources", () => {
  const all = [...policies.rows, ...facts.statements].map(({ id, source }) => ({ id, source: source! }));

  test.each(Array.from({ length: 29 }, (_, index) => index + 1))("row %i is in force or told", (row) => {
    expect(all.filter(({ source }) => new RegExp(`\\brow ${row}\\b`).test(source))).not.toEqual([]);
  });

  test.each(["[1]", "[2]", "[3]", "[4]", "[5]"])("so is what %s adds", (source) => {
    expect(facts.statements.filter((each) => each.source.includes(`${source}, extra`))).not.toEqual([]);
  });

  test("no statement has the id of a row in force", () => {
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test("every region named is known", () => {
    const { regions } = regionsFile.parse(read("rulesets/regions.json"));
    const named = [...facts.statements, ...facts.releases, ...facts.replacements].map(({ region }) => region);
    expect(named.filter((region) => region !== "*" && !(region in regions))).toEqual([]);
  });

  test.each(facts.releases.map((release) => [release.id, release] as const))(
    "release %s says what its rows say",
    (_id, { rows, requires }) => {
      for (const id of rows) {
        const row = policies.rows.find((each) => each.id === id);
        expect({ id, releaseRequires: row?.releaseRequires }).toEqual({ id, releaseRequires: requires });
      }
    },
  );

  test("every row that says what its release needs stands in a release", () => {
    const told = facts.releases.flatMap(({ rows }) => rows);
    const needing = policies.rows.filter(({ releaseRequires }) => releaseRequires).map(({ id }) => id);
    expect(needing.filter((id) => !told.includes(id))).toEqual([]);
  });
});

describe("refused by path and reason", () => {
  const first = { ...facts, statements: [facts.statements[0]!] };
  const problems = (file: unknown) =>
    (lossFactsFile.safeParse(file).error?.issues ?? []).map(
      ({ path, message }) => `${path.join(".")}: ${message}`,
    );

  test("the file as it is is not", () => {
    expect(problems(facts)).toEqual([]);
  });

  test.each([
    [
      "no reason why it is not in force",
      { notInForceBecause: undefined },
      /^statements\.0\.notInForceBecause/,
    ],
    ["an unknown field", { inForce: true }, /^statements\.0: .*inForce/],
    ["a source left out", { source: undefined }, /^statements\.0\.source/],
    ["a validity of nothing", { validity: [0, 0, "h"] }, /^statements\.0\.validity: 0 < min/],
    ["an unknown wallet", { wallet: "purse" }, /^statements\.0\.wallet/],
    ["an unknown channel", { channel: "fax" }, /^statements\.0\.channel/],
  ])("%s", (_name, change, message) => {
    const [problem] = problems({ ...first, statements: [{ ...first.statements[0], ...change }] });
    expect(problem).toMatch(message);
  });

  test.each([
    ["fees upside down", { feeFen: [200, 100] }, /^replacements\.0\.feeFen: \[least, most\]/],
    ["a fee in yuan and jiao", { feeFen: [0.5, 1] }, /^replacements\.0\.feeFen/],
  ])("%s", (_name, change, message) => {
    const [problem] = problems({ ...first, replacements: [{ ...facts.replacements[0], ...change }] });
    expect(problem).toMatch(message);
  });

  test("one id twice, one topic twice, a contradiction of one value", () => {
    const [statement] = facts.statements;
    const [contradiction] = facts.contradictions;
    expect(problems({ ...facts, statements: [statement, statement] })).toEqual([
      "statements.1: statements 0 and 1 are both called NJ-10e: keep one",
    ]);
    expect(problems({ ...facts, contradictions: [contradiction, contradiction] })).toEqual([
      "contradictions.1: contradictions 0 and 1 are both called hotline: keep one",
    ]);
    const single = { ...contradiction, values: contradiction!.values.slice(0, 1) };
    expect(problems({ ...facts, contradictions: [single] })).toEqual([
      "contradictions.0.values: at least two values that differ",
    ]);
  });
});
