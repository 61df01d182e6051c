/** Persons who leave memory and come back from the store: nobody's decisions tell. */

import { describe, expect, test } from "@jest/globals";
import { PrometheusMetrics } from "../../platform/metrics/prometheus/prometheus-metrics.js";
import { Topic } from "../../schemas/topics.js";
import { Eviction } from "../../services/detector/eviction.js";
import { Partition } from "../../services/detector/partition.js";
import { PersonRecord } from "../../services/detector/person/person-record.js";
import { PersonTable } from "../../services/detector/person/person-table.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { type Random, seededRandom } from "../oracle/scenario-random.js";
import { defaultBundle } from "../support/judge.js";
import { goldenRecords, LiveWorld } from "../support/live-partition.js";

const records = goldenRecords();
const persons = [...new Set(records.flatMap((record) => ("personKey" in record ? [record.personKey] : [])))];

/** The journal folded with everybody in memory. */
function fold(world: LiveWorld) {
  const partition = new Partition(defaultBundle.bundle);
  let appendedAtMaxMs = 0;
  const outcomes = world.journal().flatMap(({ offset, appendedAtMs, record }) => {
    appendedAtMaxMs = Math.max(appendedAtMaxMs, appendedAtMs);
    return loggedOutcomesOf(record, partition.take(record, offset, appendedAtMaxMs));
  });
  return { partition, outcomes };
}

/** Nobody, a few, or everybody may stay: another one after every batch. */
function limitOf(random: Random): () => number {
  return () => random.pick([0, 0, 512, 2_048, 8_192, Number.POSITIVE_INFINITY]);
}

async function evicted(metrics: PrometheusMetrics): Promise<number> {
  const text = await metrics.text();
  return Number(/kadun_detector_evicted_persons_total\{[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
}

describe("persons let go after every batch, whatever the limit of that moment", () => {
  test.each([1, 2, 3, 4])(
    "are decided on and stored as if they had stayed, over takeovers and crashes (seed %i)",
    async (seed) => {
      const random = seededRandom(seed);
      const world = new LiveWorld();
      const metrics = new PrometheusMetrics();
      const personBytesMax = limitOf(random);
      for (let start = 0; start < records.length; ) {
        const count = random.integer(20, 400);
        world.append(records.slice(start, start + count));
        start += count;
        const isCrash = random.integer(0, 2) === 0;
        const limits = {
          batchRecordsMax: random.integer(1, 40),
          checkpointDirtyMax: isCrash ? 1e9 : random.integer(1, 20),
          checkpointEveryMs: isCrash ? 1e9 : 0,
          tailRecords: 3,
        };
        if (isCrash) await crash(world, { limits, metrics, personBytesMax });
        else await world.runToEnd({ limits, metrics, personBytesMax });
      }
      await world.runToEnd({ limits: { checkpointEveryMs: 0 }, personBytesMax });
      expect(await evicted(metrics)).toBeGreaterThan(50);
      const expected = fold(world);
      expect(world.decisions().map(({ outcome }) => outcome)).toEqual(
        JSON.parse(JSON.stringify(expected.outcomes)),
      );
      const stored = await (await world.store.acquire(0, "auditor")).load(persons);
      for (const [index, person] of persons.entries())
        expect(Buffer.from(stored[index]!).equals(expected.partition.personBytesOf(person))).toBe(true);
    },
  );
});

/** Judges to the end and is gone without a last checkpoint. */
async function crash(world: LiveWorld, options: Parameters<LiveWorld["open"]>[0]): Promise<void> {
  const live = await world.open(options);
  const stop = new AbortController();
  const running = live.run(stop.signal);
  const end = world.logs.bounds(Topic.JOURNAL, 0).end;
  while (live.status.judgedOffset + 1 < end) await new Promise((resolve) => setImmediate(resolve));
  // Its last checkpoint is refused.
  await world.store.acquire(0, "usurper");
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: "FENCED" });
}

describe("a turn of eviction", () => {
  /** Persons of 512 bytes, each included up to an offset of its own. */
  function tableOf(offsets: readonly number[]) {
    const table = new PersonTable(16);
    const record = new PersonRecord(table);
    for (const [person, offset] of offsets.entries()) {
      table.point(record, person, person, 0, 0);
      record.setIncludesOffset(offset);
    }
    return { table, eviction: new Eviction(table, record) };
  }

  function turns(
    { table, eviction }: ReturnType<typeof tableOf>,
    bytesMax: number,
    storedOffset: number,
  ): void {
    for (let turn = 0; turn < 40; turn++) eviction.turn(bytesMax, storedOffset);
    expect(table.bytesUsed).toBe(512 * table.size);
  }

  test("lets nobody go while there is room", () => {
    const made = tableOf(Array.from({ length: 3_000 }, (_, person) => person));
    turns(made, 3_000 * 512, 1e9);
    expect(made.table.size).toBe(3_000);
  });

  test("makes room, and those not touched for long are the first to go", () => {
    const random = seededRandom(5);
    const offsets = Array.from({ length: 20_000 }, () => random.integer(0, 1e6));
    const made = tableOf(offsets);
    turns(made, 10_000 * 512, 1e9);
    expect(made.table.size).toBeLessThanOrEqual(10_000);
    expect(made.table.size).toBeGreaterThan(9_000);
    const stays = (person: number) => made.table.has(person, person, 0, 0);
    const share = (from: number, to: number) => {
      const those = offsets.flatMap((offset, person) => (offset >= from && offset < to ? [person] : []));
      return those.filter(stays).length / those.length;
    };
    expect(share(800_000, 1e6)).toBeGreaterThan(0.9);
    expect(share(0, 200_000)).toBeLessThan(0.2);
  });

  test("never lets go whom the store does not have as they are", () => {
    const made = tableOf(Array.from({ length: 4_000 }, (_, person) => person));
    turns(made, 0, 999);
    expect(made.table.size).toBe(3_000);
    for (let person = 1_000; person < 4_000; person++)
      expect(made.table.has(person, person, 0, 0)).toBe(true);
  });
});
