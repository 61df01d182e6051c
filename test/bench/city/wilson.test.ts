import { describe, expect, test } from "@jest/globals";
import { wilsonInterval } from "../../../bench/city/wilson.js";

describe("Wilson's 95 % interval", () => {
  // Values of the usual tables.
  test.each<[number, number, number, number]>([
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [95, 100, 0.8882, 0.9785],
    [200, 200, 0.9812, 1],
  ])("%i of %i", (hits, tries, low, high) => {
    const [foundLow, foundHigh] = wilsonInterval(hits, tries) ?? [Number.NaN, Number.NaN];
    expect(foundLow).toBeCloseTo(low, 4);
    expect(foundHigh).toBeCloseTo(high, 4);
  });

  test("of nothing there is none", () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});
