import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { loadBundle } from "../../../cli/bundle-files.js";
import { BundleFolder } from "../../../cli/bundle-folder.js";
import { checkData, checkShippedBundle } from "../../../cli/doctor/data.js";
import { FORMAT_VERSION, PRODUCT } from "../../../cli/embedded/open-data.js";
import { pathsOf } from "../../../cli/embedded/paths.js";
import { writeRunFile } from "../../../cli/embedded/run-file.js";
import { openDataDirectory } from "../../../platform/lifecycle/data-directory.js";
import { openKeyFile } from "../../../platform/lifecycle/key-file.js";
import { takeOwnerLock } from "../../../platform/lifecycle/owner-lock.js";

const CREATED_AT = "2026-03-01T08:00:00.000+08:00";
const NOW_MS = Date.parse("2026-03-02T08:00:00.000+08:00");
/** Above what the system gives out. */
const NO_PID = 2 ** 22 + 1;
const URL_OF = "http://127.0.0.1:1";
const shipped = loadBundle();

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-doctor-test-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const paths = () => pathsOf(join(folder, "data"));

/** A directory as `kadun start` leaves it, as far as doctor looks. */
function makeUsed(): void {
  const { data, log, bundles, linkageKey, vaultKey } = paths();
  openDataDirectory(data, {
    product: PRODUCT,
    formatVersion: FORMAT_VERSION,
    createdAt: CREATED_AT,
    partitions: 2,
  });
  for (const path of [linkageKey, vaultKey]) openKeyFile(path, { mayMake: true });
  mkdirSync(log);
  new BundleFolder(bundles).store(shipped);
}

/** Every finding that is not well, as `verdict name: detail → next`. */
function complaints(nowMs = NOW_MS): string[] {
  return checkData(paths(), nowMs)
    .filter(({ verdict }) => verdict !== "ok")
    .map(({ verdict, name, detail, next }) => `${verdict} ${name}: ${detail} → ${next}`);
}

test("a directory that is not there is new, and stays so", () => {
  expect(checkData(paths())).toEqual([
    expect.objectContaining({
      verdict: "ok",
      detail: expect.stringContaining("new; 'kadun start' makes it"),
    }),
  ]);
  expect(existsSync(paths().data)).toBe(false);
});

test("a sound directory has nothing to complain of, and is not changed", () => {
  makeUsed();
  const before = readdirSync(paths().data, { recursive: true });
  expect(complaints()).toEqual([]);
  expect(checkData(paths(), NOW_MS).map(({ name }) => name)).toEqual([
    "data directory",
    "clock and data",
    "running",
    "key",
    "key",
    "stored bundles",
  ]);
  expect(readdirSync(paths().data, { recursive: true })).toEqual(before);
});

test("a first start that was killed before its keys is mended by the next", () => {
  makeUsed();
  const { log, keys, bundles } = paths();
  for (const path of [log, keys, bundles]) rmSync(path, { recursive: true });
  expect(complaints()).toEqual([]);
  expect(existsSync(bundles)).toBe(false);
});

describe("what 'kadun start' would refuse is said in the same words, with the fix:", () => {
  test.each([
    [
      "a file in its place",
      () => {
        rmSync(paths().data, { recursive: true });
        writeFileSync(paths().data, "");
      },
      /^fail data directory: .*data: is a file; name a directory →/,
    ],
    [
      "somebody else's folder",
      () => {
        rmSync(join(paths().data, "FORMAT"));
      },
      /^fail data directory: .*no data directory of kadun; name an empty or new one →/,
    ],
    [
      "a damaged format",
      () => writeFileSync(join(paths().data, "FORMAT"), "{"),
      /^fail data directory: .*FORMAT: damaged.*restore the data directory from a backup/,
    ],
    [
      "a newer program's",
      () => {
        const file = join(paths().data, "FORMAT");
        writeFileSync(file, readFileSync(file, "utf8").replace(/"formatVersion":\d+/, '"formatVersion":99'));
      },
      /^fail data directory: .*format 99; this program reads up to \d+: install the newer release/,
    ],
    ["a missing key", () => rmSync(paths().vaultKey), /^fail key: .*vault\.key: missing.*from its backup/],
    [
      "a key that is none",
      () => writeFileSync(paths().linkageKey, "secret"),
      /^fail key: .*linkage\.key: expected 64 hexadecimal digits; restore/,
    ],
  ])("%s", (_what, damage, complaint) => {
    makeUsed();
    damage();
    expect(complaints()).toEqual([expect.stringMatching(complaint)]);
  });
});

test("a key that others may read is a warning with the command that mends it", () => {
  makeUsed();
  chmodSync(paths().linkageKey, 0o644);
  expect(complaints()).toEqual([
    `warn key: ${paths().linkageKey}: others may read it → chmod 600 ${paths().linkageKey}`,
  ]);
});

test("a clock that stands before the data was made is wrong", () => {
  makeUsed();
  expect(complaints(Date.parse(CREATED_AT) - 1)).toEqual([
    expect.stringMatching(/^fail clock and data: .*the data was made at .* → set the clock/),
  ]);
});

test("stored bundles that are gone, or changed, are missed", () => {
  makeUsed();
  const { bundles } = paths();
  const file = join(bundles, `${shipped.bundle.hash}.json`);
  writeFileSync(file, "{}");
  expect(complaints()).toEqual([
    expect.stringMatching(/^fail stored bundles: .*ruleset: .* \(and 6 more\) → replays need every bundle/),
  ]);
  rmSync(bundles, { recursive: true });
  expect(complaints()).toEqual([expect.stringMatching(/^fail stored bundles: .*bundles: missing →/)]);
});

describe("who runs on it is told by the lock:", () => {
  const running = (pid: number) => ({
    swipe: { pid, url: URL_OF },
    office: { pid, url: URL_OF, citizenUrl: URL_OF },
  });

  test("nobody, after kill -9", () => {
    makeUsed();
    writeRunFile(paths().run, running(NO_PID));
    expect(complaints()).toEqual([
      `warn running: process ${NO_PID} ended without stopping → 'kadun start' goes on from there`,
    ]);
  });

  test("a process that is starting, then one that listens, then one without its office", () => {
    makeUsed();
    const lock = takeOwnerLock(paths().lock);
    try {
      writeRunFile(paths().run, running(NO_PID));
      expect(complaints()).toEqual([
        expect.stringMatching(`^warn running: process ${process.pid} is starting`),
      ]);
      writeRunFile(paths().run, running(process.pid));
      expect(complaints()).toEqual([]);
      writeRunFile(paths().run, { ...running(process.pid), office: null });
      expect(complaints()).toEqual([expect.stringMatching(/^warn running: .*no office/)]);
    } finally {
      lock.release();
    }
  });
});

test("the bundle of this package is sound, by its hash", () => {
  expect(checkShippedBundle()).toMatchObject({ verdict: "ok", detail: shipped.bundle.hash });
});
