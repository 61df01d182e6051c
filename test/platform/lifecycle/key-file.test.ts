import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { isOpenToOthers, KeyFileError, openKeyFile } from "../../../platform/lifecycle/key-file.js";

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

test("nothing is left beside it, and a draft of a start that was killed is no key", () => {
  writeFileSync(join(folder, "vault.key.0badcafe.new"), "12");
  openKeyFile(join(folder, "vault.key"), { mayMake: true });
  expect(readdirSync(folder).sort()).toEqual(["vault.key", "vault.key.0badcafe.new"]);
});

test("one that others may read is told apart", () => {
  const path = join(folder, "vault.key");
  openKeyFile(path, { mayMake: true });
  expect(isOpenToOthers(path)).toBe(false);
  chmodSync(path, 0o640);
  expect(isOpenToOthers(path)).toBe(true);
});

test.each([
  ["of too few bytes", "ab".repeat(16)],
  ["of too many", "ab".repeat(33)],
  ["empty", ""],
])("one %s is refused", (_what, text) => {
  const path = join(folder, "vault.key");
  writeFileSync(path, text);
  expect(() => openKeyFile(path, { mayMake: true })).toThrow(
    /vault\.key: expected 64 hexadecimal digits; restore/,
  );
});

test("a folder in its place, and a file in its folder's, are named", () => {
  mkdirSync(join(folder, "vault.key"));
  expect(() => openKeyFile(join(folder, "vault.key"), { mayMake: true })).toThrow(
    /cannot be read \(EISDIR\)/,
  );
  writeFileSync(join(folder, "plain"), "");
  let error: unknown;
  try {
    openKeyFile(join(folder, "plain", "vault.key"), { mayMake: true });
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(KeyFileError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/plain\/vault\.key: cannot be read \(ENOTDIR\)/),
  });
});
