import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import type { LogProducer } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { PrometheusMetrics } from "../../platform/metrics/prometheus/prometheus-metrics.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import type { Answer } from "../../services/detector/detector-options.js";
import { Partition } from "../../services/detector/partition.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { seededRandom } from "../oracle/scenario-random.js";
import { defaultBundle } from "../support/judge.js";
import { firstActivation, goldenRecords, LiveWorld } from "../support/live-partition.js";

const records = goldenRecords();
const persons = [...new Set(records.flatMap((record) => ("personKey" in record ? [record.personKey] : [])))];
/** Small enough that a run has many batches and checkpoints. */
const SMALL = { batchRecordsMax: 7, checkpointDirtyMax: 3, checkpointEveryMs: 0 };

/** The journal folded by a partition without log and store. */
function fold(world: LiveWorld): { partition: Partition; outcomes: string[] } {
  const partition = new Partition(defaultBundle.bundle);
  const outcomes: string[] = [];
  const appended = world.logs.read(Topic.JOURNAL, 0, 0, {
    recordsMax: 1e6,
    bytesMax: 1e12,
    waitMs: 0,
  });
  let appendedAtMaxMs = 0;
  for (const [offset, record] of records.entries()) {
    appendedAtMaxMs = Math.max(appendedAtMaxMs, appended[offset]!.appendedAtMs);
    const taken = partition.take(record, offset, appendedAtMaxMs);
    outcomes.push(...loggedOutcomesOf(record, taken).map(textOf));
  }
  return { partition, outcomes };
}

function bodies(world: LiveWorld): string[] {
  return world.decisions().map(({ outcome }) => textOf(outcome));
}

function textOf(outcome: LoggedOutcome): string {
  return outcome.type === "refused" ? outcome.code : JSON.stringify(outcome);
}

/** By person: what each of the person's records in the journal made of it. */
function statesOf(world: LiveWorld): Map<string, Uint8Array[]> {
  const partition = new Partition(defaultBundle.bundle);
  const states = new Map<string, Uint8Array[]>();
  let appendedAtMaxMs = 0;
  for (const { offset, appendedAtMs, record } of world.journal()) {
    appendedAtMaxMs = Math.max(appendedAtMaxMs, appendedAtMs);
    partition.take(record, offset, appendedAtMaxMs);
    if (!("personKey" in record)) continue;
    const { personKey } = record;
    states.set(personKey, [...(states.get(personKey) ?? []), partition.personBytesOf(personKey)]);
  }
  return states;
}

describe("a live partition", () => {
  test("judges the journal as the fold of it does, and stores the same persons", async () => {
    const world = new LiveWorld();
    world.append(records);
    await world.runToEnd({ limits: SMALL });
    const expected = fold(world);
    expect(bodies(world)).toEqual(expected.outcomes);
    const stored = await (await world.store.acquire(0, "auditor")).load(persons);
    for (const [index, person] of persons.entries())
      expect(stored[index]).toEqual(expected.partition.personBytesOf(person));
  });

  test("goes on where it stopped, without judging anything twice", async () => {
    const world = new LiveWorld();
    for (let start = 0; start < records.length; start += 50) {
      world.append(records.slice(start, start + 50));
      await world.runToEnd({ limits: SMALL });
    }
    expect(bodies(world)).toEqual(fold(world).outcomes);
  });

  test("after a crash without a checkpoint judges again and appends nothing twice", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 100));
    await crash(world, { checkpointEveryMs: 1e9, checkpointDirtyMax: 1e9 });
    const before = world.decisions().length;
    expect(before).toBeGreaterThan(50);
    world.append(records.slice(100));
    await world.runToEnd({ limits: SMALL });
    expect(bodies(world)).toEqual(fold(world).outcomes);
  });

  test("after a half-written checkpoint skips what the persons written include", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 200));
    await world.runToEnd({ limits: SMALL });
    const ownership = await world.store.acquire(0, "half");
    const fresh = new LiveWorld();
    fresh.append(records.slice(0, 200));
    await crash(fresh, { checkpointEveryMs: 1e9, checkpointDirtyMax: 1e9 });
    const half = persons.filter((_, index) => index % 2 === 0);
    const values = await ownership.load(half);
    const entries = half.flatMap((key, index) => (values[index] ? [{ key, value: values[index]! }] : []));
    expect(entries.length).toBeGreaterThan(5);
    await (await fresh.store.acquire(0, "writer")).put(entries);
    fresh.append(records.slice(200));
    await fresh.runToEnd({ limits: SMALL });
    expect(bodies(fresh)).toEqual(fold(fresh).outcomes);
  });

  test.each([1, 2, 3])(
    "after a checkpoint that stored each person as of another moment stores all that follows (seed %i)",
    async (seed) => {
      const random = seededRandom(seed);
      const world = new LiveWorld();
      world.append(records.slice(0, 600));
      await crash(world, { checkpointEveryMs: 1e9, checkpointDirtyMax: 1e9 });
      const entries = [...statesOf(world)].map(([key, states]) => ({ key, value: random.pick(states) }));
      await (await world.store.acquire(0, "writer")).put(entries);
      world.append(records.slice(600));
      // Batches of one, checkpoints of a few persons: a record's next change often comes before the list after the next.
      await world.runToEnd({ limits: { batchRecordsMax: 1, checkpointDirtyMax: 2, checkpointEveryMs: 1e9 } });
      const expected = fold(world);
      expect(bodies(world)).toEqual(expected.outcomes);
      const stored = await (await world.store.acquire(0, "auditor")).load(persons);
      for (const [index, person] of persons.entries())
        expect(stored[index]).toEqual(expected.partition.personBytesOf(person));
    },
  );

  test("gives the answer of a record whose header is an address, with its outcomes", async () => {
    const world = new LiveWorld();
    const answers: Answer[] = [];
    world.append([firstActivation]);
    world.append(records.slice(1, 2), Uint8Array.of(7));
    world.append(records.slice(2, 3));
    await world.runToEnd({ onAnswer: (answer) => answers.push(answer) });
    expect(answers.map(({ journalOffset, header }) => [journalOffset, ...header])).toEqual([[1, 7]]);
    expect(answers[0]!.outcomes.length).toBe(1);
  });

  test.each(["while it runs", "when it is told to stop"])(
    "is refused its checkpoints once another owner has the partition, and counts it, %s",
    async (when) => {
      const world = new LiveWorld();
      const metrics = new PrometheusMetrics();
      world.append(records.slice(0, 20));
      let nowMs = 0;
      const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
      const limits = { checkpointEveryMs: 1000, readWaitMs: 5 };
      const stop = new AbortController();
      const zombie = await world.open({ clock, limits, metrics });
      const running = zombie.run(stop.signal);
      while (zombie.status.judgedOffset < 19) await new Promise(setImmediate);
      await world.runToEnd({ limits: SMALL });
      const before = await (await world.store.acquire(0, "auditor")).readPartition();
      if (when === "while it runs") nowMs = 2000;
      else stop.abort();
      await expect(running).rejects.toMatchObject({ code: "FENCED" });
      expect(await (await world.store.acquire(0, "auditor-2")).readPartition()).toEqual(before);
      expect(await metrics.text()).toContain('kadun_detector_fenced_writes_total{partition="0"} 1');
    },
  );

  test("writes no checkpoint with the first records after a pause, but one when its turn comes", async () => {
    const world = new LiveWorld();
    const metrics = new PrometheusMetrics();
    let nowMs = 10_300;
    const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
    const stop = new AbortController();
    const live = await world.open({ clock, metrics, limits: { checkpointEveryMs: 1000, readWaitMs: 1 } });
    const running = live.run(stop.signal);
    const count = async () => Number(/checkpoint_seconds_count (\d+)/.exec(await metrics.text())?.[1] ?? 0);
    const judge = async (from: number, to: number) => {
      world.append(records.slice(from, to));
      while (live.status.judgedOffset < to - 1) await sleep(1);
    };
    /** The loop has looked at the clock several times since. */
    const quietAt = async (ms: number) => {
      nowMs = ms;
      await sleep(20);
    };
    await quietAt(50_400);
    await judge(0, 20);
    await quietAt(50_999);
    expect(await count()).toBe(0);
    nowMs = 51_000;
    while ((await count()) < 1) await sleep(1);
    await judge(20, 40);
    await quietAt(51_999);
    expect(await count()).toBe(1);
    nowMs = 52_500;
    while ((await count()) < 2) await sleep(1);
    stop.abort();
    await running;
  });

  test("knows that it is bootstrapped, by the journal and by a checkpoint", async () => {
    const world = new LiveWorld();
    world.append([firstActivation]);
    expect((await world.runToEnd()).status.isBootstrapped).toBe(false);
    const occurredAt = "2026-03-01T00:00:00.000+08:00";
    world.append([{ type: "bootstrap", source: "cold-start", occurredAt, snapshot: null, records: 0 }]);
    expect((await world.runToEnd()).status.isBootstrapped).toBe(true);
    expect((await world.open()).status.isBootstrapped).toBe(true);
  });
});

describe("an owner that wakes up late and finds newer persons in the store", () => {
  test("looks again at what the decisions log holds, appends nothing and is refused", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 20));
    const zombie = await world.open({ limits: SMALL });
    await world.runToEnd({ limits: SMALL });
    const before = bodies(world);
    await expect(zombie.run(new AbortController().signal)).rejects.toMatchObject({ code: "FENCED" });
    expect(bodies(world)).toEqual(before);
  });

  test("whose late repeats fill the end of the decisions log does not hinder the next owner", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 100));
    await crash(world, { checkpointEveryMs: 1e9, checkpointDirtyMax: 1e9 });
    const first = world.logs.read(Topic.DECISIONS, 0, 0, { recordsMax: 10, bytesMax: 1e9, waitMs: 0 });
    // Persons as of the end of the journal, without a partition record: the crash came between the two.
    const whole = new LiveWorld();
    whole.append(records.slice(0, 100));
    await whole.runToEnd();
    const values = await (await whole.store.acquire(0, "reader")).load(persons);
    const entries = persons.flatMap((key, index) => (values[index] ? [{ key, value: values[index]! }] : []));
    await (await world.store.acquire(0, "writer")).put(entries);
    world.logs.append(Topic.DECISIONS, 0, first);
    world.append(records.slice(100));
    await world.runToEnd({ limits: { ...SMALL, tailRecords: 4 } });
    const places = world.decisions().map(({ position }) => `${position.journalOffset}.${position.sequence}`);
    expect(new Set(places).size).toBe(fold(world).outcomes.length);
  });

  test("which the decisions log does not answer stops, loudly", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 20));
    await world.runToEnd({ limits: SMALL });
    const other = new LiveWorld();
    other.append(records.slice(0, 20));
    const values = await (await world.store.acquire(0, "reader")).load(persons);
    const entries = persons.flatMap((key, index) => (values[index] ? [{ key, value: values[index]! }] : []));
    await (await other.store.acquire(0, "writer")).put(entries);
    await expect(other.runToEnd()).rejects.toMatchObject({ code: "STATE_AHEAD_OF_DECISIONS" });
  });
});

describe("a live partition stops, loudly,", () => {
  const running = (world: LiveWorld, options = {}) => world.runToEnd(options);

  test("where the journal does not begin with an activation", async () => {
    const world = new LiveWorld();
    world.append(records.slice(1, 3));
    await expect(running(world)).rejects.toMatchObject({ code: "JOURNAL_WITHOUT_ACTIVATION" });
  });

  test("where the bundle or the engine of an activation is not at hand", async () => {
    const noBundle = new LiveWorld();
    noBundle.append([{ ...firstActivation, bundleHash: "0".repeat(64) } as typeof firstActivation]);
    await expect(running(noBundle)).rejects.toMatchObject({ code: "BUNDLE_MISSING" });
    const noEngine = new LiveWorld();
    noEngine.append([{ ...firstActivation, engineVersion: "999" } as typeof firstActivation]);
    await expect(running(noEngine)).rejects.toMatchObject({ code: "ENGINE_UNKNOWN" });
  });

  test("where state or decisions are ahead of the journal", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 30));
    await running(world);
    const shorter = new LiveWorld();
    shorter.append(records.slice(0, 10));
    const value = await (await world.store.acquire(0, "copy")).readPartition();
    await (await shorter.store.acquire(0, "copy")).putPartition(value!);
    await expect(running(shorter)).rejects.toMatchObject({ code: "STATE_AHEAD_OF_JOURNAL" });
  });

  test("where the decisions log has lost outcomes that a checkpoint includes", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 30));
    await running(world);
    const lost = new LiveWorld();
    lost.append(records.slice(0, 30));
    const all = world.logs.read(Topic.DECISIONS, 0, 0, { recordsMax: 1e6, bytesMax: 1e9, waitMs: 0 });
    lost.logs.append(Topic.DECISIONS, 0, all.slice(0, -5));
    const state = await (await world.store.acquire(0, "copy")).readPartition();
    await (await lost.store.acquire(0, "copy")).putPartition(state!);
    lost.append(records.slice(30, 40));
    await expect(running(lost)).rejects.toMatchObject({ code: "STATE_AHEAD_OF_DECISIONS" });
  });

  test("where an append of outcomes fails, without waiting for the next batch", async () => {
    const world = new LiveWorld();
    world.append(records.slice(0, 10));
    const failing: LogProducer = {
      append: () => Promise.reject(new Error("the disk is full")),
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const live = await world.open({ producer: failing, limits: { readWaitMs: 5 } });
    await expect(live.run(new AbortController().signal)).rejects.toThrow("the disk is full");
    expect(world.decisions()).toEqual([]);
  });
});

/** Judges everything and ends without a last checkpoint, as a killed process does. */
async function crash(world: LiveWorld, limits: Record<string, number>): Promise<void> {
  const stop = new AbortController();
  const dead = new Error("killed");
  const live = await world.open({
    limits,
    log: new MemoryEventLog(world.logs),
    clock: {
      now: () => {
        if (stop.signal.aborted) throw dead;
        return 0;
      },
      sleep: () => Promise.resolve(),
    },
  });
  const running = live.run(new AbortController().signal);
  const end = world.logs.bounds(Topic.JOURNAL, 0).end;
  while (live.status.judgedOffset + 1 < end) await new Promise(setImmediate);
  await new Promise(setImmediate);
  stop.abort();
  world.append([]);
  await expect(running).rejects.toThrow("killed");
}
