import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type DataFormat, openDataDirectory } from "../../../platform/lifecycle/data-directory.js";

const format: DataFormat = { product: "kadun", formatVersion: 2, createdAt: "2026-03-01", partitions: 3 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-data-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("is made once; later what was made counts, not what is asked for", () => {
  const path = join(folder, "deep", "data");
  expect(openDataDirectory(path, format)).toEqual({ format, isNew: true });
  expect(openDataDirectory(path, { ...format, partitions: 9 })).toEqual({ format, isNew: false });
});

test("is made where a first start was killed before the format was written", () => {
  writeFileSync(join(folder, "kadun.lock"), "{}");
  writeFileSync(join(folder, "FORMAT.new"), "{");
  expect(openDataDirectory(folder, format).isNew).toBe(true);
});

test.each([
  ["a file", "NOT_A_DIRECTORY", (path: string) => writeFileSync(path, ""), /is a file; name a directory/],
  [
    "somebody else's folder",
    "FOREIGN",
    (path: string) => {
      mkdirSync(path);
      writeFileSync(join(path, "letters.txt"), "");
    },
    /not empty and without a FORMAT file.*name an empty or new one/,
  ],
  [
    "a damaged format",
    "CORRUPT",
    (path: string) => {
      mkdirSync(path);
      writeFileSync(join(path, "FORMAT"), "garbage");
    },
    /restore the data directory from a backup/,
  ],
  [
    "another product's",
    "CORRUPT",
    (path: string) => openDataDirectory(path, { ...format, product: "other" }),
    /not of kadun/,
  ],
  [
    "a newer program's",
    "NEWER_VERSION",
    (path: string) => openDataDirectory(path, { ...format, formatVersion: 3 }),
    /format 3; this program reads up to 2: install the newer release/,
  ],
])("%s is refused with %s and what to do", (_what, code, make, message) => {
  const path = join(folder, "data");
  make(path);
  let error: unknown;
  try {
    openDataDirectory(path, format);
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
});
