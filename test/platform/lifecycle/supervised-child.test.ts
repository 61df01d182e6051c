import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { constants, getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { systemClock } from "../../../platform/clock/system-clock.js";
import { SupervisedChild } from "../../../platform/lifecycle/supervised-child.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { type Metrics, noMetrics } from "../../../platform/metrics/metrics.js";

const MODULE = new URL("../../../dist/platform/lifecycle/supervised-child.js", import.meta.url).href;
const CLOCK_MODULE = new URL("../../../dist/platform/clock/system-clock.js", import.meta.url).href;
const LOGGER_MODULE = new URL("../../../dist/platform/logger/logger.js", import.meta.url).href;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-child-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const CHILD = `
  import { onParentGone, tellParent } from ${JSON.stringify(MODULE)};
  onParentGone(() => process.exit(0));
  tellParent({ hello: process.pid });
  setInterval(() => {}, 1000);`;

/** Messages of the children, one after another. */
function supervised(
  child: string,
  stopDeadlineMs: number,
  { metrics = noMetrics, isBackground = false }: { metrics?: Metrics; isBackground?: boolean } = {},
) {
  const pids: number[] = [];
  const heard: ((pid: number) => void)[] = [];
  const supervisor = new SupervisedChild({
    name: "test",
    script: child,
    args: [],
    clock: { now: systemClock.now, sleep: () => Promise.resolve() },
    logger: silentLogger,
    stopDeadlineMs,
    isBackground,
    metrics,
    onMessage: (_, pid) => {
      const next = heard.shift();
      if (next === undefined) pids.push(pid);
      else next(pid);
    },
  });
  const nextPid = () =>
    pids.length > 0 ? Promise.resolve(pids.shift()!) : new Promise<number>((hear) => heard.push(hear));
  return { supervisor, nextPid };
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

test("a child in the background leaves processors to others, also when it was started again", async () => {
  const own = getPriority();
  const { supervisor, nextPid } = supervised(script("child.mjs", CHILD), 5000, { isBackground: true });
  const first = await nextPid();
  expect(getPriority(first)).toBe(Math.max(own, constants.priority.PRIORITY_BELOW_NORMAL));
  process.kill(first, "SIGKILL");
  expect(getPriority(await nextPid())).toBe(Math.max(own, constants.priority.PRIORITY_BELOW_NORMAL));
  expect(getPriority()).toBe(own);
  await supervisor.stop();
});

test("a child that is killed is started again, and that is counted", async () => {
  const counted: unknown[] = [];
  const metrics = {
    ...noMetrics,
    counter: ({ name }: { name: string }) => ({ add: (...what: unknown[]) => counted.push([name, ...what]) }),
  };
  const { supervisor, nextPid } = supervised(script("child.mjs", CHILD), 5000, { metrics });
  const first = await nextPid();
  process.kill(first, "SIGKILL");
  const second = await nextPid();
  expect(second).not.toBe(first);
  expect(supervisor.restarts).toBe(1);
  expect(counted).toEqual([["kadun_lifecycle_child_restarts_total", 1, { child: "test" }]]);
  await supervisor.stop();
  expect(isGone(second)).toBe(true);
});

test("a child that has nothing left to do ends although its parent lives, and is started again", async () => {
  // It would stay for good, dead, if waiting for the parent's end kept it alive.
  const program = CHILD.replace(/setInterval.*/, "setTimeout(() => {}, 20);");
  const { supervisor, nextPid } = supervised(script("child.mjs", program), 5000);
  const first = await nextPid();
  const second = await nextPid();
  expect(second).not.toBe(first);
  await supervisor.stop();
});

test("a child that does not end when asked is killed after the deadline", async () => {
  const stubborn = `process.on("SIGTERM", () => {});${CHILD}`;
  const { supervisor, nextPid } = supervised(script("stubborn.mjs", stubborn), 100);
  const pid = await nextPid();
  await supervisor.stop();
  expect(isGone(pid)).toBe(true);
});

test("pauses between starts double while the child does not last", async () => {
  const pauses: number[] = [];
  const enough = new Promise<void>((resolve) => {
    const supervisor = new SupervisedChild({
      name: "test",
      script: script("short.mjs", "process.exit(1)"),
      args: [],
      clock: {
        now: () => 0,
        sleep: async (ms) => {
          pauses.push(ms);
          if (pauses.length === 3) void supervisor.stop().then(resolve);
        },
      },
      logger: silentLogger,
      stopDeadlineMs: 1000,
      onMessage: () => {},
    });
  });
  await enough;
  expect(pauses).toEqual([250, 500, 1000]);
});

test("pauses begin anew after a child that lasted", async () => {
  const pauses: number[] = [];
  let nowMs = 0;
  await new Promise<void>((resolve) => {
    const supervisor = new SupervisedChild({
      name: "test",
      script: script("short.mjs", "process.exit(1)"),
      args: [],
      clock: {
        now: () => nowMs,
        sleep: async (ms) => {
          pauses.push(ms);
          if (pauses.length === 4) void supervisor.stop().then(resolve);
        },
      },
      logger: silentLogger,
      stopDeadlineMs: 1000,
      onMessage: () => {},
      // The third one lasts ten seconds.
      onExit: () => {
        if (pauses.length === 2) nowMs += 10_000;
      },
    });
  });
  expect(pauses).toEqual([250, 500, 250, 500]);
});

test("a child that is told to stop while none runs stays ended", async () => {
  let supervisor: SupervisedChild | null = null;
  const starts: number[] = [];
  await new Promise<void>((resolve) => {
    supervisor = new SupervisedChild({
      name: "test",
      script: script("short.mjs", "process.exit(1)"),
      args: [],
      clock: { now: () => 0, sleep: async () => void supervisor?.stop().then(resolve) },
      logger: silentLogger,
      stopDeadlineMs: 1000,
      onMessage: () => {},
      onExit: () => starts.push(1),
    });
  });
  expect(starts).toHaveLength(1);
});

test.each([
  ["at work", CHILD],
  [
    "still starting, before it cared",
    // Until its parent is gone it has not asked to be told.
    `
    import { onParentGone, tellParent } from ${JSON.stringify(MODULE)};
    tellParent({ hello: process.pid });
    const parent = process.ppid;
    const started = setInterval(() => {
      if (process.ppid === parent || process.connected) return;
      clearInterval(started);
      onParentGone(() => process.exit(0));
      setInterval(() => {}, 1000);
    }, 10);`,
  ],
])("a child whose parent was killed ends by itself: %s", async (_what, program) => {
  const child = script("child.mjs", program);
  const parent = script(
    "parent.mjs",
    `
    import { SupervisedChild } from ${JSON.stringify(MODULE)};
    import { systemClock } from ${JSON.stringify(CLOCK_MODULE)};
    import { silentLogger } from ${JSON.stringify(LOGGER_MODULE)};
    new SupervisedChild({ name: "test", script: ${JSON.stringify(child)}, args: [], clock: systemClock,
      logger: silentLogger, stopDeadlineMs: 1000, onMessage: ({ hello }) => console.log(hello) });`,
  );
  const running = spawn(process.execPath, [parent], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: running.stdout }), "line")) as [string];
  const ended = once(running, "exit");
  running.kill("SIGKILL");
  await ended;
  const pid = Number(line);
  for (let polls = 0; !isGone(pid) && polls < 200; polls++) await systemClock.sleep(25);
  expect(isGone(pid)).toBe(true);
});
