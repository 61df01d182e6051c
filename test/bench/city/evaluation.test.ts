/** One small city as the evaluation judges it, counted a second time by hand. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { type CityLine, generateCity } from "../../../bench/city/city.js";
import { type EvaluateOptions, parseEvaluateArgs } from "../../../bench/city/evaluate-options.js";
import { evaluationOf } from "../../../bench/city/evaluation.js";
import { evaluationMarkdown } from "../../../bench/city/evaluation-table.js";
import { judgeCity } from "../../../bench/city/judge-city.js";
import { ATTACK_KINDS, ATTACKS } from "../../../bench/city/labels.js";
import { runScoreboard } from "../../../bench/city/scoreboard.js";
import type { ScoreboardModel } from "../../../bench/city/scoreboard-model.js";
import { loadBundle } from "../../../cli/bundle-files.js";
import { ReplayRun } from "../../../cli/replay-run.js";
import type { DecisionOutcome, Outcome } from "../../../schemas/outcomes.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../../services/ingest/tokens.js";

const CITY = { seed: 4, persons: 1_500, days: 30, attacksPerKind: 3 } as const;
const loaded = loadBundle();

let lines: CityLine[];
let decisions: Map<string, DecisionOutcome>;
let revised: Set<string>;
let model: ScoreboardModel;

beforeAll(() => {
  lines = [...generateCity(CITY)];
  const outcomes = outcomesOf(lines);
  decisions = new Map(
    outcomes.flatMap((outcome) => (outcome.type === "decision" ? [[outcome.eventId, outcome]] : [])),
  );
  revised = new Set(outcomes.flatMap(({ type, eventId }) => (type === "revision" ? [eventId] : [])));
  model = judgeCity(CITY, loaded);
});

function outcomesOf(city: readonly CityLine[]): Outcome[] {
  const outcomes: Outcome[] = [];
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs };
  const refused = () => {
    throw new Error("a line of the city was refused");
  };
  const run = new ReplayRun(loaded, context, { outcome: (outcome) => outcomes.push(outcome), refused });
  for (const { raw } of city) run.line(Buffer.from(JSON.stringify(raw)));
  return outcomes;
}

/** Events of honest people, each once. */
function honestDecisions(): DecisionOutcome[] {
  const honest = new Set(lines.flatMap(({ raw, label }) => (label.kind === "honest" ? [raw.eventId] : [])));
  return [...decisions.values()].filter(({ eventId }) => honest.has(eventId));
}

describe("a small city judged", () => {
  test("has as many incidents of each kind as were planted, and each share is its count", () => {
    for (const score of model.attacks) {
      expect(score.planted).toBe(CITY.attacksPerKind);
      expect(score.caught + score.missed).toBe(score.planted);
      expect(score.recall).toBe(score.caught / score.planted);
    }
    expect(model.attacks.map(({ kind }) => kind)).toEqual([...ATTACK_KINDS]);
    expect(model.rings.map(({ planted, found }) => [planted, found])).toEqual(
      model.rings.map(() => [1, null]),
    );
  });

  test("inline recall of each kind is what its decisions say", () => {
    for (const { kind, caughtInline } of model.attacks) {
      const rules = new Set(ATTACKS[kind].expected.map(({ rule }) => rule));
      const incidents = new Set<string>();
      for (const { raw, label } of lines) {
        const reasons = decisions.get(raw.eventId)?.reasons ?? [];
        const hit = reasons.some(
          ({ rule, mode, action }) => rules.has(rule) && mode === "live" && action !== "approve",
        );
        if (label.attack === kind && hit) incidents.add(label.incident ?? "");
      }
      expect({ kind, caughtInline }).toEqual({ kind, caughtInline: incidents.size });
    }
  });

  test("challenges and rejects of honest swipes are those of their decisions", () => {
    const honest = honestDecisions();
    const strong = honest.filter(({ action }) => action === "challenge" || action === "reject");
    expect(honest.filter(({ eventId }) => revised.has(eventId))).toEqual([]);
    expect(model.falseAlarms.honestSwipes).toBe(honest.length);
    expect(strong.length).toBeGreaterThan(0);
    expect(model.falseAlarms.challengeRejectShare).toBeCloseTo(strong.length / honest.length, 12);
    for (const { rule, strong: count } of model.falseAlarms.byRule) {
      const hits = strong.filter(({ reasons }) =>
        reasons.some((reason) => reason.rule === rule && /challenge|reject/.test(reason.action)),
      );
      expect({ rule, count }).toEqual({ rule, count: hits.length });
    }
  });

  test("is scored as the same lines and outcomes are by themselves", () => {
    const labelled = lines.map(({ raw, label }) => [raw.eventId, label] as const);
    expect(runScoreboard(labelled, outcomesOf(lines))).toEqual(model);
  });
});

describe("cities together", () => {
  test("two equal cities have the shares of one and twice its counts", () => {
    const one = evaluationOf([{ seed: 4, model }]);
    const two = evaluationOf([
      { seed: 4, model },
      { seed: 4, model },
    ]);
    expect(two.challengeRejectShare).toBe(one.challengeRejectShare);
    expect(two.rejectShare).toBe(one.rejectShare);
    expect(two.challengeRejectShareOfOthers).toBe(one.challengeRejectShareOfOthers);
    expect(two.byRule.map(({ alarms }) => alarms)).toEqual(one.byRule.map(({ alarms }) => alarms * 2));
    expect(two.byRule.map(({ per10k }) => per10k)).toEqual(one.byRule.map(({ per10k }) => per10k));
    expect(two.attacks.map(({ planted }) => planted)).toEqual(one.attacks.map(({ planted }) => planted * 2));
    expect(two.attacks.map(({ recall }) => recall)).toEqual(one.attacks.map(({ recall }) => recall));
  });

  test("the share of the others leaves victims out above and below", () => {
    const { falseAlarms } = model;
    const { challenge, reject } = falseAlarms.byAction;
    const others = falseAlarms.honestSwipes - falseAlarms.victimSwipes;
    const { challengeRejectShareOfOthers } = evaluationOf([{ seed: 4, model }]);
    expect(challengeRejectShareOfOthers).toBeCloseTo(
      (challenge + reject - falseAlarms.victimsStrong) / others,
      12,
    );
  });

  test.each<[string, Partial<ScoreboardModel["falseAlarms"]["byAction"]>, object]>([
    ["20 challenges", { challenge: 20 }, { held: true, challengeRejectHeld: true, rejectHeld: true }],
    ["21 challenges", { challenge: 21 }, { held: false, challengeRejectHeld: false, rejectHeld: true }],
    ["19 challenges and a reject", { challenge: 19, reject: 1 }, { held: true }],
    ["two rejects", { reject: 2 }, { held: false, challengeRejectHeld: true, rejectHeld: false }],
  ])("of 10,000 honest swipes %s", (_, actions, expected) => {
    expect(evaluationOf([{ seed: 1, model: cityWith(actions, 1) }]).verdict).toMatchObject(expected);
  });

  test("a kind below 0.95 is named; evasive kinds and those without inline recall have no bar", () => {
    const verdict = evaluationOf([{ seed: 1, model: cityWith({}, 0) }]).verdict;
    const barred = ATTACK_KINDS.filter((kind) => ATTACKS[kind].group !== "evasive" && ATTACKS[kind].isInline);
    expect(verdict.held).toBe(false);
    expect(verdict.inlineRecallMissed.map(({ kind }) => kind)).toEqual(barred);
  });

  /** 10,000 honest swipes of these actions; of each kind one incident. */
  function cityWith(
    actions: Partial<ScoreboardModel["falseAlarms"]["byAction"]>,
    caughtInline: 0 | 1,
  ): ScoreboardModel {
    const byAction = {
      ...model.falseAlarms.byAction,
      approve: 9_979,
      review: 0,
      challenge: 0,
      reject: 0,
      ...actions,
    };
    return {
      ...model,
      attacks: model.attacks.map((score) => ({ ...score, planted: 1, caughtInline })),
      falseAlarms: { ...model.falseAlarms, honestSwipes: 10_000, byAction },
    };
  }

  test("the Markdown names every kind, every rule that alarmed, every seed and the verdict", () => {
    const evaluation = evaluationOf([{ seed: 4, model }]);
    const text = evaluationMarkdown(evaluation);
    for (const kind of ATTACK_KINDS) expect(text).toContain(`| ${kind} `);
    for (const { rule } of evaluation.byRule) expect(text).toContain(`| ${rule} |`);
    expect(text).toContain("| 4 | ");
    expect(text.match(/\*\*(held|NOT HELD)\*\*/g)).toHaveLength(3);
  });
});

describe("the command line", () => {
  test.each<[string[], Partial<EvaluateOptions>]>([
    [[], { seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9], persons: 20_000, days: 180, json: false }],
    [
      ["--seeds", "101-103,7", "--persons", "600", "--json"],
      { seeds: [101, 102, 103, 7], persons: 600, json: true },
    ],
  ])("%p", (args, expected) => {
    expect(parseEvaluateArgs(args)).toMatchObject(expected);
  });

  test.each<[string[], string]>([
    [["--seeds", "9-1"], "--seeds 9-1: expected at most 100 seeds"],
    [["--seeds", "1-1000"], "--seeds 1-1000: expected at most 100 seeds"],
    [["--persons", "10"], "--persons 10: expected a whole number of at least 500"],
    [["--what"], "--what"],
  ])("%p is refused", (args, message) => {
    expect(() => parseEvaluateArgs(args)).toThrow(message);
  });
});
