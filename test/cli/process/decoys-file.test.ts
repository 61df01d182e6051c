import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readDecoys, writeDecoys } from "../../../cli/process/decoys-file.js";
import { loadPatrols } from "../../../cli/process/patrols-process.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-decoys-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what is written is read again, by its owner only; without a file there are no decoys", () => {
  const path = join(folder, "decoys.txt");
  expect(readDecoys(path)).toEqual([]);
  const keys = ["a".repeat(32), "b".repeat(32)];
  writeDecoys(path, keys);
  expect(readDecoys(path)).toEqual(keys);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a line that is no card key is named, and what stands there is not repeated", () => {
  const path = join(folder, "decoys.txt");
  writeFileSync(path, `# laid out in May\n${"a".repeat(32)}\n6217000012345678\n`);
  expect(() => readDecoys(path)).toThrow(
    `${path}: line 3: expected a card key of 32 hexadecimal digits; 'kadun decoys add' makes them`,
  );
});

test("a file of an installation changes what it names, and its mistakes are named by file and path", () => {
  const path = join(folder, "patrols.json");
  writeFileSync(path, JSON.stringify({ patrols: { R11: { parameters: { cardsMin: 4 } } } }));
  expect(loadPatrols(path).patrols.R11.parameters).toEqual({ windowMinutes: 30, cardsMin: 4 });
  writeFileSync(path, JSON.stringify({ patrols: { R11: { parameters: { cardsMin: 1 } } } }));
  expect(() => loadPatrols(path)).toThrow(
    `${path}: patrols.R11.parameters.cardsMin: expected a whole number from 2 to 1000`,
  );
});
