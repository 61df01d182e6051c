import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  type DataFormat,
  inspectDataDirectory,
  openDataDirectory,
} from "../../../platform/lifecycle/data-directory.js";

const format: DataFormat = { product: "kadun", formatVersion: 2, createdAt: "2026-03-01", partitions: 3 };
const run = promisify(execFile);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-data-"));
});

const MODULE = new URL("../../../dist/platform/lifecycle/data-directory.js", import.meta.url).href;

/** Opens it in a process of its own, asking for so many partitions. */
async function maker(path: string, partitions: number): Promise<{ isNew: boolean; format: DataFormat }> {
  const program = `
    import { openDataDirectory } from ${JSON.stringify(MODULE)};
    console.log(JSON.stringify(openDataDirectory(${JSON.stringify(path)}, ${JSON.stringify({ ...format, partitions })})));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program]);
  return JSON.parse(stdout) as { isNew: boolean; format: DataFormat };
}

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

test("leaves nothing but its format, and is not made by looking at it", () => {
  const path = join(folder, "data");
  expect(inspectDataDirectory(path, format)).toBeNull();
  expect(existsSync(path)).toBe(false);
  openDataDirectory(path, format);
  expect(readdirSync(path)).toEqual(["FORMAT"]);
  expect(inspectDataDirectory(path, format)).toEqual(format);
});

test("opening twice at once makes one: who comes second opens what the first made", async () => {
  const path = join(folder, "data");
  const makers = Array.from({ length: 4 }, (_, index) => maker(path, index + 1));
  const opened = await Promise.all(makers);
  expect(opened.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(new Set(opened.map(({ format: { partitions } }) => partitions)).size).toBe(1);
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
    "a folder in place of the format",
    "CORRUPT",
    (path: string) => mkdirSync(join(path, "FORMAT"), { recursive: true }),
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

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

/** As a user who owns nothing here: root may write everywhere. */
test("one that may not be written, or not be read, is refused with what to do", async () => {
  const path = join(folder, "data");
  openDataDirectory(path, format);
  const opened = async (mode: number) => {
    chmodSync(folder, 0o755);
    chmodSync(path, mode);
    const program = `
      import { openDataDirectory } from ${JSON.stringify(MODULE)};
      try { openDataDirectory(${JSON.stringify(path)}, ${JSON.stringify(format)}); console.log("opened"); }
      catch (error) { console.log(error.code, error.message); }`;
    const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    return (await run(process.execPath, ["--input-type=module", "-e", program], as)).stdout;
  };
  expect(await opened(0o555)).toMatch(
    /^NOT_WRITABLE .*data: cannot be written \(EACCES\); give its owner the right/,
  );
  expect(await opened(0o311)).toMatch(/^NOT_READABLE .*data: cannot be read \(EACCES\); give the user/);
  chmodSync(path, 0o755);
});
