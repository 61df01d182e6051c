import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type RunFile, readRunFile, removeRunFile, writeRunFile } from "../../../cli/embedded/run-file.js";

const running: RunFile = {
  swipe: { pid: 4711, url: "http://127.0.0.1:8080" },
  office: { pid: 4712, url: "http://127.0.0.1:8081", citizenUrl: "http://127.0.0.1:3" },
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-run-file-"));
  path = join(folder, "run.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("says what was written last, and nothing once it is removed", () => {
  expect(readRunFile(path)).toBeNull();
  writeRunFile(path, { ...running, office: null });
  writeRunFile(path, running);
  expect(readRunFile(path)).toEqual(running);
  removeRunFile(path);
  removeRunFile(path);
  expect(readRunFile(path)).toBeNull();
});

test.each([
  ["emptied by a power cut", ""],
  ["cut short", '{"swipe":{"pid":47'],
  ["of another shape", '{"swipe":4711}'],
])("a file that is %s means that nothing runs", (_, content) => {
  writeFileSync(path, content);
  expect(readRunFile(path)).toBeNull();
});
