/** kill -9 of both processes under load, as `node dist/bench/kill/run.js` does it by hand with more kills. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "@jest/globals";
import type { KillReport } from "../../bench/kill/kill-test.js";
import { packageRoot } from "../../cli/package-root.js";

const KILLS = 5;
/** 85 s on two cores that had other work (load 9): starting databases again takes most of it. */
const TIMEOUT_MS = 600_000;

let running: ChildProcess | null = null;
// Where the test's time was up it would go on beside others.
afterEach(() => {
  running?.kill();
});

test(
  `${KILLS} times kill -9 under load lose, double and change nothing`,
  async () => {
    // A new seed each time; it is in the report.
    const child = spawn(
      process.execPath,
      [join(packageRoot, "dist", "bench", "kill", "run.js"), "--kills", String(KILLS), "--json"],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    running = child;
    const [printed, progress, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit") as Promise<[number | null]>,
    ]);
    // Where it fails, what it said last tells why.
    expect({ status, said: status === 0 ? "" : progress, isReport: printed.startsWith("{") }).toEqual({
      status: 0,
      said: "",
      isReport: true,
    });
    expect(progress).toMatch(/^seed \d+\n/);
    const report = JSON.parse(printed) as KillReport;
    expect(report).toMatchObject({ differences: [], reconciled: [true, true], refused: 0 });
    expect(report.kills.swipe + report.kills.office).toBe(KILLS);
    expect(Math.min(report.kills.swipe, report.kills.office)).toBeGreaterThan(0);
    // The comparison had something to compare, and the kills interrupted something.
    expect(report.outcomes).toBeGreaterThan(2000);
    expect(report.alerts).toBeGreaterThan(100);
    expect(report.smsWritten).toBeGreaterThan(20);
    expect(report.resent).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
