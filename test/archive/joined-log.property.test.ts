/** Trimmed logs and their archive read as one give what the logs held before, from wherever one begins. */

import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Random } from "../../bench/city/random.js";
import { verifyHistory } from "../../cli/archive/joined-history.js";
import { outcomeSource } from "../../cli/archive/judged-again.js";
import { trimPartition } from "../../cli/archive/trim-partition.js";
import type { EventLog, LoggedRecord, LogReader } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import type { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { decodeOutcomeBody } from "../../schemas/log-body.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { Archive } from "../../services/archive/archive.js";
import { JoinedLog } from "../../services/archive/joined-log.js";
import { ArchiveFolder, asOf, PARTITIONS, simulatedLogs } from "./archived-world.js";

const SEEDS = Array.from({ length: Number(process.env.KADUN_ARCHIVE_SEEDS ?? 1) }, (_, index) => 500 + index);
const LIMITS = { recordsMax: 15, bytesMax: 1 << 20 };
const TOPICS = [Topic.JOURNAL, Topic.DECISIONS] as const;

const known = new Map<number, Promise<MemoryLogWorld>>();
/** Never changed: tests trim copies. */
const logsOf = (seed: number) => {
  const logs = known.get(seed) ?? simulatedLogs(seed);
  known.set(seed, logs);
  return logs;
};

let folder: ArchiveFolder;
beforeEach(() => {
  folder = new ArchiveFolder();
});
afterEach(() => folder.remove());

const joined = (world: MemoryLogWorld, archive: Archive) =>
  new JoinedLog({ log: new MemoryEventLog(world), archive, outcomes: outcomeSource(archive) });

async function trimmed(
  world: MemoryLogWorld,
  archive: Archive,
  journalFrom: number | null = null,
): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition++)
    await trimPartition({
      log: new MemoryEventLog(world),
      archive,
      partition,
      needs: [{ who: "test", journalFrom, decisionsFrom: null }],
      olderThanMs: Number.MAX_SAFE_INTEGER,
      isDryRun: false,
    });
}

async function readAll(
  log: EventLog,
  topic: string,
  partition: number,
  from = 0,
  recordsMax = 7,
): Promise<LoggedRecord[]> {
  const reader: LogReader = await log.reader(topic, partition, from);
  const { end } = await log.bounds(topic, partition);
  const records: LoggedRecord[] = [];
  while (reader.position < end)
    records.push(...(await reader.read({ recordsMax, bytesMax: 1 << 20, waitMs: 0 })));
  await reader.close();
  return records;
}

/** As a consumer takes them: repeats dropped, without the place in the log. */
function outcomes(records: readonly LoggedRecord[]): object[] {
  let highest: OutcomePosition | null = null;
  return records.flatMap(({ header, value, key, appendedAtMs }) => {
    const position = decodePosition(header);
    if (!isAbove(position, highest)) return [];
    highest = position;
    return [{ ...position, key, appendedAtMs, outcome: decodeOutcomeBody(value) }];
  });
}

test.each(SEEDS)(
  "seed %i: everything comes, once, in order, and whoever stopped goes on",
  async (seed) => {
    const random = Random.derived(seed, 8, 0);
    const whole = await logsOf(seed);
    await folder.fill(asOf(whole, 0.8), random.whole(1, 3), LIMITS);
    const archive = await folder.open();
    const world = asOf(whole, 1);
    for (const journalFrom of [random.whole(1, 20), random.whole(20, 60), null]) {
      await trimmed(world, archive, journalFrom);
      const log = joined(world, archive);
      await verifyHistory({ archive, log }, TOPICS);
      for (let partition = 0; partition < PARTITIONS; partition++) {
        for (const topic of TOPICS) expect((await log.bounds(topic, partition)).start).toBe(0);
        const journal = await readAll(log, Topic.JOURNAL, partition);
        expect(journal).toEqual(whole.records(Topic.JOURNAL, partition));
        const from = random.whole(0, journal.length - 1);
        expect(await readAll(log, Topic.JOURNAL, partition, from)).toEqual(journal.slice(from));

        const decisions = await readAll(log, Topic.DECISIONS, partition);
        expect(outcomes(decisions)).toEqual(outcomes(whole.records(Topic.DECISIONS, partition)));
        for (let stop = 0; stop < decisions.length; stop += random.whole(5, 25)) {
          const { offset } = decisions[stop]!;
          const rest = await readAll(log, Topic.DECISIONS, partition, offset + 1, 3);
          expect(rest).toEqual(decisions.slice(stop + 1));
        }
      }
    }
    expect(world.bounds(Topic.JOURNAL, 0).start).toBeGreaterThan(0);
    expect(world.bounds(Topic.DECISIONS, 0).start).toBeGreaterThan(0);
  },
  60_000,
);

test("trimmed to its end, a log still has a last record, and its readers stand at its end", async () => {
  const whole = await logsOf(SEEDS[0]!);
  await folder.run(new MemoryEventLog(whole), LIMITS);
  const archive = await folder.open();
  const world = asOf(whole, 1);
  const { end } = world.bounds(Topic.DECISIONS, 0);
  // The record that is answered last waits for the next one.
  const answered = whole
    .records(Topic.DECISIONS, 0)
    .filter(({ header }) => decodePosition(header).journalOffset < archive.journalEnd(0));
  world.trim(Topic.DECISIONS, 0, answered.at(-1)!.offset + 1);
  const log = joined(world, archive);
  const read = await readAll(log, Topic.DECISIONS, 0);
  expect(outcomes(read)).toEqual(outcomes(whole.records(Topic.DECISIONS, 0)));
  world.trim(Topic.DECISIONS, 0, end);
  const past = joined(world, archive);
  const tail = await past.tail(Topic.DECISIONS, 0);
  expect(tail).toMatchObject({ offset: end - 1, header: answered.at(-1)!.header });
  expect((await readAll(past, Topic.DECISIONS, 0)).at(-1)).toEqual(tail);
});

test("outcomes that were trimmed and never archived are judged again from the archived journal", async () => {
  const whole = await logsOf(SEEDS[0]!);
  await folder.fill(asOf(whole, 1), 2, LIMITS);
  const archive = await folder.open();
  const world = asOf(whole, 1);
  await trimmed(world, archive);
  let lost = 0;
  for (let partition = 0; partition < PARTITIONS; partition++) {
    // As a run left it that was killed behind the journal's segments of its last stage.
    const kept = archive.checkpoints(partition)[0]!;
    const { entries } = archive.manifest;
    for (let index = entries.length - 1; index >= 0; index--) {
      const entry = entries[index]!;
      const isLater =
        (entry.kind === "checkpoint" && entry.partition === partition && entry.position > kept.position) ||
        (entry.kind === "segment" &&
          entry.topic === Topic.DECISIONS &&
          entry.partition === partition &&
          entry.lastPosition!.journalOffset > kept.position);
      if (!isLater) continue;
      entries.splice(index, 1);
      lost += entry.kind === "segment" ? entry.count : 0;
    }
  }
  expect(lost).toBeGreaterThan(20);
  const log = joined(world, archive);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const withoutTimes = (records: readonly LoggedRecord[]) =>
      outcomes(records).map((each) => ({ ...each, appendedAtMs: 0 }));
    expect(withoutTimes(await readAll(log, Topic.DECISIONS, partition))).toEqual(
      withoutTimes(whole.records(Topic.DECISIONS, partition)),
    );
  }
});

test("a gap between archive and log is named, and another journal's archive too", async () => {
  const whole = await logsOf(SEEDS[0]!);
  await folder.run(new MemoryEventLog(asOf(whole, 0.4)), LIMITS);
  const archive = await folder.open();
  const end = archive.journalEnd(0);

  const gapped = asOf(whole, 1);
  gapped.trim(Topic.JOURNAL, 0, end + 1);
  await expect(verifyHistory({ archive, log: joined(gapped, archive) }, TOPICS)).rejects.toThrow(
    `kadun.journal/0: the live log begins at offset ${end + 1}, ${folder.path} holds the journal up to offset ${end - 1}: the records between are in neither; name the archive by which`,
  );

  const unanswered = asOf(whole, 1);
  unanswered.trim(Topic.DECISIONS, 0, unanswered.bounds(Topic.DECISIONS, 0).end - 1);
  await expect(verifyHistory({ archive, log: joined(unanswered, archive) }, TOPICS)).rejects.toThrow(
    /kadun\.decisions\/0: .* the outcomes of journal offset \d+ are in neither/,
  );

  const other = asOf(await logsOf(503), 1);
  other.trim(Topic.JOURNAL, 0, end - 2);
  await expect(verifyHistory({ archive, log: joined(other, archive) }, TOPICS)).rejects.toThrow(
    /kadun\.journal\/0: record \d+ is not the archived one: \S+ is no archive of this log; name this journal's own archive/,
  );
});

test("damage that is met while it is read ends the reader with its place, and whoever waits for the readers", async () => {
  const whole = await logsOf(SEEDS[0]!);
  await folder.run(new MemoryEventLog(whole), LIMITS);
  const archive = await folder.open();
  const world = asOf(whole, 1);
  await trimmed(world, archive);
  const log = joined(world, archive);
  await log.check(TOPICS);
  const { file, bytes } = archive.segments(Topic.DECISIONS, 0)[0]!;
  const path = archive.pathOf({ file });
  const content = readFileSync(path);
  content[bytes - 40]! ^= 1;
  writeFileSync(path, content);
  const message = new RegExp(`${file}: byte \\d+: .* fails its CRC32C; restore the file from a copy`);
  await expect(readAll(log, Topic.DECISIONS, 0)).rejects.toThrow(message);
  await expect(log.broken).rejects.toThrow(message);
});
