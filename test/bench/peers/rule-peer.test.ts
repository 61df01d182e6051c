/** What the rule engines of the comparison share; the engines themselves are held against plain Node where they are measured. */

import { expect, test } from "@jest/globals";
import { type RuleEngine, rulePeer } from "../../../bench/peers/in-process/rule-peer.js";
import { PlainNode } from "../../../bench/peers/plain-node/plain-node.js";
import { SwipeGenerator } from "../../../bench/swipe-5/generator.js";
import { type JobRule, LIMITS } from "../../../bench/swipe-5/job.js";

const SWIPES = 5000;
const PERSONS = 200;

/** Last rule first: the order of a decision's hits is not the engine's. */
const backwards = (...[facts]: Parameters<RuleEngine>): JobRule[] => {
  const hits: JobRule[] = [];
  if (facts.swipes >= LIMITS.swipesMin) hits.push("FREQUENT");
  const sumMin = LIMITS.purchaseLimitFen * LIMITS.purchasesSumMin;
  if (facts.isPurchaseInRange && facts.purchases >= LIMITS.purchasesMin && facts.purchasesFen >= sumMin)
    hits.push("SPLIT");
  if (facts.wrongPins >= LIMITS.wrongPinsMin) hits.push("WRONG_PINS");
  if (facts.distanceKm >= LIMITS.travelKmMin && facts.speedKmh > LIMITS.travelKmhMax) hits.push("TRAVEL");
  if (facts.lost) hits.push("LOST");
  return hits;
};

test.each<[string, RuleEngine]>([
  ["at once", backwards],
  ["with a promise", async (facts) => backwards(facts)],
])("an engine that answers %s decides as plain Node does, byte for byte", async (_, engine) => {
  const [plain, peer] = [new PlainNode(PERSONS), rulePeer(PERSONS, engine)];
  const generator = new SwipeGenerator(PERSONS, { leadSwipes: SWIPES });
  const actions = new Set<string>();
  for (let i = 0; i < SWIPES; i++) {
    const message = Buffer.from(JSON.stringify(generator.next()));
    const expected = Buffer.from(plain.handle(message, i));
    const answer = Buffer.from(await peer.handle(message, i));
    if (!answer.equals(expected)) expect(answer.toString()).toBe(expected.toString());
    actions.add(JSON.parse(expected.toString()).action);
  }
  expect([...actions].sort()).toEqual(["accept", "challenge", "reject", "review"]);
});
