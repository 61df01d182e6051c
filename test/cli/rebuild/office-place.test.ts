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

interface Office {
  /** Its lock; by default the one that is asked for. */
  readonly at?: string;
  readonly closesMs: number;
  /** The lock of another, which comes to its place the moment it goes. */
  readonly successorAt?: string;
}

/** A process with the lock that closes for a while when it is told to; `said` is each signal it heard. */
function office({ at = path, closesMs, successorAt }: Office) {
  const place = JSON.stringify(path);
  const leave =
    successorAt === undefined ? `rmSync(${place})` : `renameSync(${JSON.stringify(successorAt)}, ${place})`;
  const program = `
    import { renameSync, rmSync } from "node:fs";
    import { takeOwnerLock } from ${dist("lifecycle/owner-lock.js")};
    takeOwnerLock(${JSON.stringify(at)});
    let signals = 0;
    process.on("SIGTERM", () => {
      console.log("told");
      if (++signals === 1) setTimeout(() => { ${leave}; process.exit(0); }, ${closesMs});
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
  const slow = office({ closesMs: CLOSES_MS });
  await slow.opened;
  const lock = await takeOfficePlace(path);
  expect(ownerOf(path)).toBe(process.pid);
  lock.release();
  expect(await slow.ended).toEqual([0, null]);
  expect(slow.said).toEqual(["open", "told"]);
}, 60_000);

test("another that came to the lock before us is told in turn", async () => {
  const successorAt = join(folder, "successor.lock");
  const second = office({ at: successorAt, closesMs: 0 });
  await second.opened;
  const first = office({ closesMs: 0, successorAt });
  await first.opened;
  const lock = await takeOfficePlace(path);
  expect(ownerOf(path)).toBe(process.pid);
  lock.release();
  expect(await first.ended).toEqual([0, null]);
  expect(await second.ended).toEqual([0, null]);
  for (const { said } of [first, second]) expect(said).toEqual(["open", "told"]);
}, 60_000);

test("a lock that nobody has is taken at once", async () => {
  const lock = await takeOfficePlace(path);
  expect(ownerOf(path)).toBe(process.pid);
  lock.release();
  expect(ownerOf(path)).toBeNull();
});
