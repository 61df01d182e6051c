import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { loadBundle } from "../../cli/bundle-files.js";
import { BundleFolder } from "../../cli/bundle-folder.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-bundles-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a stored bundle is found again by its hash, by a later process too", async () => {
  const bundle = loadBundle();
  new BundleFolder(folder).store(bundle);
  const later = new BundleFolder(folder);
  expect(later.hashes()).toEqual([bundle.bundle.hash]);
  expect((await later.load(bundle.bundle.hash))?.hash).toBe(bundle.bundle.hash);
});

test("an unknown hash is no bundle", async () => {
  expect(await new BundleFolder(folder).load("0".repeat(64))).toBeNull();
});

test("a bundle that was changed after it was stored is refused by name", () => {
  const bundle = loadBundle();
  new BundleFolder(folder).store(bundle);
  const path = join(folder, `${bundle.bundle.hash}.json`);
  writeFileSync(path, readFileSync(path, "utf8").replace('"version":"', '"version":"x'));
  expect(() => new BundleFolder(folder).whole(bundle.bundle.hash)).toThrow(
    /it was changed after it was stored/,
  );
});
