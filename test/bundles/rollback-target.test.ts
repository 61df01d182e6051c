/** What a rollback goes back to, told as the story of the activations before it. */

import { expect, test } from "@jest/globals";
import type { Activation } from "../../services/bundles/activation.js";
import { rollbackTarget } from "../../services/bundles/rollback-target.js";

type Step = readonly [kind: Activation["kind"], version: number, status?: Activation["status"]];

function activations(steps: readonly Step[]): readonly Activation[] {
  return steps.map(([kind, version, status = "complete"], sequence) => ({
    sequence,
    version,
    bundleHash: "",
    shadowVersion: null,
    kind,
    publishedBy: [],
    engineVersion: "1",
    partitions: 1,
    status,
    reason: null,
    createdAtMs: 0,
    sentAtMs: null,
    timesSent: 0,
    completedAtMs: null,
  }));
}

test.each<[string, readonly Step[], readonly (readonly [number, number])[], number | null]>([
  ["nothing, before anything was published", [["found", 1]], [], null],
  [
    "what ran before",
    [
      ["found", 1],
      ["publish", 2],
    ],
    [],
    1,
  ],
  [
    "what ran before the open one",
    [
      ["found", 1],
      ["publish", 2],
      ["publish", 3, "open"],
    ],
    [],
    2,
  ],
  [
    "further back after a rollback",
    [
      ["found", 1],
      ["publish", 2],
      ["publish", 3],
      ["rollback", 4],
    ],
    [[4, 2]],
    1,
  ],
  [
    "not to what was rolled back when something new was published since",
    [
      ["found", 1],
      ["publish", 2],
      ["publish", 3],
      ["rollback", 4],
      ["publish", 5],
    ],
    [[4, 2]],
    2,
  ],
  [
    "past the version that the breaker changed",
    [
      ["found", 1],
      ["publish", 2],
      ["publish", 3],
      ["breaker", 4],
    ],
    [],
    2,
  ],
  [
    "past two changes of the breaker",
    [
      ["found", 1],
      ["publish", 2],
      ["breaker", 3],
      ["breaker", 4],
    ],
    [],
    1,
  ],
  [
    "past one that never got everywhere",
    [
      ["found", 1],
      ["publish", 2, "replaced"],
      ["publish", 3],
    ],
    [],
    1,
  ],
  [
    "the same version under a draft in shadow",
    [
      ["found", 1],
      ["publish", 2],
      ["shadow", 2],
    ],
    [],
    1,
  ],
  [
    "to one that got everywhere with the draft in shadow only",
    [
      ["found", 1],
      ["publish", 2, "replaced"],
      ["shadow", 2],
      ["publish", 3],
    ],
    [],
    2,
  ],
  [
    "what ran before it was found again under a higher number",
    [
      ["found", 1],
      ["publish", 2],
      ["found", 2],
    ],
    [],
    1,
  ],
])("a rollback goes back to %s", (_what, steps, madeOf, expected) => {
  expect(rollbackTarget(activations(steps), new Map(madeOf))).toBe(expected);
});
