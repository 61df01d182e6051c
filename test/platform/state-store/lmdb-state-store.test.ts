/** What only the LMDB store has: directories that are damaged, of another shape, or open already. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openLmdbStateStore } from "../../../platform/state-store/lmdb/lmdb-state-store.js";
import type { StateStore } from "../../../platform/state-store/state-store.js";

let path: string;
const opened: StateStore[] = [];

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "kadun-lmdb-state-"));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(path, { recursive: true, force: true });
});

async function openStore(partitions = 3): Promise<StateStore> {
  const store = await openLmdbStateStore({ path, partitions });
  opened.push(store);
  return store;
}

test("another partition count than the directory was made with is refused, with the right one in the message", async () => {
  await (await openStore()).close();
  await expect(openStore(4)).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringMatching(/has 3 partitions, 4 were asked for.*ask for 3/),
  });
  await expect(openStore()).resolves.toBeDefined();
});

test("a damaged file is CORRUPT with the next step, and the process lives on", async () => {
  await (await openStore()).close();
  writeFileSync(join(path, "data.mdb"), Buffer.alloc(20_000, 65));
  await expect(openStore()).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringContaining("rebuilt from the journal"),
  });
});

test("a directory that is open in this process is LOCKED until it is closed", async () => {
  const first = await openStore();
  await expect(openStore()).rejects.toMatchObject({ code: "LOCKED", message: expect.stringContaining(path) });
  await first.close();
  await expect(openStore()).resolves.toBeDefined();
});

test("a partition the store does not have is the caller's mistake", async () => {
  const store = await openStore();
  for (const partition of [3, -1, 0.5])
    await expect(store.acquire(partition, "a")).rejects.toThrow(RangeError);
});
