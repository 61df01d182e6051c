import { expect, test } from "@jest/globals";
import { latencyFigures } from "../../../bench/activations/latency-figures.js";

test("a latency belongs to the window in which its request was due, and to none outside of both", () => {
  const figures = latencyFigures(
    [
      [999, 500],
      [1_000, 1],
      [2_999, 2],
      [3_000, 30],
      [4_999, 40],
      [5_000, 600],
      [11_000, 3],
      [13_500, 50],
    ],
    [
      { beforeAtMs: 1_000, sentAtMs: 3_000 },
      { beforeAtMs: 10_000, sentAtMs: 13_000 },
    ],
  );
  expect(figures.before).toMatchObject({ count: 3, maxMs: 3 });
  expect(figures.with).toMatchObject({ count: 3, maxMs: 50 });
});
