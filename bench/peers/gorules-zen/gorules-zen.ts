/** The job's rules as GoRules ZEN has them: one decision table that collects every row that holds. */

import { JOB_RULES, type JobRule, LIMITS } from "../../swipe-5/job.js";
import { installedLibrary } from "../in-process/installed.js";
import { type Peer, rulePeer } from "../in-process/rule-peer.js";
import type { JobFacts } from "../plain-node/state.js";

/** Light is slower by a tenth. */
const SPEED_KMH_MAX = 1.2e9;

interface Decision {
  evaluate(facts: JobFacts): Promise<{ readonly result: readonly { readonly rule: JobRule }[] }>;
}

interface Library {
  readonly ZenEngine: new () => { createDecision(content: unknown): Decision };
  readonly ZenDecisionContent: new (bytes: Buffer) => unknown;
}

export async function gorulesZen(persons: number): Promise<Peer> {
  const { ZenEngine, ZenDecisionContent } = await installedLibrary<Library>("@gorules/zen-engine");
  const engine = new ZenEngine();
  const decision = engine.createDecision(new ZenDecisionContent(Buffer.from(JSON.stringify(graph()))));
  return rulePeer(persons, async (facts) => {
    const { result } = await decision.evaluate(inNumbersOfJson(facts));
    return result.map(({ rule }) => rule);
  });
}

/** The engine refuses the speed of somebody who is at two places at one moment. */
function inNumbersOfJson(facts: JobFacts): JobFacts {
  return Number.isFinite(facts.speedKmh) ? facts : { ...facts, speedKmh: SPEED_KMH_MAX };
}

const CONDITIONS: Readonly<Record<JobRule, Partial<Record<keyof JobFacts, string>>>> = {
  LOST: { lost: "true" },
  TRAVEL: { distanceKm: `>= ${LIMITS.travelKmMin}`, speedKmh: `> ${LIMITS.travelKmhMax}` },
  WRONG_PINS: { wrongPins: `>= ${LIMITS.wrongPinsMin}` },
  SPLIT: {
    isPurchaseInRange: "true",
    purchases: `>= ${LIMITS.purchasesMin}`,
    purchasesFen: `>= ${LIMITS.purchaseLimitFen * LIMITS.purchasesSumMin}`,
  },
  FREQUENT: { swipes: `>= ${LIMITS.swipesMin}` },
};

/** In ZEN's own form of decision graphs (JDM). */
function graph(): object {
  const facts = [...new Set(Object.values(CONDITIONS).flatMap((condition) => Object.keys(condition)))];
  const rows = JOB_RULES.map((rule) => {
    const conditions: Readonly<Record<string, string>> = CONDITIONS[rule];
    const cells = facts.map((fact) => [fact, conditions[fact] ?? ""]);
    return { _id: rule, ...Object.fromEntries(cells), rule: JSON.stringify(rule) };
  });
  const content = {
    hitPolicy: "collect",
    inputs: facts.map((fact) => ({ id: fact, name: fact, type: "expression", field: fact })),
    outputs: [{ id: "rule", name: "rule", type: "expression", field: "rule" }],
    rules: rows,
  };
  return {
    nodes: [
      { id: "in", type: "inputNode", name: "facts" },
      { id: "rules", type: "decisionTableNode", name: "rules", content },
      { id: "out", type: "outputNode", name: "hits" },
    ],
    edges: [
      { id: "1", type: "edge", sourceId: "in", targetId: "rules" },
      { id: "2", type: "edge", sourceId: "rules", targetId: "out" },
    ],
  };
}
