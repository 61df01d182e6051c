/** From an activation on paper to every partition: silent ones, a gateway that is away, kills, and what is taken over. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { RunningActivation } from "../../services/bundles/activation-sender.js";
import { activateForBreaker } from "../../services/bundles/publishing.js";
import { FIRST, hashOf, PARTITIONS, RulesWorld } from "./rules-world.js";

let world: RulesWorld;
beforeAll(async () => {
  world = await RulesWorld.open();
});
beforeEach(async () => {
  await world.begin();
  await world.add("an", "bo", "chen");
});
afterEach(() => world.end());
afterAll(() => world.close());

async function approved(limitFen: number): Promise<number> {
  const version = await world.draft("an", limitFen);
  await world.ask("bo", `POST /v1/rules/versions/${version}/approve`);
  return version;
}

async function activate(limitFen: number, body: object = {}) {
  const version = await approved(limitFen);
  return world.ask("an", `POST /v1/rules/versions/${version}/activate`, body);
}

describe("a first start", () => {
  it("takes over what the journal runs, as a version that nobody drafted", async () => {
    const { running, open, alarms } = await world.takenOver();
    expect(running).toMatchObject({ sequence: 0, version: 1, kind: "found", status: "complete" });
    expect({ open, alarms }).toEqual({ open: null, alarms: [] });
    const { body } = await world.ask("an", "GET /v1/rules/versions/1/content");
    expect(body).toMatchObject({ bundleHash: hashOf(FIRST), content: FIRST });
  });

  it("without a gateway publishes nothing, and is alarmed after a minute", async () => {
    await world.service.close();
    world.gateway.isAway = true;
    await world.tables.deleteFrom("bundle_activations").execute();
    await world.start();
    expect((await activate(5)).body.code).toBe("NOT_TAKEN_OVER");
    world.clock.advance(61_000);
    const { alarms } = await world.until((status) => status.alarms.length > 0);
    expect(alarms[0]).toMatch(/^ACTIVATION_UNKNOWN: .*\(nothing answers\); is the gateway there\?$/);
    world.gateway.isAway = false;
    world.clock.advance(31_000);
    expect(await world.takenOver()).toMatchObject({ running: { sequence: 0 } });
  });
});

describe("an activation", () => {
  beforeEach(() => world.takenOver());

  it("gets the next sequence, goes to every partition once, and is complete when all have answered", async () => {
    await activate(5);
    const { running } = await world.until(({ open }) => open === null);
    expect(running).toMatchObject({ sequence: 1, version: 2, engineVersion: "1", publishedBy: ["an", "bo"] });
    expect(world.gateway.orders).toEqual([
      {
        sequence: 1,
        content: { limitFen: 5 },
        shadow: null,
        publishedBy: ["an", "bo"],
        engineVersion: null,
        partitions: null,
      },
    ]);
  });

  it("that a partition does not answer is partial, alarmed after 60 s and sent again to that partition only", async () => {
    world.gateway.down.add(2);
    await activate(5);
    const { open, running } = await world.until((status) => status.open?.answered === PARTITIONS - 1);
    expect(running).toMatchObject({ sequence: 0 });
    expect(open?.partitions[2]).toEqual({ partition: 2, answer: null });
    world.clock.advance(11_000);
    await world.gateway.sent(2);
    expect(world.gateway.orders[1]).toMatchObject({ sequence: 1, partitions: [2], engineVersion: "1" });
    world.clock.advance(50_000);
    const { alarms } = await world.until((status) => status.alarms.length > 0);
    expect(alarms[0]).toMatch(
      /^ACTIVATION_PARTIAL: activation 1 \(version 2\) is 3\/4, silent for \d+ s: 2; is a detector down\?$/,
    );
    world.clock.advance(2_000);
    while (world.service.alarms.length === 0) await new Promise(setImmediate);
    expect(world.logger.errors).toContainEqual({
      event: "bundles.alarm",
      fields: { code: "ACTIVATION_PARTIAL", sequence: 1, count: 1 },
    });
    world.gateway.recover(2);
    expect(await world.until((status) => status.open === null)).toMatchObject({
      running: { sequence: 1, version: 2 },
      alarms: [],
    });
  });

  it("keeps others out while it is partial, unless they replace it", async () => {
    world.gateway.down.add(0);
    await activate(5);
    await world.until(({ open }) => open?.answered === PARTITIONS - 1);
    const refused = await activate(6);
    expect(refused).toMatchObject({ status: 409, body: { code: "PARTIAL" } });
    expect((await world.ask("an", "POST /v1/rules/rollback")).body.code).toBe("PARTIAL");
    const replaced = await world.ask("an", "POST /v1/rules/versions/3/activate", { replace: true });
    expect(replaced).toMatchObject({ status: 202, body: { activation: { sequence: 2, version: 3 } } });
    await world.gateway.sent(2);
    world.gateway.recover(0);
    expect((await world.until(({ open }) => open === null)).running).toMatchObject({ sequence: 2 });
    const { body } = await world.ask("an", "GET /v1/rules/versions/2");
    expect(body.activations).toMatchObject([{ sequence: 1, status: "replaced" }]);
  });

  it("waits for a gateway that is away, and says why", async () => {
    world.gateway.isAway = true;
    await activate(5);
    const { open } = await world.until((status) => status.open?.trouble === "nothing answers");
    expect(open).toMatchObject({ sentAt: null, timesSent: 0, answered: 0 });
    world.gateway.isAway = false;
    world.clock.advance(31_000);
    expect((await world.until((status) => status.open === null)).running).toMatchObject({ version: 2 });
  });

  it("that the gateway refuses is refused with its reason; what ran goes on, and the next gets another number", async () => {
    world.gateway.refusal = "ENGINE_UNKNOWN: this program carries 1, 2";
    await activate(5);
    const refused = await world.until(({ lastRefused }) => lastRefused !== null);
    expect(refused).toMatchObject({
      running: { sequence: 0 },
      open: null,
      lastRefused: { sequence: 1, reason: "ENGINE_UNKNOWN: this program carries 1, 2" },
    });
    world.gateway.refusal = null;
    const again = await world.ask("an", "POST /v1/rules/versions/2/activate");
    expect(again).toMatchObject({ status: 202, body: { activation: { sequence: 2 } } });
    await world.until(({ running }) => running?.sequence === 2);
  });

  it("that a partition refuses is never complete, and alarmed at once", async () => {
    world.gateway.down.add(3);
    await activate(5);
    await world.until(({ open }) => open?.answered === PARTITIONS - 1);
    world.gateway.down.delete(3);
    world.gateway.judge(3, {
      type: "refused",
      eventId: null,
      personKey: null,
      code: "ACTIVATION_CONFLICT",
      sequence: 1,
    });
    const { open, alarms } = await world.until((status) => status.alarms.length > 0);
    expect(open?.partitions[3]).toEqual({ partition: 3, answer: "ACTIVATION_CONFLICT" });
    expect(alarms).toEqual([
      "ACTIVATION_REFUSED: activation 1: partition 3 ACTIVATION_CONFLICT; publish anew with --replace",
    ]);
  });

  it("goes on where it was after a kill before it was sent, and after one before it was known to be", async () => {
    world.gateway.isAway = true;
    await activate(5);
    await world.service.close();
    world.gateway.isAway = false;
    world.gateway.down.add(1);
    await world.start();
    await world.until(({ open }) => open?.answered === PARTITIONS - 1);
    await world.service.close();
    // As after a kill between the gateway's answer and writing it down.
    await world.tables
      .updateTable("bundle_activations")
      .set({ sent_at: null, times_sent: 0 })
      .where("sequence", "=", 1)
      .execute();
    world.gateway.recover(1);
    await world.start();
    expect((await world.until(({ open }) => open === null)).running).toMatchObject({
      sequence: 1,
      version: 2,
    });
    expect(new Set(world.gateway.orders.map(({ sequence }) => sequence))).toEqual(new Set([1]));
  });

  it("answered while the office was away counts when it comes back", async () => {
    world.gateway.down.add(0).add(1);
    await activate(5);
    await world.until(({ open }) => open?.answered === PARTITIONS - 2);
    await world.service.close();
    world.gateway.recover(0);
    world.gateway.recover(1);
    const sent = world.gateway.orders.length;
    await world.start();
    expect((await world.until(({ open }) => open === null)).running).toMatchObject({ sequence: 1 });
    expect(world.gateway.orders).toHaveLength(sent);
  });
});

describe("what somebody else activated", () => {
  const foreign: RunningActivation = {
    sequence: 7,
    bundleHash: hashOf({ limitFen: 77 }),
    shadowBundleHash: null,
    engineVersion: "1",
    publishedBy: ["yu", "li"],
  };
  beforeEach(async () => {
    await world.takenOver();
    world.gateway.contents.set(foreign.bundleHash, { limitFen: 77 });
  });

  it("is taken over as soon as a partition goes by it, and numbers go on from there", async () => {
    world.gateway.runningNow = foreign;
    world.gateway.judge(1, { type: "activated", ...foreign });
    const { running } = await world.until((status) => status.running?.sequence === 7);
    expect(running).toMatchObject({ kind: "found", version: 2, publishedBy: ["yu", "li"] });
    expect((await activate(5)).body.activation).toMatchObject({ sequence: 8 });
  });

  it("makes the gateway refuse an older number, and is taken over then", async () => {
    world.gateway.runningNow = foreign;
    await activate(5);
    const { lastRefused, running } = await world.until((status) => status.running?.sequence === 7);
    expect(running).toMatchObject({ version: 3, kind: "found" });
    expect(lastRefused).toBeNull();
    expect((await world.ask("an", "GET /v1/rules/versions/2")).body.activations).toMatchObject([
      { sequence: 1, status: "refused", reason: expect.stringContaining("409") },
    ]);
  });

  it("under a number that was given out here is a conflict until something else is published", async () => {
    await world.publish(5);
    await world.service.close();
    world.gateway.runningNow = { ...foreign, sequence: 1 };
    await world.start();
    const { alarms } = await world.until((status) => status.alarms.length > 0);
    expect(alarms[0]).toMatch(/^ACTIVATION_CONFLICT: /);
    await activate(6);
    expect((await world.until((status) => status.open === null)).alarms).toEqual([]);
  });
});

describe("the breaker", () => {
  beforeEach(() => world.takenOver());
  const change = (sequence: number) => ({ content: { limitFen: 1 }, comment: "R14 ran away", sequence });

  it("activates its own version at once, signed by itself alone; going back passes over what it tripped on", async () => {
    await world.publish(5);
    await world.publish(6);
    const activation = await activateForBreaker(world.service.room, change(2));
    expect(activation).toMatchObject({ sequence: 3, kind: "breaker", publishedBy: ["breaker"] });
    await world.until(({ running }) => running?.sequence === 3);
    const { body } = await world.ask("an", "POST /v1/rules/rollback");
    expect(body.version).toMatchObject({ madeOf: 2 });
  });

  it("is late where people activated something else meanwhile", async () => {
    await world.publish(5);
    expect(await activateForBreaker(world.service.room, change(0))).toBeNull();
  });

  it("replaces what is partial: a rule runs away there, too", async () => {
    world.gateway.down.add(0);
    await activate(5);
    await world.until(({ open }) => open?.answered === PARTITIONS - 1);
    await activateForBreaker(world.service.room, change(1));
    world.gateway.recover(0);
    expect((await world.until(({ open }) => open === null)).running).toMatchObject({
      sequence: 2,
      kind: "breaker",
    });
  });
});
