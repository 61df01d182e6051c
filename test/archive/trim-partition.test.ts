/** Trimming live logs by their archive. */

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Need, readersOf } from "../../cli/archive/trim-bounds.js";
import { trimPartition } from "../../cli/archive/trim-partition.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import type { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { decodePosition, Topic } from "../../schemas/topics.js";
import type { Archive } from "../../services/archive/archive.js";
import { ArchiveFolder, asOf, simulatedLogs } from "./archived-world.js";

const LIMITS = { recordsMax: 10, bytesMax: 1 << 20 };
const NOBODY: readonly Need[] = [];
const FOREVER = Number.MAX_SAFE_INTEGER;

let folder: ArchiveFolder;
let world: MemoryLogWorld;
let archive: Archive;
beforeEach(async () => {
  folder = new ArchiveFolder();
  // A copy: the tests change it.
  world = asOf(await simulatedLogs(505), 1);
  await folder.run(new MemoryEventLog(world), LIMITS);
  archive = await folder.open();
});
afterEach(() => folder.remove());

const trim = (more: { needs?: readonly Need[]; olderThanMs?: number; isDryRun?: boolean } = {}) =>
  trimPartition({
    log: new MemoryEventLog(world),
    archive,
    partition: 0,
    needs: NOBODY,
    olderThanMs: FOREVER,
    isDryRun: false,
    ...more,
  });

test("what is archived and checkpointed goes, with its outcomes, and no more", async () => {
  const end = archive.journalEnd(0);
  const trimmed = await trim();
  expect(trimmed).toMatchObject({ journal: { start: end, removed: end }, heldBy: "archive" });
  expect(world.bounds(Topic.JOURNAL, 0).start).toBe(end);
  const [first] = world.records(Topic.DECISIONS, 0);
  expect(decodePosition(first!.header).journalOffset).toBeGreaterThanOrEqual(end);
});

test("trimmed logs are archived further, and trimming again removes nothing", async () => {
  await trim();
  const again = await folder.run(new MemoryEventLog(world), LIMITS);
  expect(again.records).toBe(0);
  expect(await trim()).toMatchObject({ journal: { removed: 0 }, decisions: { removed: 0 } });
});

test("alerts of which nothing is stored need all outcomes, however far other consumers are", () => {
  const progress = { nextOffset: 9, highWater: null };
  const stored = (...consumers: string[]) => consumers.map((consumer) => ({ consumer, progress }));
  const needed = (...consumers: string[]) =>
    readersOf(stored(...consumers)).map(({ who, decisionsFrom }) => `${who} ${decisionsFrom}`);
  expect(needed("alerts", "bundles")).toEqual(["alerts 9", "bundles 9"]);
  expect(needed("bundles")).toEqual(["bundles 9", "alerts 0"]);
});

test("nobody loses what is still to be read", async () => {
  const needs = [
    { who: "detector", journalFrom: 12, decisionsFrom: null },
    { who: "alerts", journalFrom: null, decisionsFrom: 4 },
  ];
  expect(await trim({ needs })).toMatchObject({ journal: { start: 12 }, heldBy: "detector" });
  expect(world.bounds(Topic.DECISIONS, 0).start).toBeLessThanOrEqual(4);
});

test("what is younger stays, segment by segment", async () => {
  const { firstAppendedAtMs } = archive.segments(Topic.JOURNAL, 0)[0]!;
  expect(await trim({ olderThanMs: firstAppendedAtMs - 1 })).toMatchObject({
    journal: { start: 0, removed: 0 },
    heldBy: "age",
  });
});

test("a dry run says the same and removes nothing", async () => {
  const dry = await trim({ isDryRun: true });
  expect(world.bounds(Topic.JOURNAL, 0).start).toBe(0);
  expect(await trim()).toEqual(dry);
});

test.each([Topic.JOURNAL, Topic.DECISIONS])(
  "a record of %s that is not the archived one stops it before anything goes",
  async (topic) => {
    const record = world.records(topic, 0)[3]!;
    Object.assign(record, { value: Buffer.concat([record.value, Buffer.from(" ")]) });
    await expect(trim()).rejects.toMatchObject({
      code: "DIFFERENT",
      message: expect.stringContaining(`${topic}/0: record 3`),
    });
    expect(world.bounds(Topic.JOURNAL, 0).start).toBe(0);
    expect(world.bounds(Topic.DECISIONS, 0).start).toBe(0);
  },
);
