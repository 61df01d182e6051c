/** Backtests of a journal whose beginning lies in an archive: from its first record on, or from the archive's checkpoints. */

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Random } from "../../../bench/city/random.js";
import { BodyDigest, type BodySum } from "../../../cli/backtest/body-digest.js";
import { loggedBodies } from "../../../cli/backtest/logged-bodies.js";
import type { Ran } from "../../../cli/backtest/result.js";
import { backtestResult } from "../../../cli/backtest/result.js";
import { journalTimeMs } from "../../../cli/backtest/time-window.js";
import { backtest } from "../../../cli/rules/backtest.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import type { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import { decodeJournalBody, jsonOfBody } from "../../../schemas/log-body.js";
import { decodePosition, Topic } from "../../../schemas/topics.js";
import { ArchiveFolder, asOf, logsOfDays, PARTITIONS } from "../../archive/archived-world.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { backtestJournal } from "../../support/backtest.js";
import { defaultBundle } from "../../support/judge.js";

const SEEDS = Array.from({ length: Number(process.env.KADUN_ARCHIVE_SEEDS ?? 1) }, (_, index) => 605 + index);
const LIMITS = { recordsMax: 12, bytesMax: 1 << 20 };
const stricter = changedBundle({
  ruleset: { rules: [{ id: "R16", params: { pharmaciesMin: 2, pharmacyWindowMinutes: 240 } }] },
});
const running = { purpose: { kind: "draft", draft: defaultBundle } } as const;
const changed = { purpose: { kind: "draft", draft: stricter } } as const;

interface Archived {
  readonly folder: ArchiveFolder;
  readonly whole: MemoryLogWorld;
  readonly trimmed: MemoryLogWorld;
  /** Checkpoints lie before it, and swipes behind. */
  readonly fromMs: number;
  readonly toMs: number;
}
const worlds: Archived[] = [];

beforeAll(async () => {
  for (const seed of SEEDS) worlds.push(await archived(seed));
}, 60_000 * SEEDS.length);
afterAll(() => {
  for (const { folder } of worlds) folder.remove();
});

async function archived(seed: number): Promise<Archived> {
  const random = Random.derived(seed, 9, 0);
  const whole = await logsOfDays(seed);
  const folder = new ArchiveFolder();
  await folder.fill(whole, 3, LIMITS);
  const archive = await folder.open();
  const trimmed = asOf(whole, 1);
  for (let partition = 0; partition < PARTITIONS; partition++)
    trimmed.trim(Topic.JOURNAL, partition, random.whole(1, archive.journalEnd(partition)));
  const times = whole.records(Topic.JOURNAL, 0).map(({ appendedAtMs }) => appendedAtMs);
  const [first] = archive.checkpoints(0);
  return { folder, whole, trimmed, fromMs: times[first!.position]! + 1, toMs: times.at(-1)! };
}

/** What does not depend on where judging began. */
function counted(ran: Ran) {
  const {
    seconds: _,
    swipesPerSecond: __,
    records: ___,
    bodies: ____,
    notes: _____,
    ...rest
  } = backtestResult(ran);
  return rest;
}

/** Of the outcomes behind the checkpoints that a run began at. */
function bodiesBehind(world: MemoryLogWorld, ran: Ran): BodySum {
  const { history } = ran.plan;
  if (history.from !== "journal") throw new Error("no journal");
  const digest = new BodyDigest();
  for (let partition = 0; partition < PARTITIONS; partition++)
    for (const { header, value } of world.records(Topic.DECISIONS, partition)) {
      const { journalOffset, sequence } = decodePosition(header);
      const body = jsonOfBody(value);
      if (journalOffset <= (history.checkpoints[partition] ?? -1) || body.startsWith('{"type":"activated"'))
        continue;
      digest.add({ partition, offset: journalOffset }, sequence, body);
    }
  return digest.result();
}

test.each([...SEEDS.keys()])(
  "world %i: with its archive a trimmed journal gives what the whole one gives",
  async (index) => {
    const { folder, whole, trimmed, fromMs, toMs } = worlds[index]!;
    await expect(backtestJournal(new MemoryEventLog(trimmed), changed)).rejects.toThrow(
      /kadun\.journal\/0: begins at offset \d+; .* name the archive by --archive DIR/,
    );
    const window = { ...changed, fromMs, toMs };
    const before = backtestResult(await backtestJournal(new MemoryEventLog(whole), window));
    const after = backtestResult(
      await backtestJournal(new MemoryEventLog(trimmed), { ...window, archive: folder.path, workers: 5 }),
    );
    expect(after).toEqual({ ...before, workers: 5 });
  },
);

test.each([...SEEDS.keys()])(
  "world %i: under the running bundle checkpoints give the decisions of a whole run",
  async (index) => {
    const { folder, whole, trimmed, fromMs, toMs } = worlds[index]!;
    const log = new MemoryEventLog(trimmed);
    const archive = folder.path;
    const all = await backtestJournal(log, { ...running, archive, fromMs, toMs });
    expect(backtestResult(all).bodies).toEqual(await loggedBodies(new MemoryEventLog(whole)));
    for (const workers of [1, 5]) {
      const asked = { ...running, archive, fromMs, toMs, workers, isFromCheckpoint: true };
      const later = await backtestJournal(log, asked);
      const result = backtestResult(later);
      expect(counted(later)).toEqual({ ...counted(all), workers, borrowedStates: expect.any(Number) });
      expect(result.records).toBeLessThan(backtestResult(all).records);
      expect(result.bodies).toEqual(bodiesBehind(whole, later));
      expect(result.notes).toEqual([
        expect.stringMatching(/^begun at checkpoints \(partition 0 behind offset \d+/),
      ]);
    }
  },
);

test("the draft of these worlds changes something after a checkpoint", async () => {
  const { folder, trimmed, fromMs } = worlds[0]!;
  const asked = { ...changed, archive: folder.path, fromMs, isFromCheckpoint: true };
  const result = backtestResult(await backtestJournal(new MemoryEventLog(trimmed), asked));
  expect(result.swipes).toBeGreaterThan(5);
  expect(result.rules.R16?.gained).toBeGreaterThan(0);
});

test("no swipe that is counted lies before a checkpoint, and none of it is lost", async () => {
  for (const { folder, whole, fromMs } of worlds) {
    const ran = await backtestJournal(new MemoryEventLog(whole), {
      ...running,
      archive: folder.path,
      fromMs,
      isFromCheckpoint: true,
    });
    const { history } = ran.plan;
    if (history.from !== "journal") throw new Error("no journal");
    expect(history.checkpoints.some((position) => position !== null)).toBe(true);
    for (const [partition, position] of history.checkpoints.entries())
      for (const { value, appendedAtMs } of whole
        .records(Topic.JOURNAL, partition)
        .slice(0, (position ?? -1) + 1))
        expect(journalTimeMs(decodeJournalBody(value), appendedAtMs)).toBeLessThan(fromMs);
  }
});

test("before every checkpoint it is the beginning, and the result says so", async () => {
  const { folder, whole } = worlds[0]!;
  const log = new MemoryEventLog(whole);
  const asked = { ...changed, archive: folder.path, fromMs: 1 };
  const ran = await backtestJournal(log, { ...asked, isFromCheckpoint: true });
  expect(backtestResult(ran)).toMatchObject({
    bodies: backtestResult(await backtestJournal(log, asked)).bodies,
    notes: ["no checkpoint of the archive lies before --from: judged from the beginning"],
  });
});

test("what does not go together is refused by the option's name", async () => {
  const asked = ["--bundle", "draft.json"];
  await expect(backtest([...asked, "--file", "f.ndjson", "--archive", "a"])).rejects.toThrow(
    "--archive: goes with --journal",
  );
  for (const more of [[], ["--archive", "a"], ["--from", "2026-11-25"]])
    await expect(backtest([...asked, "--journal", ...more, "--from-checkpoint"])).rejects.toThrow(
      "--from-checkpoint: goes with --archive DIR and --from T",
    );
});
