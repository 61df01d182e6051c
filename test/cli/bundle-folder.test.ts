import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

test("a bundle that was put is on the disk when that resolves, again is nothing, and all who ask get the same", async () => {
  const bundle = loadBundle();
  const { hash } = bundle.bundle;
  const storing = new BundleFolder(folder);
  await storing.put(bundle);
  await storing.put(bundle);
  expect(await storing.find(hash)).toBe(bundle);
  expect(readdirSync(folder)).toEqual([`${hash}.json`]);
  const later = new BundleFolder(folder);
  const [one, other] = await Promise.all([later.find(hash), later.find(hash)]);
  expect(one?.bundle.hash).toBe(hash);
  expect(other).toBe(one);
  expect(later.whole(hash)).toBe(one);
  expect(await later.find("0".repeat(64))).toBeNull();
});

test("one that was changed is refused each time it is asked for, and found when it was restored", async () => {
  const bundle = loadBundle();
  const { hash } = bundle.bundle;
  new BundleFolder(folder).store(bundle);
  const path = join(folder, `${hash}.json`);
  const sound = readFileSync(path, "utf8");
  writeFileSync(path, sound.replace('"version":"', '"version":"x'));
  const later = new BundleFolder(folder);
  await expect(later.find(hash)).rejects.toThrow(/it was changed after it was stored/);
  await expect(later.load(hash)).rejects.toThrow(/it was changed after it was stored/);
  writeFileSync(path, sound);
  expect((await later.find(hash))?.bundle.hash).toBe(hash);
});
