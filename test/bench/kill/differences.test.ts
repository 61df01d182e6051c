/** The comparison of the kill test sees what it is there for: lost, doubled, changed, out of order. */

import { expect, test } from "@jest/globals";
import { differencesOf } from "../../../bench/kill/differences.js";
import { planKills } from "../../../bench/kill/kill-plan.js";
import type { Made } from "../../../bench/kill/made.js";

const MADE: Made = {
  outcomes: new Map([
    ["p1", ["a", "b", "c"]],
    ["p2", ["d"]],
  ]),
  duplicates: 3,
  repeats: 0,
  alerts: new Map([["a-1", "review"]]),
  cases: new Map([["c-1", "open"]]),
  smsRows: new Map([["s-1", "sent"]]),
  smsLines: ["one", "two"],
};

const CHANGES: readonly (readonly [string, Partial<Made>, RegExp])[] = [
  [
    "a lost outcome",
    {
      outcomes: new Map([
        ["p1", ["a", "c"]],
        ["p2", ["d"]],
      ]),
    },
    /person p1, outcome 2 of 3/,
  ],
  [
    "a lost last outcome",
    {
      outcomes: new Map([
        ["p1", ["a", "b"]],
        ["p2", ["d"]],
      ]),
    },
    /outcome 3 of 3/,
  ],
  [
    "a doubled outcome",
    {
      outcomes: new Map([
        ["p1", ["a", "b", "b", "c"]],
        ["p2", ["d"]],
      ]),
    },
    /found 4/,
  ],
  [
    "two outcomes swapped",
    {
      outcomes: new Map([
        ["p1", ["b", "a", "c"]],
        ["p2", ["d"]],
      ]),
    },
    /outcome 1 of 3/,
  ],
  ["a lost person", { outcomes: new Map([["p1", ["a", "b", "c"]]]) }, /person p2/],
  [
    "a person too many",
    { outcomes: new Map([...MADE.outcomes, ["p3", ["e"]]]) },
    /person p3, outcome 1 of 0/,
  ],
  ["a lost alert", { alerts: new Map() }, /alert a-1 is lost/],
  ["a changed alert", { alerts: new Map([["a-1", "reject"]]) }, /alert a-1 differs/],
  ["a case too many", { cases: new Map([...MADE.cases, ["c-2", "open"]]) }, /case c-2 is too many/],
  ["an SMS that was not sent", { smsRows: new Map([["s-1", "queued"]]) }, /SMS of the ledger s-1 differs/],
  ["an SMS sent twice", { smsLines: ["one", "two", "two"] }, /outbox: 1 too many: two/],
  ["an SMS not sent", { smsLines: ["one"] }, /outbox: 1 lost: two/],
];

test.each(CHANGES)("%s is a difference", (_, change, message) => {
  const differences = differencesOf(MADE, { ...MADE, ...change });
  expect(differences).toHaveLength(1);
  expect(differences[0]).toMatch(message);
});

test("the order of SMS of several persons, repeated lines and records are none", () => {
  expect(differencesOf(MADE, { ...MADE, smsLines: ["two", "one"], duplicates: 9, repeats: 4 })).toEqual([]);
});

test("the plan is a function of the seed and hits both processes", () => {
  const options = { seed: 5, kills: 20, gapMeanMs: 1000 };
  expect(planKills(options)).toEqual(planKills(options));
  expect(planKills({ ...options, seed: 6 })).not.toEqual(planKills(options));
  for (let seed = 0; seed < 50; seed++)
    expect(new Set(planKills({ ...options, seed, kills: 5 }).map(({ victim }) => victim)).size).toBe(2);
});
