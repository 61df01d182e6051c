import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { systemClock } from "../../../platform/clock/system-clock.js";
import { OwnerLockError, takeOwnerLock, waitForOwnerLock } from "../../../platform/lifecycle/owner-lock.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-lock-"));
  path = join(folder, "kadun.lock");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MODULE = new URL("../../../dist/platform/lifecycle/owner-lock.js", import.meta.url).pathname;

/** A process that tries to take the lock, says so and stays until it is killed. */
function taker(): ChildProcess {
  const program = `
    import { takeOwnerLock } from ${JSON.stringify(MODULE)};
    try { takeOwnerLock(${JSON.stringify(path)}); console.log("taken"); } catch (error) { console.log(error.code); }
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

test("is taken over where the file is damaged", () => {
  writeFileSync(path, "{");
  takeOwnerLock(path).release();
  expect(existsSync(path)).toBe(false);
});

test("is got by exactly one of several processes that come at once, to a lock of a dead owner", async () => {
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "1" }));
  const takers = Array.from({ length: 6 }, taker);
  const words = await Promise.all(takers.map(said));
  await Promise.all(takers.map(killed));
  expect(words.sort()).toEqual(["LOCKED", "LOCKED", "LOCKED", "LOCKED", "LOCKED", "taken"]);
});

test("waits for an owner that is about to end", async () => {
  const owner = taker();
  await said(owner);
  const waiting = waitForOwnerLock(path, systemClock, 10_000);
  await killed(owner);
  (await waiting).release();
});
