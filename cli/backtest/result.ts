/** The parts of a backtest as one result. */

import * as z from "zod";
import {
  type BacktestResult,
  type BacktestRule,
  backtestExample,
  type StoppedShares,
} from "../../schemas/backtest.js";
import { ACTIONS, type Action } from "../../schemas/fields.js";
import { formatInstant } from "../../schemas/instant.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import { addSums, NO_BODIES } from "./body-digest.js";
import { chosenExamples, type Example } from "./examples.js";
import type { Plan } from "./plan.js";
import { windowOf } from "./purpose.js";
import type { RunResult } from "./run-plan.js";
import { addCounts, type Counts } from "./sums.js";

const counts: z.ZodType<Counts> = z.lazy(() => z.record(z.string(), z.union([z.number(), counts])));

const draftPart = z.object({
  borrowedStates: z.number(),
  counted: z.object({
    counts,
    examples: z.record(
      z.string(),
      z.array(backtestExample.extend({ direction: z.enum(["gained", "lost"]) })),
    ),
    bodies: z.object({ count: z.number(), sum: z.string() }),
  }),
});

export interface Ran {
  readonly plan: Plan;
  readonly run: RunResult;
  readonly notes: readonly string[];
  readonly workers: number;
  readonly seconds: number;
}

export function backtestResult({ plan, run, notes, workers, seconds }: Ran): BacktestResult {
  if (plan.purpose.kind !== "draft") throw new Error("a run without a draft is no backtest");
  const total: Counts = {};
  const examples = new Map<string, Example[]>();
  let bodies = NO_BODIES;
  let borrowedStates = 0;
  for (const json of run.parts) {
    const part = draftPart.parse(json);
    addCounts(total, part.counted.counts);
    bodies = addSums(bodies, part.counted.bodies);
    borrowedStates += part.borrowedStates;
    for (const [rule, some] of Object.entries(part.counted.examples))
      examples.set(rule, [...(examples.get(rule) ?? []), ...some]);
  }
  const read = new CountReader(total);
  const transitions = matrixOf(read);
  const judged = read.number("judged");
  return {
    type: "backtest",
    ...headOf(plan, run, notes),
    baselineBundleHash: plan.baseline,
    draftBundleHash: plan.purpose.draft,
    persons: read.number("persons"),
    records: read.number("records"),
    swipes: sumOf(transitions, () => true),
    onlyBaseline: read.number("onlyBaseline"),
    onlyDraft: read.number("onlyDraft"),
    byAction: {
      baseline: byAction((action) => sumOf(transitions, (from) => from === action)),
      draft: byAction((action) => sumOf(transitions, (_, to) => to === action)),
    },
    transitions,
    stronger: sumOf(transitions, (from, to) => rank(to) > rank(from)),
    weaker: sumOf(transitions, (from, to) => rank(to) < rank(from)),
    peopleStronger: read.number("peopleStronger"),
    peopleWeaker: read.number("peopleWeaker"),
    revisions: { baseline: read.number("revisions", "baseline"), draft: read.number("revisions", "draft") },
    shares: sharesOf(transitions),
    days: daysOf(read),
    money: {
      alertedFen: { baseline: read.number("money", "baseline"), draft: read.number("money", "draft") },
      gainedFen: read.number("money", "gained"),
      lostFen: read.number("money", "lost"),
    },
    rules: Object.fromEntries(
      read.names("rules").map((rule) => [rule, ruleOf(read, rule, examples.get(rule) ?? [])]),
    ),
    bodies,
    borrowedStates,
    workers,
    seconds: rounded(seconds),
    swipesPerSecond: seconds === 0 ? judged : Math.round(judged / seconds),
  };
}

/** What both kinds of results begin with. */
export function headOf(plan: Plan, run: RunResult, notes: readonly string[]) {
  const { fromMs, toMs } = windowOf(plan, run.facts);
  return {
    source: plan.asked.source ?? "",
    engineVersion: ENGINE_VERSION,
    from: fromMs === null ? null : formatInstant(fromMs),
    to: toMs === null ? null : formatInstant(toMs),
    notes: [...notes],
    refusedLines: run.refusedLines,
  };
}

export function rounded(seconds: number): number {
  return Number(seconds.toFixed(3));
}

type Matrix = BacktestResult["transitions"];

function matrixOf(read: CountReader): Matrix {
  return byAction((from) =>
    byAction((to) => ({
      swipes: read.number("transitions", from, to, "swipes"),
      atRiskFen: read.number("transitions", from, to, "atRiskFen"),
    })),
  );
}

function sumOf(matrix: Matrix, isCounted: (from: Action, to: Action) => boolean): number {
  let sum = 0;
  for (const from of ACTIONS)
    for (const to of ACTIONS) if (isCounted(from, to)) sum += matrix[from][to].swipes;
  return sum;
}

function sharesOf(matrix: Matrix): BacktestResult["shares"] {
  const swipes = sumOf(matrix, () => true);
  const side = (pick: (from: Action, to: Action) => Action) =>
    shares(
      swipes,
      sumOf(matrix, (from, to) => pick(from, to) === "challenge"),
      sumOf(matrix, (from, to) => pick(from, to) === "reject"),
    );
  return { baseline: side((from) => from), draft: side((_, to) => to) };
}

function daysOf(read: CountReader): BacktestResult["days"] {
  return read
    .names("days")
    .sort()
    .map((day) => {
      const swipes = read.number("days", day, "swipes");
      const side = (name: string) =>
        shares(swipes, read.number("days", day, name, "challenge"), read.number("days", day, name, "reject"));
      return { day, swipes, baseline: side("baseline"), draft: side("draft") };
    });
}

function shares(swipes: number, challenge: number, reject: number): StoppedShares {
  const of = (count: number) => (swipes === 0 ? 0 : count / swipes);
  return { challenge, reject, challengeShare: of(challenge), rejectShare: of(reject) };
}

function ruleOf(read: CountReader, rule: string, examples: readonly Example[]): BacktestRule {
  const at = (...names: string[]) => read.number("rules", rule, ...names);
  const effect = (name: string) => ({
    gained: at(name, "gained"),
    lost: at(name, "lost"),
    peopleGained: at(name, "peopleGained"),
    peopleLost: at(name, "peopleLost"),
  });
  return {
    baselineHits: at("baselineHits"),
    draftHits: at("draftHits"),
    newHit: at("newHit"),
    stronger: at("stronger"),
    weaker: at("weaker"),
    noHit: at("noHit"),
    gained: at("newHit") + at("stronger"),
    lost: at("weaker") + at("noHit"),
    gainedFen: at("gainedFen"),
    lostFen: at("lostFen"),
    shadowHits: at("shadowHits"),
    lateGained: at("lateGained"),
    lateLost: at("lateLost"),
    cleared: effect("cleared"),
    confirmed: effect("confirmed"),
    examples: chosenExamples(examples),
  };
}

function byAction<Value>(each: (action: Action) => Value): Record<Action, Value> {
  return {
    approve: each("approve"),
    review: each("review"),
    challenge: each("challenge"),
    reject: each("reject"),
  };
}

function rank(action: Action): number {
  return ACTIONS.indexOf(action);
}

/** Reads counts by name: what was never counted is 0. */
export class CountReader {
  constructor(private readonly counts: Counts) {}

  number(...names: readonly string[]): number {
    const found = this.find(names);
    return typeof found === "number" ? found : 0;
  }

  names(...names: readonly string[]): string[] {
    const found = this.find(names);
    return typeof found === "object" ? Object.keys(found).sort() : [];
  }

  private find(names: readonly string[]): number | Counts | undefined {
    let at: number | Counts | undefined = this.counts;
    for (const name of names) at = typeof at === "object" ? at[name] : undefined;
    return at;
  }
}
