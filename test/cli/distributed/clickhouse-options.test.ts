import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { clickhouseOptions } from "../../../cli/compose/clickhouse.js";
import { settingsFrom } from "../../../cli/distributed/read-settings.js";
import { CLICKHOUSE_SETTINGS } from "../../../cli/distributed/settings.js";
import { UsageError } from "../../../cli/exit-status.js";

const folder = mkdtempSync(join(tmpdir(), "kadun-clickhouse-options-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const HTTPS = { URL: "https://clickhouse:8443" };

function optionsFor(settings: Readonly<Record<string, string>>) {
  const given = Object.entries({ URL: "http://clickhouse:8123", ...settings });
  const environment = Object.fromEntries(given.map(([name, value]) => [`KADUN_CLICKHOUSE_${name}`, value]));
  return clickhouseOptions(settingsFrom(CLICKHOUSE_SETTINGS, {}, environment));
}

function refusalOf(settings: Readonly<Record<string, string>>): string {
  try {
    optionsFor(settings);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("was taken");
}

const PASSWORD = file("password", "secret\n");
const CA = file("ca.pem", "CA");
const CERTIFICATE = file("certificate.pem", "CERTIFICATE");
const KEY = file("key.pem", "KEY");

test("without further settings: no TLS, the password without the file's last line end", () => {
  expect(optionsFor({ PASSWORD_FILE: PASSWORD })).toEqual({
    url: "http://clickhouse:8123",
    user: "default",
    password: "secret",
    database: "kadun",
  });
});

test("https trusts Node's authorities, or those of the file", () => {
  expect(optionsFor(HTTPS).tls).toBeUndefined();
  expect(optionsFor({ ...HTTPS, CA_FILE: CA }).tls).toEqual({ ca: "CA" });
});

test("a certificate comes with its key, without a password, with or without a CA", () => {
  const both = { ...HTTPS, CERTIFICATE_FILE: CERTIFICATE, KEY_FILE: KEY };
  const client = { certificate: "CERTIFICATE", key: "KEY" };
  expect(optionsFor(both)).toMatchObject({ password: "", tls: { client } });
  expect(optionsFor({ ...both, CA_FILE: CA }).tls).toEqual({ ca: "CA", client });
  for (const only of ["CERTIFICATE_FILE", "KEY_FILE"] as const)
    expect(refusalOf({ ...HTTPS, [only]: both[only] })).toContain("one is set without the other");
  expect(refusalOf({ ...both, PASSWORD_FILE: PASSWORD })).toMatch(
    /KADUN_CLICKHOUSE_CERTIFICATE_FILE, KADUN_CLICKHOUSE_PASSWORD_FILE: both are set.*take one away/,
  );
});

test.each([["CA_FILE"], ["CERTIFICATE_FILE"], ["KEY_FILE"]])(
  "KADUN_CLICKHOUSE_%s with http:// is refused: who gives it expects TLS",
  (name) => {
    const message = refusalOf({ [name]: CA });
    expect(message).toContain(
      `KADUN_CLICKHOUSE_${name}: given, but KADUN_CLICKHOUSE_URL begins with http://`,
    );
  },
);

test("a file that cannot be read is named with its setting", () => {
  expect(refusalOf({ ...HTTPS, CA_FILE: join(folder, "none") })).toMatch(
    /KADUN_CLICKHOUSE_CA_FILE: .*cannot be read \(ENOENT\)/,
  );
});
