/** Heartbeats in raw topics: each vouches for the statuses before it, in whichever partition and process they are. */

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Clock } from "../../platform/clock/clock.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { EventLogError } from "../../platform/event-log/event-log.js";
import type { CanonicalHeartbeat } from "../../schemas/journal.js";
import { at, rawStatus, START_MS } from "../support/records.js";
import { JOURNAL_PARTITIONS, KeptMetrics, RawWorld, STATUSES, SWIPES, until } from "./raw-source-world.js";

let world: RawWorld;
beforeEach(() => {
  world = new RawWorld();
});
afterEach(() => world.close());

const passing = () => new EventLogError("FAILED", "no answer", { retryable: true });
const heartbeat = { type: "heartbeat", feedId: "33", occurredAt: at(START_MS) };

/** Types in each partition of the journal, the shorter one first. */
const types = () =>
  [0, 1]
    .map((partition) => world.journal(partition).map(({ type }) => type))
    .sort((a, b) => a.length - b.length);
const heartbeats = () => world.journal().filter(({ type }) => type === "heartbeat").length;

/** The machine's clock, some time ahead of it. */
class MovedClock implements Clock {
  aheadMs = 0;
  now(): number {
    return Date.now() + this.aheadMs;
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(Math.min(ms, 5), signal);
  }
}

describe("a heartbeat", () => {
  test("gets into every partition of the journal, behind the statuses it vouches for", async () => {
    const { journalPace } = await world.process();
    journalPace.failures.push({ step: "log.append", error: passing() });
    world.send(STATUSES, 0, [rawStatus(), heartbeat]);
    await until(() => heartbeats() === JOURNAL_PARTITIONS);
    expect(types()).toEqual([["heartbeat"], ["card-status", "heartbeat"]]);
  });

  test("waits for a status in a partition that another process reads, and is then let through", async () => {
    world.send(STATUSES, 0, [heartbeat]);
    world.send(STATUSES, 1, [rawStatus()]);
    await world.process({ assigned: [0] });
    await world.groups.until(`${STATUSES}/0`, 1);
    await world.process({ assigned: [1] });
    await until(() => heartbeats() === JOURNAL_PARTITIONS);
    expect(types()).toEqual([["heartbeat"], ["card-status", "heartbeat"]]);
  });

  test("waits for a status of another partition of its own process", async () => {
    const { journalPace, failures } = await world.process();
    const held = journalPace.hold("log.append");
    world.send(STATUSES, 1, [rawStatus()]);
    await held;
    world.send(STATUSES, 0, [heartbeat]);
    await world.groups.until(`${STATUSES}/0`, 1);
    journalPace.failures.push({ step: "log.acknowledge", error: passing() });
    journalPace.release();
    await until(() => heartbeats() === JOURNAL_PARTITIONS);
    expect(types().at(-1)).toEqual(["card-status", "card-status", "heartbeat"]);
    expect(failures).toEqual([]);
  });

  test("does not wait for the heartbeat of another partition, which waits for it", async () => {
    for (const partition of [0, 1]) world.send(STATUSES, partition, [rawStatus(), heartbeat]);
    await world.process({ assigned: [0] });
    await world.process({ assigned: [1] });
    await until(() => heartbeats() >= 2 * JOURNAL_PARTITIONS);
    expect(world.journal().filter(({ type }) => type === "card-status")).toHaveLength(2);
  });

  test("vouches for nothing where a partition with statuses is read by nobody as long as a feed may be silent", async () => {
    const [metrics, clock] = [new KeptMetrics(), new MovedClock()];
    world.send(STATUSES, 0, [heartbeat]);
    world.send(STATUSES, 1, [rawStatus()]);
    await world.process({ assigned: [0], metrics, clock });
    await world.groups.until(`${STATUSES}/0`, 1);
    clock.aheadMs = 61_000;
    await until(
      () => metrics.of("kadun_ingest_raw_records_total", { topic: STATUSES, result: "stale" }) === 1,
    );
    await world.process({ assigned: [1], clock });
    await world.groups.until(`${STATUSES}/1`, 1);
    expect(world.journal().map(({ type }) => type)).toEqual(["card-status"]);
  });

  test("is one of many of its feed while it waits: the newest is let through, others' too", async () => {
    const metrics = new KeptMetrics();
    const later = (ms: number, feedId = "33") => ({ ...heartbeat, feedId, occurredAt: at(START_MS + ms) });
    world.send(STATUSES, 0, [later(0), later(1), later(2, "11"), later(3)]);
    world.send(STATUSES, 1, [rawStatus()]);
    await world.process({ assigned: [0], metrics });
    await world.groups.until(`${STATUSES}/0`, 4);
    await world.process({ assigned: [1] });
    await until(() => heartbeats() >= 3 * JOURNAL_PARTITIONS);
    const lastOf = (feed: string) =>
      (world.journal(0) as CanonicalHeartbeat[]).filter(({ feedId }) => feedId === feed).at(-1)?.occurredAt;
    expect([lastOf("33"), lastOf("11")]).toEqual([later(3).occurredAt, later(2).occurredAt]);
    const counted = (result: string) =>
      metrics.of("kadun_ingest_raw_records_total", { topic: STATUSES, result }) ?? 0;
    expect([counted("accepted"), counted("superseded")]).toEqual([3, 1]);
  });

  test("asks again where the group or the log does not answer for a moment", async () => {
    const { source, failures } = await world.process({ assigned: [0] });
    world.send(STATUSES, 1, [rawStatus()]);
    world.groups.failures.push(passing(), passing());
    world.send(STATUSES, 0, [heartbeat]);
    await until(() => world.groups.failures.length === 0);
    await world.process({ assigned: [1] });
    await until(() => heartbeats() === JOURNAL_PARTITIONS);
    expect([failures, source.status().failure]).toEqual([[], null]);
  });

  test("does not vouch for a status that could not be stored", async () => {
    const { journalPace, failures } = await world.process();
    journalPace.failures.push({ step: "log.append", error: new Error("the topic is gone") });
    world.send(STATUSES, 0, [rawStatus(), heartbeat]);
    await until(() => failures.length > 0);
    expect(world.journal()).toEqual([]);
    expect(world.groups.commits).toEqual([]);
  });

  test("that waited as long as a feed may be silent vouches for nothing", async () => {
    const metrics = new KeptMetrics();
    world.send(STATUSES, 0, [heartbeat, rawStatus()]);
    const appendedAtMs = Date.now();
    await world.process({
      metrics,
      clock: {
        now: () => appendedAtMs + 61_000,
        sleep: (_ms, _signal) => new Promise((done) => setTimeout(done, 1)),
      },
    });
    await world.groups.until(`${STATUSES}/0`, 2);
    await until(
      () => metrics.of("kadun_ingest_raw_records_total", { topic: STATUSES, result: "stale" }) === 1,
    );
    expect(world.journal().map(({ type }) => type)).toEqual(["card-status"]);
  });

  test("is not taken beside the swipes", async () => {
    world.send(SWIPES, 0, [heartbeat]);
    await world.process();
    await world.groups.until(`${SWIPES}/0`, 1);
    expect((await world.letters()).map(({ code }) => code)).toEqual(["TYPE_UNEXPECTED"]);
  });
});
