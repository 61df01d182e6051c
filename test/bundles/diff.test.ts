/** Differences of bundles: what is shown, and that nothing is left out. */

import { describe, expect, it, test } from "@jest/globals";
import fc from "fast-check";
import { loadBundle } from "../../cli/bundle-files.js";
import { differences } from "../../services/bundles/diff.js";

describe("differences", () => {
  it("name a rule by its id and a row of loss policies by its own", () => {
    const { content } = loadBundle();
    const changed = structuredClone(content);
    const rule = changed.ruleset.rules.find(({ id }) => id === "R14")!;
    rule.params = { ...rule.params, limitFen: 70_000 };
    const row = changed.lossPolicies.rows.find(({ id }) => id === "BJ-1")!;
    row.delayMax = [24, "h"];
    expect(differences(content, changed)).toEqual([
      { path: "ruleset.rules.R14.params.limitFen", before: 50_000, after: 70_000 },
      { path: "lossPolicies.rows.BJ-1.delayMax", before: [0, "h"], after: [24, "h"] },
    ]);
  });

  test.each([
    ["what is new", {}, { a: 1 }, [{ path: "a", after: 1 }]],
    ["what is gone", { a: { b: 1 } }, { a: {} }, [{ path: "a.b", before: 1 }]],
    ["null, which is a value", { a: 1 }, { a: null }, [{ path: "a", before: 1, after: null }]],
    ["a kind that changed", { a: [1] }, { a: { 0: 1 } }, [{ path: "a", before: [1], after: { 0: 1 } }]],
    ["a text that is new in a list", { a: ["x"] }, { a: ["x", "y"] }, [{ path: "a.y", after: "y" }]],
    ["other lists whole", { a: [1, 2] }, { a: [1, 3] }, [{ path: "a", before: [1, 2], after: [1, 3] }]],
    [
      "an order that changed",
      [{ id: "A" }, { id: "B" }],
      [{ id: "B" }, { id: "A" }],
      [{ path: "(order)", before: ["A", "B"], after: ["B", "A"] }],
    ],
    [
      "a list with an id twice whole",
      [{ id: "A" }, { id: "A" }],
      [],
      [{ path: "", before: [{ id: "A" }, { id: "A" }], after: [] }],
    ],
    ["no order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ["no field without a value", { a: undefined }, {}, []],
  ])("show %s", (_what, before, after, expected) => {
    expect(differences(before, after)).toEqual(expected);
  });

  it("are none exactly where the documents are the same", () => {
    const entry = fc.record({ id: fc.constantFrom("A", "B", "C"), x: fc.jsonValue({ maxDepth: 1 }) });
    const document = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.array(entry, { maxLength: 3 }),
      fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(document, document, (before, after) => {
        const [one, other] = [before, after].map((each) => JSON.parse(JSON.stringify(each)) as unknown);
        expect(differences(one, one)).toEqual([]);
        expect(differences(one, other).length === 0).toBe(canonical(one) === canonical(other));
      }),
      { numRuns: 2_000, seed: 48 },
    );
  });
});

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
