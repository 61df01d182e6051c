/** What only the LMDB store has: directories that are damaged, open already, or not there yet. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { KeyValue } from "../../../platform/key-value/key-value.js";
import { openLmdbKeyValue } from "../../../platform/key-value/lmdb/lmdb-key-value.js";

let folder: string;
let path: string;
const opened: KeyValue[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-lmdb-key-value-"));
  path = join(folder, "register");
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openStore(readOnly = false): Promise<KeyValue> {
  const store = await openLmdbKeyValue({ path, readOnly });
  opened.push(store);
  return store;
}

test("reading before the writer has made the directory may be tried again, and makes nothing", async () => {
  await expect(openStore(true)).rejects.toMatchObject({ code: "FAILED", retryable: true });
  expect(existsSync(path)).toBe(false);
});

test("a damaged file is CORRUPT with the next step, and the process lives on", async () => {
  await (await openStore()).close();
  writeFileSync(join(path, "data.mdb"), Buffer.alloc(20_000, 65));
  for (const readOnly of [false, true])
    await expect(openStore(readOnly)).rejects.toMatchObject({
      code: "CORRUPT",
      message: expect.stringContaining("restore"),
    });
});

test("a directory that is open in this process is LOCKED until it is closed", async () => {
  const first = await openStore();
  await expect(openStore()).rejects.toMatchObject({ code: "LOCKED", message: expect.stringContaining(path) });
  await first.close();
  await expect(openStore()).resolves.toBeDefined();
});
