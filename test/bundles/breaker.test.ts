/** The breaker in its room: trips once, for every partition, survives, tells, and people have the last word. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { parseInstantMs } from "../../schemas/instant.js";
import type { DecisionOutcome, Reason } from "../../schemas/outcomes.js";
import { BREAKER_LIMITS } from "../../services/bundles/breaker-limits.js";
import { FIRST, hashOf, PARTITIONS, RulesWorld } from "./rules-world.js";

let world: RulesWorld;
let swipe = 0;
beforeAll(async () => {
  world = await RulesWorld.open();
});
beforeEach(async () => {
  await world.begin();
  await world.add("an", "bo", "chen");
  await world.takenOver();
});
afterEach(() => world.end());
afterAll(() => world.close());

/** Decisions, spread over the partitions; of the stopped ones each is another person's. */
function decide(bundleHash: string, count: number, stopped = 0, rule = "R12"): void {
  for (let i = 0; i < count; i++) {
    const number = swipe++;
    const isStopped = i < stopped;
    const reason: Reason = {
      rule,
      version: 1,
      mode: "live",
      action: isStopped ? "reject" : "approve",
      severity: "high",
      code: rule,
      facts: {},
      evidence: [],
      text: { "zh-CN": "", en: "" },
    };
    const decision: DecisionOutcome = {
      type: "decision",
      decisionId: `d-${number}`,
      // As hostile as a text can be.
      eventId: `swipe-${number}","action":"reject","bundleHash":"${"f".repeat(64)}"`,
      personKey: number.toString(16).padStart(32, "0"),
      cardTail: null,
      kind: "settle",
      action: isStopped ? "reject" : "approve",
      reasons: isStopped ? [reason] : [],
      responseCode: "00",
      advice: null,
      disputed: false,
      degraded: false,
      clockClamped: false,
      bundleHash,
      engineVersion: "1",
      occurredAt: "2026-03-02T10:00:00.000+08:00",
      swipe: { credential: "card" } as unknown as DecisionOutcome["swipe"],
    };
    world.gateway.judge(number % PARTITIONS, decision);
  }
}

const trips = () => world.gateway.orders.filter(({ publishedBy }) => publishedBy.includes("breaker"));
const errors = () => world.logger.errors.map(({ event }) => event);

/** Everything that is in the log has been looked at: an activation behind it is answered. */
async function seen(limitFen: number): Promise<void> {
  await world.publish(limitFen);
}

describe("a rule that runs away under a published version", () => {
  it("is lowered by an activation of the breaker alone, and people are told until they publish", async () => {
    decide(hashOf(FIRST), 400);
    const version = await world.publish(1);
    decide(hashOf({ limitFen: 1 }), 300, 90);
    const status = await world.until(({ running }) => running?.kind === "breaker");
    expect(status.running).toMatchObject({ publishedBy: ["breaker"], status: "complete" });
    expect(trips()).toMatchObject([{ content: { limitFen: 1, lowered: ["R12"] } }]);
    expect(status.alarms).toEqual([expect.stringMatching(/^BREAKER_TRIPPED: activation 2 \(version 3\)/)]);
    expect(errors()).toContain("bundles.breaker-tripped");
    const { body } = await world.ask("an", "GET /v1/rules/versions/3");
    expect(body).toMatchObject({ author: "breaker", origin: "breaker", madeOf: version });
    expect(JSON.stringify(body.comments)).toMatch(/R12 stopped \d+ of \d+ swipes within 30 s \(/);

    // What it is rid of it does not see again, and a person's version is judged anew.
    decide(hashOf({ limitFen: 1 }), 300, 90);
    await seen(2);
    expect(trips()).toHaveLength(1);
    expect((await world.service.status()).alarms).toEqual([]);
    decide(hashOf({ limitFen: 2 }), 300, 90);
    await world.until(({ running }) => running?.kind === "breaker");
    expect(trips()).toHaveLength(2);
  });

  it("trips once, also where the service was killed before and after", async () => {
    decide(hashOf(FIRST), 400);
    await world.publish(1);
    decide(hashOf({ limitFen: 1 }), 150, 45);
    await world.service.close();
    await world.start();
    decide(hashOf({ limitFen: 1 }), 150, 45);
    await world.until(({ running }) => running?.kind === "breaker");
    await world.service.close();
    await world.start();
    decide(hashOf({ limitFen: 1 }), 300, 90);
    await seen(2);
    expect(trips()).toHaveLength(1);
  });

  it("is only told of where it goes by loss policies", async () => {
    decide(hashOf(FIRST), 400);
    await world.publish(1);
    decide(hashOf({ limitFen: 1 }), 300, 90, "R01");
    const { alarms } = await world.until((status) => status.alarms.length > 0);
    expect(alarms).toEqual([expect.stringMatching(/^RULE_RUNAWAY: R01 stopped /)]);
    expect(errors()).toContain("bundles.rule-runaway");
    await seen(2);
    expect(trips()).toEqual([]);
  });

  it("stays as it is where the breaker is switched off", async () => {
    await world.service.close();
    await world.start({ lowerRules: null });
    decide(hashOf(FIRST), 400);
    await world.publish(1);
    decide(hashOf({ limitFen: 1 }), 300, 90);
    await seen(2);
    expect(trips()).toEqual([]);
  });

  it("that cannot be lowered is an error line, and nothing is activated", async () => {
    await world.service.close();
    await world.start({ lowerRules: () => ({ nothing: true }) });
    decide(hashOf(FIRST), 400);
    await world.publish(1);
    decide(hashOf({ limitFen: 1 }), 300, 90);
    await seen(2);
    expect(trips()).toEqual([]);
    expect(errors()).toContain("bundles.breaker-failed");
  });
});

it("the first version that the journal shows is counted, and never lowered", async () => {
  decide(hashOf(FIRST), 300, 90);
  await seen(1);
  expect(trips()).toEqual([]);
});

it("what was published past the room, and found in the journal, is judged as every other version", async () => {
  decide(hashOf(FIRST), 400);
  const content = { limitFen: 9 };
  const order = {
    sequence: 1,
    engineVersion: null,
    content,
    shadow: null,
    publishedBy: [],
    partitions: null,
  };
  await world.gateway.send(order);
  await world.until(({ running }) => running?.kind === "found" && running.sequence === 1);
  decide(hashOf(content), 300, 90);
  const { running } = await world.until((status) => status.running?.kind === "breaker");
  expect(running).toMatchObject({ publishedBy: ["breaker"], sequence: 2 });
  expect(trips()).toMatchObject([{ content: { limitFen: 9, lowered: ["R12"] } }]);
});

it("goes by the numbers that it is given", async () => {
  await world.service.close();
  await world.start({ breakerLimits: { ...BREAKER_LIMITS, swipesMin: 20, stopsMin: 5 } });
  decide(hashOf(FIRST), 400);
  await world.publish(1);
  decide(hashOf({ limitFen: 1 }), 25, 8);
  await world.until(({ running }) => running?.kind === "breaker");
  expect(trips()).toHaveLength(1);
});

it("a trip comes within a minute of the first decision under the bad version", async () => {
  decide(hashOf(FIRST), 400);
  await world.publish(1);
  const fromMs = Date.now();
  decide(hashOf({ limitFen: 1 }), 300, 90);
  const { running } = await world.until((status) => status.running?.kind === "breaker");
  expect(parseInstantMs(running!.createdAt) - fromMs).toBeLessThan(60_000);
});
