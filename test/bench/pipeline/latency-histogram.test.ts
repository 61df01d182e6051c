/** Quantiles of the histogram beside those of a sorted array. */

import { expect, test } from "@jest/globals";
import { Random } from "../../../bench/city/random.js";
import { LatencyHistogram } from "../../../bench/pipeline/latency-histogram.js";

const SHARES = [0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1];
const PRECISION = 1 / 128;

test.each([
  ["a narrow spread", 0.8, 0.3],
  ["a wide spread", 3, 2.5],
  ["microseconds", 0.01, 1],
])("quantiles are at most 0.8 %% above the exact ones: %s", (_name, medianMs, sigma) => {
  const random = new Random(7);
  const values = Array.from(
    { length: 20_000 },
    () => Math.round(random.logNormal(medianMs, sigma) * 1000) / 1000,
  );
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  const sorted = values.sort((a, b) => a - b);
  for (const share of SHARES) {
    const exact = sorted[Math.ceil(sorted.length * share) - 1]!;
    const quantile = histogram.quantileMs(share);
    expect(quantile).toBeGreaterThanOrEqual(exact - 1e-9);
    expect(quantile).toBeLessThanOrEqual(exact * (1 + PRECISION) + 1e-9);
  }
});

test("every microsecond falls into one bucket whose end is not below it", () => {
  for (let us = 0; us < 5000; us++) {
    const histogram = new LatencyHistogram();
    histogram.record(us / 1000);
    // The longest latency recorded is known exactly and bounds every quantile.
    expect(histogram.quantileMs(0.5)).toBe(us / 1000);
  }
});

test("mean, longest and count are exact; nothing recorded is all zero", () => {
  const histogram = new LatencyHistogram();
  expect(histogram.quantiles()).toEqual({ count: 0, meanMs: 0, p50Ms: 0, p99Ms: 0, p999Ms: 0, maxMs: 0 });
  for (const latencyMs of [1, 2, 3, 1000]) histogram.record(latencyMs);
  expect(histogram.quantiles()).toMatchObject({ count: 4, meanMs: 251.5, maxMs: 1000 });
});

test("what is longer than two minutes counts as two minutes", () => {
  const histogram = new LatencyHistogram();
  histogram.record(600_000);
  expect(histogram.quantileMs(1)).toBeCloseTo(134_217.727, 3);
});
