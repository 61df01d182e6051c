/** The swipes of the load beside the sinks: what the gateway would take, numbered, and judged as they are meant. */

import { expect, test } from "@jest/globals";
import {
  decidedNumber,
  JournalStream,
  SWIPES_PER_SHOPPER_SWIPE,
  shoppersOf,
} from "../../../bench/sinks/journal-stream.js";
import { loadBundle } from "../../../cli/bundle-files.js";
import { decodeJournalBody, encodeBody } from "../../../schemas/log-body.js";
import { partitionOf } from "../../../schemas/topics.js";
import { Partition } from "../../../services/detector/partition.js";
import { loggedOutcomesOf } from "../../../services/detector/taken.js";

const OPTIONS = { persons: 500, shoppers: shoppersOf(1_000), partitions: 12, seed: 3 };
const LOAD = 2;

test("each swipe is decided under its number; shoppers are challenged from the third purchase on, with a contact", () => {
  const stream = new JournalStream(OPTIONS);
  const judge = new Partition(loadBundle().bundle, { personsExpected: 600 });
  const challenged: number[] = [];
  for (let number = 0; number < 1_000; number++) {
    const { key, value, partition, isTold } = stream.next(LOAD, number * 10);
    expect(partition).toBe(partitionOf(key, 12));
    const record = decodeJournalBody(value);
    if (record.type !== "swipe") throw new Error(record.type);
    const [decision, ...others] = loggedOutcomesOf(record, judge.take(record, number, Date.now()));
    expect(others).toEqual([]);
    expect(decidedNumber(encodeBody(decision!))).toBe(number);
    if (decision?.type !== "decision") throw new Error(decision?.type);
    if (decision.action !== "approve") challenged.push(number);
    if (number % SWIPES_PER_SHOPPER_SWIPE === 0) expect(isTold).toBe(true);
  }
  // Two shoppers take turns at every hundredth swipe.
  expect(OPTIONS.shoppers).toBe(2);
  expect(challenged.filter((number) => number % SWIPES_PER_SHOPPER_SWIPE === 0)).toEqual([
    400, 500, 600, 700, 800, 900,
  ]);
  expect(challenged.length).toBeLessThan(20);
});

test("the same seed gives the same bytes; a shopper is none of the others", () => {
  const [one, other] = [new JournalStream(OPTIONS), new JournalStream(OPTIONS)];
  const keys = new Map<number, string>();
  for (let number = 0; number < 250; number++) {
    const swipe = one.next(LOAD, number);
    expect(other.next(LOAD, number)).toEqual(swipe);
    keys.set(number, swipe.key);
  }
  for (const [number, key] of keys)
    expect(key === keys.get(0)).toBe(number % (SWIPES_PER_SHOPPER_SWIPE * OPTIONS.shoppers) === 0);
});

test("a body that is no decision of the load has no number", () => {
  const body = new JournalStream(OPTIONS).next(LOAD, 0).value;
  for (const other of [body, new Uint8Array(), Buffer.from("123456"), Buffer.alloc(200)])
    expect(decidedNumber(other)).toBeNaN();
});
