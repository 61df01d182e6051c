/** Scoreboards of several cities as one, and whether what must hold does. */
import { ACTIONS } from "../../schemas/fields.js";
import { noActions } from "./false-alarms.js";
import { ATTACKS } from "./labels.js";
import { isStrong, rankOf } from "./outcome-line.js";
import { withRecall } from "./scoreboard.js";
import type { AttackScore, CountByAction, RuleAlarms, ScoreboardModel } from "./scoreboard-model.js";

/** What must hold of honest people and planted attacks. */
export const BAR = { challengeRejectShareMax: 0.002, rejectShareMax: 0.0001, inlineRecallMin: 0.95 } as const;

export interface SeedShares {
  readonly seed: number;
  readonly honestSwipes: number;
  readonly challengeRejectShare: number;
  readonly rejectShare: number;
}

export interface Verdict {
  readonly challengeRejectHeld: boolean;
  readonly rejectHeld: boolean;
  /** Non-evasive kinds that a decision can catch, below the bar. */
  readonly inlineRecallMissed: readonly AttackScore[];
  readonly held: boolean;
}

export interface Evaluation {
  readonly seeds: readonly SeedShares[];
  readonly honestSwipes: number;
  readonly byAction: CountByAction;
  readonly challengeRejectShare: number;
  readonly rejectShare: number;
  /** The same without the swipes of victims after their incident began: a city has far more of them than life. */
  readonly challengeRejectShareOfOthers: number;
  readonly byRule: readonly RuleAlarms[];
  readonly attacks: readonly AttackScore[];
  readonly foundAgain: ScoreboardModel["foundAgain"];
  readonly verdict: Verdict;
}

export interface SeedModel {
  readonly seed: number;
  readonly model: ScoreboardModel;
}

/** @param cities at least one. */
export function evaluationOf(cities: readonly SeedModel[]): Evaluation {
  const models = cities.map(({ model }) => model);
  const honestSwipes = sumOf(models.map(({ falseAlarms }) => falseAlarms.honestSwipes));
  const byAction = sumOfActions(models.map(({ falseAlarms }) => falseAlarms.byAction));
  const shares = {
    challengeRejectShare: (byAction.challenge + byAction.reject) / honestSwipes,
    rejectShare: byAction.reject / honestSwipes,
  };
  const attacks = mergedAttacks(models);
  return {
    seeds: cities.map(seedShares),
    honestSwipes,
    byAction,
    ...shares,
    challengeRejectShareOfOthers: shareOfOthers(models, byAction, honestSwipes),
    byRule: mergedRules(models, honestSwipes),
    attacks,
    foundAgain: {
      swipes: sumOf(models.map(({ foundAgain }) => foundAgain.swipes)),
      byAction: sumOfActions(models.map(({ foundAgain }) => foundAgain.byAction)),
    },
    verdict: verdictOf(shares, attacks),
  };
}

function shareOfOthers(
  models: readonly ScoreboardModel[],
  byAction: CountByAction,
  honestSwipes: number,
): number {
  const victimSwipes = sumOf(models.map(({ falseAlarms }) => falseAlarms.victimSwipes));
  const victimsStrong = sumOf(models.map(({ falseAlarms }) => falseAlarms.victimsStrong));
  return (byAction.challenge + byAction.reject - victimsStrong) / (honestSwipes - victimSwipes);
}

function seedShares({ seed, model }: SeedModel): SeedShares {
  const { honestSwipes, challengeRejectShare, rejectShare } = model.falseAlarms;
  return { seed, honestSwipes, challengeRejectShare, rejectShare };
}

function verdictOf(
  shares: { readonly challengeRejectShare: number; readonly rejectShare: number },
  attacks: readonly AttackScore[],
): Verdict {
  const challengeRejectHeld = shares.challengeRejectShare <= BAR.challengeRejectShareMax;
  const rejectHeld = shares.rejectShare <= BAR.rejectShareMax;
  const inlineRecallMissed = attacks.filter(
    ({ kind, inlineRecall }) =>
      ATTACKS[kind].group !== "evasive" && inlineRecall !== null && inlineRecall < BAR.inlineRecallMin,
  );
  const held = challengeRejectHeld && rejectHeld && inlineRecallMissed.length === 0;
  return { challengeRejectHeld, rejectHeld, inlineRecallMissed, held };
}

function mergedAttacks(models: readonly ScoreboardModel[]): AttackScore[] {
  const kinds = models[0]?.attacks.map(({ kind }) => kind) ?? [];
  return kinds.map((kind) => {
    const scores = models.flatMap(({ attacks }) => attacks.filter((score) => score.kind === kind));
    const sum = (value: (score: AttackScore) => number) => sumOf(scores.map(value));
    return withRecall({
      kind,
      planted: sum(({ planted }) => planted),
      caught: sum(({ caught }) => caught),
      caughtStrong: sum(({ caughtStrong }) => caughtStrong),
      caughtInline: sum(({ caughtInline }) => caughtInline),
      missed: sum(({ missed }) => missed),
      missedOtherRule: sum(({ missedOtherRule }) => missedOtherRule),
    });
  });
}

function mergedRules(models: readonly ScoreboardModel[], honestSwipes: number): RuleAlarms[] {
  const all = models.flatMap(({ falseAlarms }) => falseAlarms.byRule);
  const ids = [...new Set(all.map(({ rule }) => rule))].sort();
  return ids.map((rule) => {
    const rows = all.filter((row) => row.rule === rule);
    const sum = (value: (row: RuleAlarms) => number) => sumOf(rows.map(value));
    const alarms = sum((row) => row.alarms);
    const strong = sum((row) => row.strong);
    return {
      rule,
      alarms,
      per10k: (alarms * 10_000) / honestSwipes,
      ofVictims: sum((row) => row.ofVictims),
      strongest: ACTIONS[Math.max(...rows.map((row) => rankOf(row.strongest)))] ?? "approve",
      strong,
      strongPer10k: (strong * 10_000) / honestSwipes,
      rejects: sum((row) => row.rejects),
      strongAlone: sum((row) => row.strongAlone),
    };
  });
}

/** The rules that cost honest people challenges or rejects, dearest first. */
export function costlyRules(byRule: readonly RuleAlarms[]): RuleAlarms[] {
  return byRule
    .filter(({ strongest }) => isStrong(strongest))
    .sort((one, other) => other.strongAlone - one.strongAlone);
}

function sumOfActions(counts: readonly CountByAction[]): CountByAction {
  const sum = noActions();
  for (const count of counts) for (const action of ACTIONS) sum[action] += count[action];
  return sum;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
