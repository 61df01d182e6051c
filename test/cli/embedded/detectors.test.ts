import { expect, test } from "@jest/globals";
import { Detectors } from "../../../cli/embedded/detectors.js";
import { systemClock } from "../../../platform/clock/system-clock.js";
import { type EventLog, EventLogError, type LogReader } from "../../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { noMetrics } from "../../../platform/metrics/metrics.js";
import { MemoryStateStore } from "../../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../../platform/state-store/memory/memory-state-world.js";
import { encodeBody } from "../../../schemas/log-body.js";
import { Topic } from "../../../schemas/topics.js";
import { defaultBundle } from "../../support/judge.js";
import { firstActivation } from "../../support/live-partition.js";

const PARTITIONS = 2;

/** A log whose reader of one journal partition fails when told to. */
function failing(log: EventLog, partition: number): { log: EventLog; fail: () => void } {
  let failure: EventLogError | null = null;
  const watched = (reader: LogReader): LogReader => ({
    get position() {
      return reader.position;
    },
    read: async (limits) => {
      if (failure !== null) throw failure;
      return reader.read(limits);
    },
    close: () => reader.close(),
  });
  const reader: EventLog["reader"] = async (topic, at, from) => {
    const opened = await log.reader(topic, at, from);
    return topic === Topic.JOURNAL && at === partition ? watched(opened) : opened;
  };
  return {
    log: Object.assign(Object.create(log), { reader }),
    fail: () => {
      failure = new EventLogError("FAILED", "the disk is gone");
    },
  };
}

test("a partition that fails stops all; the end comes when the last one has written its checkpoint", async () => {
  const world = new MemoryLogWorld({ [Topic.JOURNAL]: PARTITIONS, [Topic.DECISIONS]: PARTITIONS });
  const entry = { key: "", value: encodeBody(firstActivation), header: new Uint8Array(0) };
  for (let partition = 0; partition < PARTITIONS; partition++)
    world.append(Topic.JOURNAL, partition, [entry]);
  const { log, fail } = failing(new MemoryEventLog(world), 0);
  const states = new MemoryStateWorld();
  const store = new MemoryStateStore(states);
  const failures: unknown[] = [];
  const detectors = await Detectors.open(
    {
      log,
      producer: await log.producer(Topic.DECISIONS),
      store,
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
      bundles: { load: async () => defaultBundle.bundle },
      limits: { readWaitMs: 2, checkpointEveryMs: 1e9 },
    },
    PARTITIONS,
    (error) => failures.push(error),
  );
  const ended = detectors.run();
  while (!detectors.hasJudged([1, 1])) await new Promise(setImmediate);
  fail();
  await ended;
  expect(failures).toEqual([new EventLogError("FAILED", "the disk is gone")]);
  // Nobody acquired the partitions meanwhile: what is stored now was stored before the end.
  expect(await (await store.acquire(0, "auditor")).readPartition()).toBeNull();
  expect(await (await store.acquire(1, "auditor")).readPartition()).not.toBeNull();
});
