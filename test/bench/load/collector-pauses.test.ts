/** What a Node program's collector is seen to do, also where the program was killed. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { loggedPauses, pauseLog, pauseLogPath, pausesOf } from "../../../bench/load/collector-pauses.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pauses-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const COLLECTS = "globalThis.gc(); setInterval(() => {}, 1000);";

test("a program that is killed has logged its pauses, each with its time", async () => {
  const startedAtMs = Date.now();
  const { nodeArguments, environment } = pauseLog(folder);
  const child = spawn(process.execPath, ["--expose-gc", ...nodeArguments, "-e", COLLECTS], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const pid = child.pid!;
  try {
    const path = pauseLogPath(folder, pid);
    while (!existsSync(path) || readFileSync(path).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  const pauses = loggedPauses(folder, pid);
  expect(pauses!.count).toBeGreaterThan(0);
  expect(pauses!.totalMs).toBeGreaterThanOrEqual(pauses!.longestMs);
  // The program's clock and this one's are not read at one moment.
  expect(loggedPauses(folder, pid, { fromMs: startedAtMs - 1_000, toMs: Date.now() + 1_000 })).toEqual(
    pauses,
  );
  expect(loggedPauses(folder, pid, { toMs: startedAtMs - 1_000 })).toEqual({
    count: 0,
    totalMs: 0,
    longestMs: 0,
  });
});

test("a program that logs nothing has no pauses to tell of, not none", () => {
  expect(loggedPauses(folder, 2 ** 30)).toBeNull();
});

test("pauses are counted, summed, and the longest is named", () => {
  expect(pausesOf([0.21, 3.26, 1])).toEqual({ count: 3, totalMs: 4.5, longestMs: 3.3 });
});
