/** The job's rules as cel-js has them: an expression of Google's Common Expression Language each, parsed once. */

import { JOB_RULES, type JobRule, LIMITS } from "../../swipe-5/job.js";
import { installedLibrary } from "../in-process/installed.js";
import { type Peer, rulePeer } from "../in-process/rule-peer.js";
import type { JobFacts } from "../plain-node/state.js";

interface Environment {
  registerVariable(name: keyof JobFacts, type: "double" | "bool"): void;
  parse(expression: string): (facts: JobFacts) => unknown;
}

const TYPES: Readonly<Record<keyof JobFacts, "double" | "bool">> = {
  lost: "bool",
  distanceKm: "double",
  speedKmh: "double",
  wrongPins: "double",
  isPurchaseInRange: "bool",
  purchases: "double",
  purchasesFen: "double",
  swipes: "double",
};

/** Numbers of JavaScript are doubles to it, and its doubles are written with a point. */
const double = (value: number) => value.toFixed(1);
const EXPRESSIONS: Readonly<Record<JobRule, string>> = {
  LOST: "lost",
  TRAVEL: `distanceKm >= ${double(LIMITS.travelKmMin)} && speedKmh > ${double(LIMITS.travelKmhMax)}`,
  WRONG_PINS: `wrongPins >= ${double(LIMITS.wrongPinsMin)}`,
  SPLIT: `isPurchaseInRange && purchases >= ${double(LIMITS.purchasesMin)} && purchasesFen >= ${double(
    LIMITS.purchaseLimitFen * LIMITS.purchasesSumMin,
  )}`,
  FREQUENT: `swipes >= ${double(LIMITS.swipesMin)}`,
};

export async function celJs(persons: number): Promise<Peer> {
  const { Environment } = await installedLibrary<{ readonly Environment: new () => Environment }>(
    "@marcbachmann/cel-js",
  );
  const environment = new Environment();
  for (const fact of Object.keys(TYPES) as (keyof JobFacts)[])
    environment.registerVariable(fact, TYPES[fact]);
  const rules = JOB_RULES.map((rule) => [rule, environment.parse(EXPRESSIONS[rule])] as const);
  return rulePeer(persons, (facts) => {
    const hits: JobRule[] = [];
    for (const [rule, holds] of rules) if (holds(facts) === true) hits.push(rule);
    return hits;
  });
}
