/** The search for the highest sustained rate, on servers of a known capacity. */

import { expect, test } from "@jest/globals";
import type { LoadResult } from "../../../bench/pipeline/load-protocol.js";
import { sustainedBy } from "../../../bench/pipeline/sustained.js";
import { findHighestSustained } from "../../../bench/pipeline/sustained-search.js";

const options = { first: 2000, max: 50_000, precision: 0.1, measurementsMax: 12 };

function serverOf(capacity: number) {
  const tried: number[] = [];
  const measure = async (rate: number) => {
    tried.push(rate);
    return { rate, isSustained: rate <= capacity };
  };
  return { tried, measure };
}

test.each([450, 1999, 2000, 3333, 7000, 41_000])("finds %i/s within a tenth", async (capacity) => {
  const { measure, tried } = serverOf(capacity);
  const { highest, lowestNotSustained } = await findHighestSustained(measure, options);
  expect(highest!.rate).toBeLessThanOrEqual(capacity);
  expect(highest!.rate).toBeGreaterThan(capacity * 0.9);
  expect(lowestNotSustained!.rate).toBeGreaterThan(capacity);
  expect(new Set(tried).size).toBe(tried.length);
});

test("begins with what is known", async () => {
  const { measure, tried } = serverOf(3000);
  const known = [await measure(500), await measure(2000)];
  tried.length = 0;
  const { highest } = await findHighestSustained(measure, { ...options, known });
  expect(highest!.rate).toBeGreaterThan(2700);
  expect(tried[0]).toBe(3000);
});

test("a rate above one that failed does not count: it had luck", async () => {
  const measure = async (rate: number) => ({ rate, isSustained: rate <= 1000 || rate === 2000 });
  const known = [await measure(1500), await measure(2000)];
  const { highest, lowestNotSustained } = await findHighestSustained(measure, { ...options, known });
  expect(highest!.rate).toBeLessThanOrEqual(1000);
  expect(lowestNotSustained!.rate).toBeLessThanOrEqual(1500);
});

test("ends at the highest rate allowed", async () => {
  const { measure } = serverOf(1_000_000);
  const found = await findHighestSustained(measure, options);
  expect(found.highest?.rate).toBe(50_000);
  expect(found.lowestNotSustained).toBeNull();
});

test("ends after so many measurements, also where nothing is sustained", async () => {
  const { measure, tried } = serverOf(0);
  const { highest } = await findHighestSustained(measure, options);
  expect(highest).toBeNull();
  expect(tried.length).toBeLessThanOrEqual(12);
});

const quantiles = { count: 1000, meanMs: 3, p50Ms: 2, p99Ms: 9, p999Ms: 15, maxMs: 20 };
const good: LoadResult = {
  rate: 1000,
  sent: 1000,
  answered: 1000,
  statuses: { "200": 1000 },
  broken: 0,
  unanswered: 0,
  outstandingAtEnd: 3,
  seconds: 1,
  connections: 64,
  latency: quantiles,
  latencyFromSend: quantiles,
  sendDelay: quantiles,
  actions: { approve: 1000 },
  standIns: 1,
  degraded: 0,
  unreadable: 0,
  bodyBytesMean: 600,
  generatorCpuSeconds: 0.1,
  generatorPauses: { count: 0, totalMs: 0, longestMs: 0 },
};

test("a load that was answered as it came is sustained", () => {
  expect(sustainedBy(good)).toEqual({ rate: 1000, isSustained: true, reasons: [] });
});

test.each<[Partial<LoadResult>, string]>([
  [{ statuses: { "200": 990, "429": 10 } }, "10 answers of status 429"],
  [{ broken: 1 }, "1 connections broke"],
  [{ unanswered: 2 }, "2 without an answer"],
  [{ unreadable: 1 }, "1 unreadable answers"],
  [{ standIns: 2 }, "2 answers of the stand-in"],
  [{ outstandingAtEnd: 250 }, "250 ms of arrivals waited at the end"],
  [{ latency: { ...quantiles, p50Ms: 140.5 } }, "half took more than 140 ms"],
])("is not sustained: %j", (change, reason) => {
  expect(sustainedBy({ ...good, ...change })).toEqual({ rate: 1000, isSustained: false, reasons: [reason] });
});
