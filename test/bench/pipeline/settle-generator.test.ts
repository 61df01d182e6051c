/** The swipes of the load: accepted by the gateway's own checks, each once, persons in turn. */

import { expect, test } from "@jest/globals";
import { Random } from "../../../bench/city/random.js";
import { poissonArrivals } from "../../../bench/pipeline/arrival-schedule.js";
import { SettleGenerator } from "../../../bench/pipeline/settle-generator.js";
import { acceptText, isRefusal } from "../../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../../services/ingest/tokens.js";
import { defaultBundle } from "../../support/judge.js";

const NOW_MS = Date.UTC(2026, 2, 2, 2);
const PERSONS = 500;
const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };

function settles(seed: number, count: number): string[] {
  const generator = new SettleGenerator({ seed, persons: PERSONS });
  return Array.from({ length: count }, (_, index) => generator.next(NOW_MS + index));
}

test("every settle is accepted, under an eventId of its own, at the time it is sent", () => {
  const lines = settles(1, 2000);
  const eventIds = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const record = acceptText(line, context);
    if (isRefusal(record) || record.type !== "swipe") throw new Error(`not accepted: ${line}`);
    expect(record.kind).toBe("settle");
    expect(Date.parse(record.receivedAt!)).toBe(NOW_MS + index);
    eventIds.add(record.eventId);
  }
  expect(eventIds.size).toBe(2000);
});

test("persons take turns: nobody swipes again before everybody has", () => {
  const persons = settles(1, 2 * PERSONS).map((line) => (JSON.parse(line) as { personId: string }).personId);
  expect(new Set(persons.slice(0, PERSONS)).size).toBe(PERSONS);
  expect(persons.slice(PERSONS)).toEqual(persons.slice(0, PERSONS));
});

test("the same seed gives the same swipes, another one others", () => {
  expect(settles(3, 50)).toEqual(settles(3, 50));
  expect(settles(3, 50)).not.toEqual(settles(4, 50));
});

test("arrivals are independent, in order, at the rate asked for", () => {
  const arrivals = poissonArrivals(new Random(5), 1000, 60);
  const gaps = Array.from(arrivals.subarray(1), (ms, index) => ms - arrivals[index]!);
  const meanMs = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - meanMs) ** 2, 0) / gaps.length;
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
  expect(arrivals.length / 60).toBeCloseTo(1000, -2);
  // Of exponential gaps the deviation equals the mean.
  expect(Math.sqrt(variance) / meanMs).toBeCloseTo(1, 1);
});
