import { expect, test } from "@jest/globals";
import { checkpointTurn } from "../../services/detector/checkpoint-turn.js";

/** The milliseconds of an interval at which the turns of so many partitions change. */
function changes(partitions: number, everyMs: number, fromMs: number): number[] {
  return Array.from({ length: partitions }, (_, partition) => {
    const before = checkpointTurn(partition, everyMs, fromMs);
    let at = 1;
    while (checkpointTurn(partition, everyMs, fromMs + at) === before) at++;
    return at;
  });
}

test.each([2, 6, 12, 24])(
  "%i partitions take one turn each in an interval, apart from one another",
  (partitions) => {
    const at = changes(partitions, 1000, 1_790_000_000_123).sort((x, y) => x - y);
    const gaps = at.map((each, index) => (index === 0 ? each + 1000 - at.at(-1)! : each - at[index - 1]!));
    expect(Math.max(...at)).toBeLessThanOrEqual(1000);
    expect(Math.min(...gaps)).toBeGreaterThan(1000 / partitions / 2.7);
  },
);

test("a partition's turns are one interval apart", () => {
  for (const partition of [0, 5, 11])
    for (let nowMs = 1_790_000_000_000; nowMs < 1_790_000_004_000; nowMs += 37)
      expect(checkpointTurn(partition, 1000, nowMs + 1000)).toBe(checkpointTurn(partition, 1000, nowMs) + 1);
});
