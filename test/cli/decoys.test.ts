import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { decoys } from "../../cli/decoys.js";
import { OperatingError } from "../../cli/exit-status.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-decoys-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each(["add", "remove"])("%s where no Kadun has been started says what to name", async (action) => {
  await expect(decoys([action, "--data", folder])).rejects.toThrow(OperatingError);
  await expect(decoys([action, "--data", folder])).rejects.toThrow(
    /: no linkage key is there; name the directory or key file of a Kadun that has been started/,
  );
});

test("a file that is no key is named with what was expected", async () => {
  const key = join(folder, "key.hex");
  writeFileSync(key, "6217000012345678\n");
  const given = ["add", "--file", join(folder, "decoys.txt"), "--linkage-key-file", key];
  await expect(decoys(given)).rejects.toThrow(OperatingError);
  await expect(decoys(given)).rejects.toThrow(
    `${key}: expected 64 hexadecimal digits; restore the file from its backup`,
  );
});
