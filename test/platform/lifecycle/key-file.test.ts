import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openKeyFile } from "../../../platform/lifecycle/key-file.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-keys-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("is made readable by its owner only, and is the same the next time", () => {
  const path = join(folder, "keys", "vault.key");
  const key = openKeyFile(path, { mayMake: true });
  expect(key.length).toBe(32);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(openKeyFile(path, { mayMake: false })).toEqual(key);
});

test("is not made anew where data was made with it", () => {
  expect(() => openKeyFile(join(folder, "vault.key"), { mayMake: false })).toThrow(
    /vault\.key: missing, and there is data.*restore the file from its backup/,
  );
});

test("a damaged one is refused and left as it is", () => {
  const path = join(folder, "vault.key");
  writeFileSync(path, "12345\n");
  expect(() => openKeyFile(path, { mayMake: true })).toThrow(/expected 64 hexadecimal digits/);
  expect(readFileSync(path, "utf8")).toBe("12345\n");
});
