/** Whatever happens to an archive's files is found, and told by file and position. */

import {
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Random } from "../../bench/city/random.js";
import { CONTENT_CHECKS } from "../../cli/archive/content-checks.js";
import { Topic } from "../../schemas/topics.js";
import { Archive } from "../../services/archive/archive.js";
import { ArchiveError } from "../../services/archive/archive-error.js";
import { verifyArchive } from "../../services/archive/verify-archive.js";
import { ArchiveFolder, simulatedLogs } from "./archived-world.js";

/** Of each file; every byte of a small archive would be a hundred thousand verifications. */
const FLIPS_A_FILE = 2;
const LIMITS = { recordsMax: 25, bytesMax: 1 << 20 };
const random = Random.derived(77, 1, 0);

let folder: ArchiveFolder;
const kept = new Map<string, Buffer>();

beforeAll(async () => {
  folder = new ArchiveFolder();
  await folder.fill(await simulatedLogs(502), 2, LIMITS);
});
beforeEach(() => {
  if (kept.size === 0) for (const file of filesOf(folder.path)) kept.set(file, readFileSync(file));
});
afterEach(() => {
  for (const [file, bytes] of kept) writeFileSync(file, bytes);
});
afterAll(() => folder.remove());

test("an archive as it was written is sound", async () => {
  expect(await problem()).toBeNull();
});

test("a flipped bit anywhere in any file is found, and the file is named with its position", async () => {
  for (const [file, bytes] of kept) {
    const size = statSync(file).size;
    const places = [0, size - 1, ...Array.from({ length: FLIPS_A_FILE }, () => random.whole(0, size - 1))];
    for (const at of places) {
      const flipped = Buffer.from(bytes);
      flipped[at] = flipped[at]! ^ (1 << random.whole(0, 7));
      writeFileSync(file, flipped);
      const found = await problem();
      expect({ file, at, found }).toMatchObject({ found: expect.stringContaining(nameOf(file)) });
      expect(found).toMatch(/byte \d+|line \d+|record \d+|person |header|SHA-256|hash/);
    }
    writeFileSync(file, bytes);
  }
}, 120_000);

test("a flipped bit names the record of its block where that can be told", async () => {
  const file = join(folder.path, (await folder.open()).segments(Topic.JOURNAL, 0)[0]!.file);
  const flipped = Buffer.from(kept.get(file)!);
  const at = Math.floor(flipped.length / 2);
  flipped[at] = flipped[at]! ^ 1;
  writeFileSync(file, flipped);
  expect(await problem()).toMatch(
    /byte \d+: (item \d+|one of items \d+ to \d+) of its block, which fails its CRC32C/,
  );
});

test.each(["journal", "decisions", "persons", "bundles"])(
  "a file of %s that is gone is named",
  async (part) => {
    const file = [...kept.keys()].find((path) => path.startsWith(join(folder.path, part)))!;
    rmSync(file);
    expect(await problem()).toContain(file);
  },
);

test("a file cut off at any place is found", async () => {
  for (const [file, bytes] of kept) {
    writeFileSync(file, bytes.subarray(0, random.whole(0, bytes.length - 1)));
    expect(await problem()).toContain(nameOf(file));
    writeFileSync(file, bytes);
  }
});

test("two segments that changed places are found, also where each is sound in itself", async () => {
  const [first, second] = (await folder.open()).segments(Topic.JOURNAL, 0);
  const [one, other] = [join(folder.path, first!.file), join(folder.path, second!.file)];
  copyFileSync(one, `${one}.aside`);
  renameSync(other, one);
  renameSync(`${one}.aside`, other);
  expect(await problem()).toContain(first!.file);
});

test("a line of the manifest that is taken out, doubled or moved breaks the chain at its line", async () => {
  const manifest = join(folder.path, "manifest.ndjson");
  const lines = kept.get(manifest)!.toString("utf8").trimEnd().split("\n");
  const [a, b, c, ...more] = lines as [string, string, string, ...string[]];
  for (const changed of [
    [b, c, ...more],
    [a, c, ...more],
    [a, a, b, c, ...more],
    [a, c, b, ...more],
  ]) {
    writeFileSync(manifest, `${changed.join("\n")}\n`);
    expect(await problem()).toMatch(/manifest\.ndjson: line [1-3], byte \d+: does not follow/);
  }
});

test("lines taken off the manifest's end are told by the head that an earlier run printed", async () => {
  const manifest = join(folder.path, "manifest.ndjson");
  const { head } = (await folder.open()).manifest;
  const lines = kept.get(manifest)!.toString("utf8").trimEnd().split("\n");
  writeFileSync(manifest, `${lines.slice(0, -1).join("\n")}\n`);
  expect(await problem()).toBeNull();
  expect((await folder.open()).manifest.hasHead(head)).toBe(false);
});

async function problem(): Promise<string | null> {
  try {
    await verifyArchive(await Archive.open(folder.path), CONTENT_CHECKS);
    return null;
  } catch (error) {
    if (error instanceof ArchiveError) return error.message;
    throw error;
  }
}

function nameOf(file: string): string {
  return file.slice(folder.path.length + 1);
}

function filesOf(path: string): string[] {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
