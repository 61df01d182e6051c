/** The job's rules as json-rules-engine has them: conditions over facts, an event each. */

import { type JobRule, LIMITS } from "../../swipe-5/job.js";
import { installedLibrary } from "../in-process/installed.js";
import { type Peer, rulePeer } from "../in-process/rule-peer.js";
import type { JobFacts } from "../plain-node/state.js";

interface Condition {
  readonly fact: keyof JobFacts;
  readonly operator: "equal" | "greaterThan" | "greaterThanInclusive";
  readonly value: number | boolean;
}

interface Engine {
  addRule(rule: { conditions: { all: readonly Condition[] }; event: { type: JobRule } }): void;
  run(facts: JobFacts): Promise<{ readonly events: readonly { readonly type: JobRule }[] }>;
}

export async function jsonRulesEngine(persons: number): Promise<Peer> {
  const { Engine } = await installedLibrary<{ readonly Engine: new () => Engine }>("json-rules-engine");
  const engine = new Engine();
  for (const [type, all] of Object.entries(RULES) as [JobRule, readonly Condition[]][])
    engine.addRule({ conditions: { all }, event: { type } });
  return rulePeer(persons, async (facts) => {
    const { events } = await engine.run(facts);
    return events.map(({ type }) => type);
  });
}

const RULES: Readonly<Record<JobRule, readonly Condition[]>> = {
  LOST: [is("lost")],
  TRAVEL: [
    atLeast("distanceKm", LIMITS.travelKmMin),
    { fact: "speedKmh", operator: "greaterThan", value: LIMITS.travelKmhMax },
  ],
  WRONG_PINS: [atLeast("wrongPins", LIMITS.wrongPinsMin)],
  SPLIT: [
    is("isPurchaseInRange"),
    atLeast("purchases", LIMITS.purchasesMin),
    atLeast("purchasesFen", LIMITS.purchaseLimitFen * LIMITS.purchasesSumMin),
  ],
  FREQUENT: [atLeast("swipes", LIMITS.swipesMin)],
};

function is(fact: keyof JobFacts): Condition {
  return { fact, operator: "equal", value: true };
}

function atLeast(fact: keyof JobFacts, value: number): Condition {
  return { fact, operator: "greaterThanInclusive", value };
}
