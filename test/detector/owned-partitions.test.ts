/** The partitions of one of several processes: they come, go, and are opened anew after what passes. */

import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import { type EventLog, EventLogError, type LogProducer } from "../../platform/event-log/event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { Topic } from "../../schemas/topics.js";
import { OwnedPartitions, type OwnedPartitionsOptions } from "../../services/detector/owned-partitions.js";
import { defaultBundle } from "../support/judge.js";
import { goldenRecords, LiveWorld } from "../support/live-partition.js";

const records = goldenRecords();
let opened: OwnedPartitions[] = [];

afterEach(async () => {
  await Promise.all(opened.map((owned) => owned.close()));
  opened = [];
});

async function owning(world: LiveWorld, options: Partial<OwnedPartitionsOptions> = {}) {
  const failures: unknown[] = [];
  const owned = new OwnedPartitions({
    log: world.log,
    producer: await world.producer(),
    store: world.store,
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
    bundles: { load: () => Promise.resolve(defaultBundle.bundle) },
    limits: { checkpointEveryMs: 0, readWaitMs: 5 },
    onFailure: (error) => failures.push(error),
    ...options,
  });
  opened.push(owned);
  return { owned, failures };
}

/** Holds up whoever reads the journal. */
class Gate {
  isReached = false;
  open: () => void = () => {};
  private readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  before(log: EventLog): EventLog {
    return {
      partitionCount: (topic) => log.partitionCount(topic),
      producer: (topic) => log.producer(topic),
      bounds: (topic, partition) => log.bounds(topic, partition),
      tail: (topic, partition) => log.tail(topic, partition),
      trim: (topic, partition, start) => log.trim(topic, partition, start),
      close: () => log.close(),
      reader: async (topic, partition, fromOffset) => {
        if (topic === Topic.JOURNAL) {
          this.isReached = true;
          await this.opened;
        }
        return log.reader(topic, partition, fromOffset);
      },
    };
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let turns = 0; !isTrue(); turns++) {
    if (turns > 1e6) throw new Error("it never came true");
    await turn();
  }
}

const judgedUpTo = (owned: OwnedPartitions) => owned.status[0]?.judgedOffset ?? -2;

describe("a partition of this process", () => {
  test("is judged from its assignment to its revocation, and goes on where it was when it comes back", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 100));
    const { owned, failures } = await owning(world);
    owned.assign([0]);
    await until(() => judgedUpTo(owned) === 99);
    owned.assign([]);
    expect(owned.wanted).toEqual([]);
    await until(() => owned.status.length === 0);
    const before = world.decisions().length;
    world.append(records.slice(100, 150));
    owned.assign([0]);
    await until(() => judgedUpTo(owned) === 149);
    await owned.close();
    expect(world.decisions().length).toBeGreaterThan(before);
    expect(new Set(world.decisions().map(({ position }) => JSON.stringify(position))).size).toBe(
      world.decisions().length,
    );
    expect(failures).toEqual([]);
  });

  test("that comes back while it still ends is opened once, after that", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 100));
    const { owned, failures } = await owning(world);
    for (let round = 0; round < 20; round++) {
      owned.assign([0]);
      if (round % 3 === 0) await turn();
      owned.assign([]);
      owned.assign([0]);
    }
    await until(() => judgedUpTo(owned) === 99);
    expect(owned.status).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  test("that another process took over and gave back is opened anew when its own writes are refused", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 100));
    const { owned, failures } = await owning(world);
    owned.assign([0]);
    await until(() => judgedUpTo(owned) === 99);
    const first = owned.status[0]!.epoch;
    await world.store.acquire(0, "another");
    world.append(records.slice(100, 120));
    await until(() => judgedUpTo(owned) === 119 && owned.status[0]!.epoch > first + 1);
    expect(failures).toEqual([]);
  });

  test("that was another's while this process stood still ends no process", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 100));
    const asleep = new Gate();
    const { owned, failures } = await owning(world, { log: asleep.before(world.log) });
    owned.assign([0]);
    await until(() => asleep.isReached);
    await world.runToEnd();
    asleep.open();
    await until(() => judgedUpTo(owned) === 99);
    await owned.close();
    expect(failures).toEqual([]);
    const undisturbed = new LiveWorld();
    undisturbed.append(records.slice(0, 100));
    await undisturbed.runToEnd();
    expect(world.decisions()).toEqual(undisturbed.decisions());
  });

  test("whose log cannot be appended to for a while goes on afterwards, in order and without a gap", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 100));
    const producer = await world.producer();
    let rest = 3;
    const failing: LogProducer = {
      append: (partition, entries) => {
        if (rest-- > 0)
          return Promise.reject(new EventLogError("FAILED", "the leader moves", { retryable: true }));
        return producer.append(partition, entries);
      },
      flush: () => producer.flush(),
      close: () => producer.close(),
    };
    const { owned, failures } = await owning(world, { producer: failing });
    owned.assign([0]);
    await until(() => judgedUpTo(owned) === 99 && rest < 0);
    await owned.close();
    const undisturbed = new LiveWorld();
    undisturbed.append(records.slice(0, 100));
    await undisturbed.runToEnd();
    expect(world.decisions()).toEqual(undisturbed.decisions());
    expect(failures).toEqual([]);
  });
});

describe("what cannot pass by itself", () => {
  test("ends all partitions, and is reported once", async () => {
    const world = new LiveWorld();
    world.logs.append(Topic.JOURNAL, 0, [
      { key: "", value: new Uint8Array([1, 2, 3]), header: new Uint8Array(0) },
    ]);
    const { owned, failures } = await owning(world);
    owned.assign([0]);
    await until(() => failures.length > 0);
    owned.assign([0]);
    await owned.close();
    expect(failures).toHaveLength(1);
    expect(String(failures[0])).toContain("a log record of 3 bytes");
  });
});
