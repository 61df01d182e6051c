/** What `kadun bench decide` measures: sides that were filled alike and answer the same messages. */

import { expect, test } from "@jest/globals";
import { Messages } from "../../../bench/decide/messages.js";
import { filledGenerator, type SideName, sideOf } from "../../../bench/decide/sides.js";
import type { JobDecision } from "../../../bench/swipe-5/job.js";
import { OUTCOME_SCHEMAS } from "../../../schemas/outcomes.js";
import { defaultBundle } from "../../support/judge.js";

const PERSONS = 1000;
const NOW_MS = 1_793_500_000_000;

function answersOf(name: SideName, messages: number): string[] {
  const side = sideOf(name, PERSONS, defaultBundle);
  const { generator } = filledGenerator(side, PERSONS);
  const reversed = (keys: string[]) => keys.reverse();
  let made = 0;
  const batch = new Messages(messages, () =>
    side.message(generator.next(), made++ % 2 === 0 ? null : reversed),
  );
  const answers: string[] = [];
  side.handleBatch(
    batch,
    0,
    messages,
    () => NOW_MS,
    (bytes, start, end) => answers.push(Buffer.from(bytes.subarray(start, end)).toString()),
  );
  return answers;
}

test("after the same fill the sides give the same decisions", () => {
  const expected = answersOf("plain-node", 3000);
  expect(answersOf("kadun", 3000)).toEqual(expected);
  expect(answersOf("kadun-batch", 3000)).toEqual(expected);
});

test("under the default ruleset the same messages are answered, with that ruleset's action", () => {
  const jobs = answersOf("kadun", 3000).map((answer) => JSON.parse(answer) as { eventId: string });
  const full = answersOf("kadun-full", 3000).map((answer) => JSON.parse(answer) as JobDecision);
  expect(full.map(({ eventId }) => eventId)).toEqual(jobs.map(({ eventId }) => eventId));
  expect(full.every(({ ruleHits }) => ruleHits.length === 0)).toBe(true);
  expect(new Set(full.map(({ action }) => action)).size).toBeGreaterThan(2);
});

test("the whole outcome is a decision of the default ruleset", () => {
  for (const answer of answersOf("kadun-outcome", 200)) {
    expect(OUTCOME_SCHEMAS.decision.safeParse(JSON.parse(answer)).error).toBeUndefined();
  }
});
