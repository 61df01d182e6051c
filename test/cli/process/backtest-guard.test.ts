/** The guard by backtest: what it asks for, what it makes of a failure, how long its word holds. */

import { afterEach, beforeEach, expect, it } from "@jest/globals";
import type { LastDayOptions } from "../../../cli/backtest/last-day.js";
import { OperatingError } from "../../../cli/exit-status.js";
import { backtestGuard } from "../../../cli/process/backtest-guard.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import type { BacktestResult } from "../../../schemas/backtest.js";
import { Topic } from "../../../schemas/topics.js";

const HOUR_MS = 3_600_000;
const asked = {
  version: 2,
  bundleHash: "b".repeat(64),
  content: { draft: true },
  runningHash: "a".repeat(64),
  runningContent: { running: true },
};

let nowMs: number;
let world: MemoryLogWorld;
let log: MemoryEventLog;
let judged: LastDayOptions[];

beforeEach(() => {
  nowMs = Date.UTC(2026, 2, 2);
  world = new MemoryLogWorld(
    { [Topic.JOURNAL]: 2 },
    { clock: { now: () => nowMs, sleep: () => Promise.resolve() } },
  );
  log = new MemoryEventLog(world);
  judged = [];
});
afterEach(() => log.close());

function append(partition = 0): void {
  const none = new Uint8Array(0);
  world.append(Topic.JOURNAL, partition, [{ key: "", value: Buffer.from("{}"), header: none }]);
}

function guardOf(judge: () => unknown) {
  return backtestGuard({
    log,
    data: "/data",
    judge: async (options) => {
      judged.push(options);
      return (await judge()) as BacktestResult;
    },
  });
}

const side = (reject: number, challenge: number) => ({ reject, challenge });
const bad = () => ({
  swipes: 2_000,
  shares: { baseline: side(2, 4), draft: side(600, 4) },
  rules: { R12: { gained: 598 }, R14: { gained: 0 } },
});

it("of a trimmed journal the backtest is told the archive, and nothing where none is named", async () => {
  append();
  for (const archive of ["/backup/archive", ""])
    await backtestGuard({
      log,
      archive,
      judge: async (options) => {
        judged.push(options);
        return bad() as unknown as BacktestResult;
      },
    }).check(asked);
  expect(judged.map((options) => options.archive)).toEqual(["/backup/archive", undefined]);
});

it("judges the draft against the bundle that runs, of the data directory it is given", async () => {
  append();
  const verdict = await guardOf(bad).check(asked);
  expect(judged).toMatchObject([{ content: { draft: true }, against: { running: true }, data: "/data" }]);
  expect(verdict).toMatchObject({
    result: "objection",
    numbers: { swipes: 2_000, rejectShare: 0.3, journalMs: nowMs },
  });
  expect(verdict.text).toContain("reject 30.00 % (running 0.10 %)");
  expect(verdict.text).toContain("most by R12 (598 swipes)");
});

it("what could not be judged is an objection with the reason", async () => {
  append();
  const guard = guardOf(() => {
    throw new OperatingError("backtest of the last day: no room");
  });
  expect(await guard.check(asked)).toEqual({
    result: "objection",
    text: "not judged: backtest of the last day: no room",
    numbers: { journalMs: nowMs },
  });
});

it("a mistake of the program is no verdict", async () => {
  const guard = guardOf(() => {
    throw new TypeError("a mistake");
  });
  await expect(guard.check(asked)).rejects.toThrow("a mistake");
});

it("a word holds for an hour of journal time, whichever partition goes on, and against the same bundle only", async () => {
  append(0);
  const guard = guardOf(bad);
  const check = { ...(await guard.check(asked)), againstHash: asked.runningHash, checkedAtMs: 0 };
  expect(await guard.isFresh(check, "c".repeat(64))).toBe(false);
  nowMs += HOUR_MS;
  expect(await guard.isFresh(check, asked.runningHash)).toBe(true);
  append(1);
  expect(await guard.isFresh(check, asked.runningHash)).toBe(true);
  nowMs += 1;
  append(1);
  expect(await guard.isFresh(check, asked.runningHash)).toBe(false);
});

it("a word about an empty journal holds until something is in it", async () => {
  const guard = guardOf(bad);
  const check = { ...(await guard.check(asked)), againstHash: asked.runningHash, checkedAtMs: 0 };
  expect(await guard.isFresh(check, asked.runningHash)).toBe(true);
  append();
  expect(await guard.isFresh(check, asked.runningHash)).toBe(false);
});

it("closing it ends what is under way", async () => {
  append();
  const guard = guardOf(
    () =>
      new Promise((_, reject) => {
        const { signal } = judged[0]!;
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  );
  const ended = expect(guard.check(asked)).rejects.toMatchObject({ name: "AbortError" });
  while (judged.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await guard.close();
  await ended;
});
