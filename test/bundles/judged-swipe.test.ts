/** What the breaker sees of decisions without parsing most of them is what stands in them. */

import { expect, test } from "@jest/globals";
import { generateCity } from "../../bench/city/city.js";
import { ReplayRun } from "../../cli/replay-run.js";
import { encodeBody } from "../../schemas/log-body.js";
import type { DecisionOutcome, LoggedOutcome } from "../../schemas/outcomes.js";
import { judgedSwipeOf } from "../../services/bundles/judged-swipe.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle } from "../support/judge.js";

const seenOf = (outcome: LoggedOutcome) =>
  judgedSwipeOf({
    key: "",
    value: encodeBody(outcome),
    header: new Uint8Array(0),
    offset: 0,
    appendedAtMs: 7,
  });

function outcomesOfCity(): LoggedOutcome[] {
  const outcomes: LoggedOutcome[] = [];
  const run = new ReplayRun(
    defaultBundle,
    { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs },
    { outcome: (outcome) => outcomes.push(outcome), refused: () => {} },
  );
  for (const { raw } of generateCity({ seed: 4, persons: 600, days: 20 }))
    run.line(Buffer.from(JSON.stringify(raw)));
  return outcomes;
}

const isStop = (action: string) => action === "challenge" || action === "reject";
const stopsOf = ({ reasons }: DecisionOutcome) => [
  ...new Set(
    reasons
      .filter(({ rule, mode, action }) => rule !== "R00" && mode === "live" && isStop(action))
      .map(({ rule }) => rule),
  ),
];

test("every outcome of a city is seen as it is, and only decisions are", () => {
  const outcomes = outcomesOfCity();
  let stopped = 0;
  for (const outcome of outcomes) {
    const seen = seenOf(outcome);
    if (outcome.type !== "decision") {
      expect(seen).toBeNull();
      continue;
    }
    const stoppedBy = isStop(outcome.action) ? stopsOf(outcome) : [];
    expect(seen).toMatchObject({ bundleHash: outcome.bundleHash, atMs: 7, stoppedBy });
    // Nothing is missed by not looking at what was let through.
    expect(stopsOf(outcome)).toEqual(stoppedBy);
    if (stoppedBy.length > 0) {
      expect(seen!.personKey).toBe(outcome.personKey);
      stopped++;
    }
  }
  expect(stopped).toBeGreaterThan(20);
});

test("texts that look like fields deceive nobody", () => {
  const decision = outcomesOfCity().find(
    (outcome): outcome is DecisionOutcome => outcome.type === "decision" && outcome.action === "approve",
  )!;
  const hostile = `","action":"reject","bundleHash":"${"f".repeat(64)}","x":"`;
  const seen = seenOf({
    ...decision,
    eventId: hostile,
    decisionId: hostile,
    swipe: { ...decision.swipe, institutionName: hostile },
  });
  expect(seen).toEqual({ bundleHash: decision.bundleHash, personKey: "", atMs: 7, stoppedBy: [] });
});
