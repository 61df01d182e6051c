import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { systemClock } from "../../../platform/clock/system-clock.js";
import {
  OwnerLockError,
  ownerOf,
  takeOwnerLock,
  waitForOwnerLock,
} from "../../../platform/lifecycle/owner-lock.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-lock-"));
  path = join(folder, "kadun.lock");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MODULE = new URL("../../../dist/platform/lifecycle/owner-lock.js", import.meta.url).pathname;

/** A process that tries to take the lock, says so and stays until it is killed. */
function taker(lock = path): ChildProcess {
  const program = `
    import { takeOwnerLock } from ${JSON.stringify(MODULE)};
    try { takeOwnerLock(${JSON.stringify(lock)}); console.log("taken"); } catch (error) { console.log(error.code); }
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function said(child: ChildProcess): Promise<string> {
  const [text] = (await once(child.stdout!, "data")) as [Buffer];
  return text.toString("utf8").trim();
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

test("is refused while its owner lives, by pid", async () => {
  const owner = taker();
  expect(await said(owner)).toBe("taken");
  expect(() => takeOwnerLock(path)).toThrow(new OwnerLockError(path, owner.pid!));
  await killed(owner);
});

test("is taken over after its owner was killed, and not released by the one before", async () => {
  const owner = taker();
  await said(owner);
  await killed(owner);
  const lock = takeOwnerLock(path);
  expect(() => takeOwnerLock(path)).toThrow(OwnerLockError);
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("is taken over where the pid is another process by now", () => {
  writeFileSync(path, JSON.stringify({ pid: process.pid, startedAt: "1" }));
  takeOwnerLock(path).release();
  expect(existsSync(path)).toBe(false);
});

test.each(["{", "", "null", '{"pid":-1,"startedAt":""}'])(
  "is taken over where the file is damaged: %j",
  (text) => {
    writeFileSync(path, text);
    takeOwnerLock(path).release();
    expect(readdirSync(folder)).toEqual([]);
  },
);

test("is got by exactly one of several processes that come at once, to a lock of a dead owner", async () => {
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "1" }));
  const takers = Array.from({ length: 8 }, () => taker());
  const words = await Promise.all(takers.map(said));
  await Promise.all(takers.map(killed));
  expect(words.sort()).toEqual([...Array<string>(7).fill("LOCKED"), "taken"]);
});

/** A take-over that moves a stale lock without a guard has two winners in about one round of 700. */
const ROUNDS = 800;
const ROUND_MS = 1;
const RACERS = 4;

/** Takes one lock after another, each at a set time; tells which it got when it is asked, and stays until then. */
async function racer(startMs: number): Promise<{ child: ChildProcess; taken: Promise<number[]> }> {
  const program = `
    import { takeOwnerLock } from ${JSON.stringify(MODULE)};
    const taken = [];
    process.send("ready");
    for (let round = 0; round < ${ROUNDS}; round++) {
      while (Date.now() < ${startMs} + round * ${ROUND_MS});
      try { takeOwnerLock(${JSON.stringify(path)} + "-" + round); taken.push(round); }
      catch (error) { if (error.code !== "LOCKED") throw error; }
    }
    process.send(taken);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "message");
  return { child, taken: once(child, "message").then(([rounds]) => rounds as number[]) };
}

test("is got by exactly one, round after round, each time from a dead owner and at the same moment", async () => {
  for (let round = 0; round < ROUNDS; round++)
    writeFileSync(`${path}-${round}`, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "1" }));
  const startMs = Date.now() + 1_500;
  const racers = await Promise.all(Array.from({ length: RACERS }, () => racer(startMs)));
  const taken = (await Promise.all(racers.map((each) => each.taken))).flat();
  await Promise.all(racers.map(({ child }) => killed(child)));
  expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: ROUNDS }, (_, round) => round));
});

test("is taken over although another that took it over was killed on the way", () => {
  const dead = JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "1" });
  writeFileSync(path, dead);
  const guard = `${path}.${createHash("sha256").update(dead).digest("hex").slice(0, 16)}`;
  writeFileSync(guard, JSON.stringify({ pid: 2 ** 22 + 2, startedAt: "1" }));
  takeOwnerLock(path).release();
  expect(readdirSync(folder)).toEqual([]);
});

test("is left to a living process that is taking it over", async () => {
  const dead = JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "1" });
  writeFileSync(path, dead);
  const owner = taker(`${path}.${createHash("sha256").update(dead).digest("hex").slice(0, 16)}`);
  await said(owner);
  expect(() => takeOwnerLock(path)).toThrow(new OwnerLockError(path, owner.pid!));
  await killed(owner);
});

test("says who has it, and changes nothing by that", async () => {
  expect(ownerOf(path)).toBeNull();
  const owner = taker();
  await said(owner);
  expect(ownerOf(path)).toBe(owner.pid);
  await killed(owner);
  expect(ownerOf(path)).toBeNull();
  expect(existsSync(path)).toBe(true);
});

test("waits no longer than it is told", async () => {
  const owner = taker();
  await said(owner);
  let nowMs = 0;
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
  await expect(waitForOwnerLock(path, clock, 200)).rejects.toThrow(OwnerLockError);
  expect(nowMs).toBe(200);
  await killed(owner);
});

test("one that cannot be written is no other owner's: its message says so", () => {
  const below = join(folder, "no-such-folder", "kadun.lock");
  expect(() => takeOwnerLock(below)).toThrow(/kadun\.lock: cannot be written \(ENOENT\)/);
});

test("waits for an owner that is about to end", async () => {
  const owner = taker();
  await said(owner);
  const waiting = waitForOwnerLock(path, systemClock, 10_000);
  await killed(owner);
  (await waiting).release();
});
