import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { takeOfficePlace } from "../../../cli/rebuild/office-place.js";
import { ownerOf } from "../../../platform/lifecycle/owner-lock.js";

const dist = (path: string) =>
  JSON.stringify(new URL(`../../../dist/platform/${path}`, import.meta.url).href);
/** Longer than the second look at who has the lock. */
const CLOSES_MS = 4_500;

let folder: string;
let path: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-place-"));
  path = join(folder, "office.lock");
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** An office that takes the lock (waiting for it) and closes for a while when it is told to; `said` is each signal it heard. */
function office(closesMs: number) {
  const program = `
    import { waitForOwnerLock } from ${dist("lifecycle/owner-lock.js")};
    import { systemClock } from ${dist("clock/system-clock.js")};
    const lock = await waitForOwnerLock(${JSON.stringify(path)}, systemClock, 60_000);
    let signals = 0;
    process.on("SIGTERM", () => {
      console.log("told");
      if (++signals === 1) setTimeout(() => { lock.release(); process.exit(0); }, ${closesMs});
    });
    console.log("open");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => said.push(line));
  return { said, opened: once(lines, "line"), ended: once(child, "close") };
}

test("an office that takes its time to close is told once", async () => {
  const slow = office(CLOSES_MS);
  await slow.opened;
  const lock = await takeOfficePlace(path);
  expect(ownerOf(path)).toBe(process.pid);
  lock.release();
  expect(await slow.ended).toEqual([0, null]);
  expect(slow.said).toEqual(["open", "told"]);
}, 60_000);

test("another that came to the lock before us is told in turn", async () => {
  const first = office(0);
  await first.opened;
  const second = office(0);
  // Whether the second comes first is chance; it is told where it does, and waits for us where it does not.
  const lock = await takeOfficePlace(path);
  expect(ownerOf(path)).toBe(process.pid);
  expect(await first.ended).toEqual([0, null]);
  lock.release();
  await second.opened;
  expect(second.said[0]).toBe("open");
}, 60_000);

test("a lock that nobody has is taken at once", async () => {
  const lock = await takeOfficePlace(path);
  expect(ownerOf(path)).toBe(process.pid);
  lock.release();
  expect(ownerOf(path)).toBeNull();
});
