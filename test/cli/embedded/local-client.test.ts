/** How commands find the Kadun that they are for; over the built program, as a user meets it. */

import { spawnSync } from "node:child_process";
import { afterAll, expect, test } from "@jest/globals";
import { kadunMain, Workplace } from "../../support/kadun.js";

const place = new Workplace();
afterAll(() => place.remove());
place.file("local.key", "kdn_local_secret\n");

/** Nobody listens on a port that ordinary users may not take. */
const NOBODY = "http://127.0.0.1:1";

function run(args: readonly string[], environment: Record<string, string> = {}) {
  const options = { cwd: place.folder, env: { PATH: process.env.PATH, ...environment }, timeout: 80_000 };
  const { status, stderr } = spawnSync(process.execPath, [kadunMain, ...args], options);
  return { status, said: stderr.toString().trim() };
}

test.each([["redis://127.0.0.1"], ["127.0.0.1:8080"], ["http//x"]])(
  "--url %s is refused with an example",
  (url) => {
    const { status, said } = run(["networks", "list", "--url", url, "--key-file", "local.key"]);
    expect(status).toBe(64);
    expect(said).toBe(`kadun: --url ${url}: expected an address such as http://127.0.0.1:8080`);
  },
);

test("--data and --url together are refused: they name two Kaduns", () => {
  const { status, said } = run(["networks", "list", "--url", NOBODY, "--data", "x"]);
  expect(status).toBe(64);
  expect(said).toBe("kadun: --data and --url name two Kaduns; give one of them");
});

test("--url without a key file names option, variable and who makes the file", () => {
  const { status, said } = run(["networks", "list", "--url", NOBODY]);
  expect(status).toBe(64);
  expect(said).toMatch(/^kadun: --key-file \(KADUN_LOCAL_KEY_FILE\): not set; .*'kadun topics create' made$/);
});

test("a key file that cannot be read is named, with the command that makes it", () => {
  const { status, said } = run(["networks", "list", "--url", NOBODY, "--key-file", "missing.key"]);
  expect(status).toBe(1);
  expect(said).toContain("kadun: missing.key: cannot be read (ENOENT)");
  expect(said).toContain("'kadun topics create'");
});

test("an address where nothing answers is named; the key is not told", () => {
  const { status, said } = run(["networks", "list", "--url", NOBODY, "--key-file", "local.key"]);
  expect(status).toBe(1);
  expect(said).toMatch(/^kadun: http:\/\/127\.0\.0\.1:1: nothing answers \(.*\); does it run\?$/);
  expect(said).not.toContain("secret");
});

test("address and key file may come from the environment, empty is unset, and --data goes before", () => {
  const set = { KADUN_URL: NOBODY, KADUN_LOCAL_KEY_FILE: "local.key" };
  expect(run(["networks", "list"], set).said).toContain(`${NOBODY}: nothing answers`);
  expect(run(["networks", "list"], { KADUN_URL: "", KADUN_DATA: "there" }).said).toContain(
    "'kadun start --data there'",
  );
  expect(run(["networks", "list", "--data", "here"], set).said).toContain("'kadun start --data here'");
});

test("'reconcile' asks an analytics process: the address of a gateway is not taken for one", () => {
  expect(run(["reconcile"], { KADUN_URL: NOBODY }).said).toContain("no Kadun runs on this data directory");
  expect(run(["reconcile", "--url", NOBODY]).said).toContain(`${NOBODY}: nothing answers`);
});
