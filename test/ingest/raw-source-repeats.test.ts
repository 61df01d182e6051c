/** What a killed process had appended and not committed is appended again: every swipe is judged once in effect. */

import { afterEach, expect, test } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { MemoryStateStore } from "../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../platform/state-store/memory/memory-state-world.js";
import { decodeOutcomeBody, encodeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import { openLivePartition } from "../../services/detector/detector.js";
import { defaultBundle } from "../support/judge.js";
import { firstActivation } from "../support/live-partition.js";
import { at, rawStatus, rawSwipe, START_MS } from "../support/records.js";
import {
  JOURNAL_PARTITIONS,
  type RawProcess,
  RawWorld,
  STATUSES,
  SWIPES,
  until,
} from "./raw-source-world.js";

const PERSONS = 12;
const SWIPES_EACH = 6;

const worlds: RawWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

function newWorld(): RawWorld {
  const world = new RawWorld();
  worlds.push(world);
  const activation = { key: "", value: encodeBody(firstActivation), header: new Uint8Array(0) };
  for (let partition = 0; partition < JOURNAL_PARTITIONS; partition++)
    world.logs.append(Topic.JOURNAL, partition, [activation]);
  return world;
}

const persons = Array.from({ length: PERSONS }, (_, person) => `PERSON-${person}`);
const losses = persons
  .filter((_, person) => person % 2 === 1)
  .map((personId) => rawStatus({ personId, eventId: `loss-${personId}` }));
const swipes = Array.from({ length: SWIPES_EACH }, (_, round) =>
  persons.map((personId, person) =>
    rawSwipe({
      personId,
      eventId: `swipe-${personId}-${round}`,
      occurredAt: at(START_MS + (round + 1) * 60_000),
      totalFen: 1_000 * (person + round + 1),
    }),
  ),
).flat();

/** A process that has ingested the losses: nothing orders one topic against another. */
async function withLosses(world: RawWorld): Promise<RawProcess> {
  world.send(STATUSES, 0, losses);
  const process = await world.process({ limits: { batchRecordsMax: 50 } });
  await world.groups.until(`${STATUSES}/0`, losses.length);
  return process;
}

async function judgeAll(world: RawWorld): Promise<LoggedOutcome[]> {
  const log = new MemoryEventLog(world.logs);
  const options = {
    log,
    producer: await log.producer(Topic.DECISIONS),
    store: new MemoryStateStore(new MemoryStateWorld()),
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
    bundles: { load: async () => defaultBundle.bundle },
    ownerId: "judge",
  };
  const outcomes: LoggedOutcome[] = [];
  for (let partition = 0; partition < JOURNAL_PARTITIONS; partition++) {
    const live = await openLivePartition(options, partition);
    const stop = new AbortController();
    const running = live.run(stop.signal);
    const { end } = world.logs.bounds(Topic.JOURNAL, partition);
    await until(() => live.status.judgedOffset === end - 1);
    stop.abort();
    await running;
    for (const { value } of world.logs.records(Topic.DECISIONS, partition))
      outcomes.push(decodeOutcomeBody(value));
  }
  return outcomes;
}

const decisionsOf = (outcomes: readonly LoggedOutcome[]) =>
  outcomes
    .filter(({ type }) => type === "decision")
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

test("kill between append and commit: every swipe has one decision, the one it would have had", async () => {
  const undisturbed = newWorld();
  await withLosses(undisturbed);
  undisturbed.send(SWIPES, 0, swipes);
  await undisturbed.groups.until(`${SWIPES}/0`, swipes.length);

  const world = newWorld();
  const killed = await withLosses(world);
  const before = world.journal().length;
  // Landed in the journal, not known to the process: from here on it does nothing any more.
  const hasLanded = killed.journalPace.hold("log.acknowledge");
  world.send(SWIPES, 0, swipes);
  await hasLanded;
  expect(world.journal().length).toBeGreaterThan(before);
  world.groups.memberOf(SWIPES).assign([]);
  await world.process();
  await world.groups.until(`${SWIPES}/0`, swipes.length);

  const repeats = world.journal().length - undisturbed.journal().length;
  expect(repeats).toBeGreaterThan(0);
  const outcomes = await judgeAll(world);
  expect(outcomes.filter(({ type }) => type === "duplicate")).toHaveLength(repeats);
  expect(decisionsOf(outcomes)).toHaveLength(swipes.length);
  expect(decisionsOf(outcomes)).toEqual(decisionsOf(await judgeAll(undisturbed)));
});
