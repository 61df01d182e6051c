/** What the verdict on a run is made of finds what it is for; no server runs here. */

import { expect, test } from "@jest/globals";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import type { CityFeedLine, Way } from "./city-lines.js";
import { onceFindings, replayFindings } from "./effective-findings.js";
import { alertFindings, type MadeAlerts } from "./made-alerts.js";
import type { EffectiveOutcome } from "./partition-check.js";

const tokens = new Tokeniser(ALL_ZERO_KEY);

function sent(personId: string, eventId: string, way: Way = "http"): CityFeedLine {
  return { personId, eventId, way, type: "swipe", wantsAnswer: false, json: "{}" };
}

function decided(personId: string, eventId: string, action = "approve"): EffectiveOutcome {
  const personKey = tokens.token(personId);
  const head = { type: "decision", eventId, personKey };
  return { ...head, json: JSON.stringify({ ...head, action }) };
}

test("each swipe has one decision: one too few, one too many and a stranger's are found", () => {
  const lines = [sent("a", "1"), sent("a", "2"), sent("a", "2"), sent("b", "3")];
  expect(onceFindings(lines, [decided("a", "1"), decided("a", "2"), decided("b", "3")])).toEqual([]);
  expect(
    onceFindings(lines, [decided("a", "1"), decided("a", "2"), decided("a", "2"), decided("c", "4")]),
  ).toEqual([
    "a decision of 4, which nobody sent",
    "swipe 2 has 2 effective decisions",
    "swipe 3 has 0 effective decisions",
  ]);
});

test.each([
  ["lost", [decided("a", "1")]],
  ["doubled", [decided("a", "1"), decided("a", "2"), decided("a", "2")]],
  ["changed", [decided("a", "1"), decided("a", "2", "reject")]],
  ["in another order", [decided("a", "2"), decided("a", "1")]],
  ["a stranger's", [decided("a", "1"), decided("a", "2"), decided("z", "9")]],
])("an outcome that is %s differs from the replay", (_, effective) => {
  const replay = [decided("a", "1"), decided("a", "2")];
  const compare = (found: readonly EffectiveOutcome[]) =>
    replayFindings(
      replay.map(({ json }) => json),
      [sent("a", "1"), sent("a", "2"), sent("s", "7", "shuffled")],
      found,
      ALL_ZERO_KEY,
    );
  expect(compare([...replay, decided("s", "7")])).toEqual([]);
  expect(compare(effective)).toHaveLength(1);
});

test("alerts and SMS that are lost, changed or too many are found", () => {
  const made = (rows: Record<string, string>, smsSent: readonly string[]): MadeAlerts => ({
    rows: new Map(Object.entries(rows)),
    smsSent,
  });
  const expected = made({ "alerts 1": "a", "cases 1": "c" }, ["x", "y"]);
  expect(alertFindings(expected, expected)).toEqual([]);
  expect(alertFindings(expected, made({ "alerts 1": "b", "sms 2": "s" }, ["x", "x"]))).toEqual([
    "alerts 1 differs: expected a, found b",
    "cases 1 is lost: c",
    "sms 2 is too many",
    "SMS sent 1 times too often: x",
    "SMS lost 1 times: y",
  ]);
});
