import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { kafkaOptions, liveFetchPace } from "../../../cli/compose/kafka.js";
import { settingsFrom } from "../../../cli/distributed/read-settings.js";
import { KAFKA_SETTINGS, LIVE_SETTINGS } from "../../../cli/distributed/settings.js";
import { UsageError } from "../../../cli/exit-status.js";
import type { KafkaOptions } from "../../../platform/event-log/kafka/kafka-options.js";

const folder = mkdtempSync(join(tmpdir(), "kadun-kafka-options-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function optionsFor(settings: Record<string, string>): KafkaOptions {
  const environment = Object.entries(settings).map(([name, value]) => [`KADUN_KAFKA_${name}`, value]);
  const brokers = { KADUN_KAFKA_BROKERS: "kafka-1:9092,kafka-2:9092" };
  return kafkaOptions(settingsFrom(KAFKA_SETTINGS, {}, { ...brokers, ...Object.fromEntries(environment) }));
}

function refusalOf(settings: Record<string, string>): string {
  try {
    optionsFor(settings);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("was taken");
}

const SECRET = "tongue twister ";
const PASSWORD = file("password", `${SECRET.trimEnd()}\n`);
const CA = file("ca.pem", "CA");
const CERTIFICATE = file("certificate.pem", "CERTIFICATE");
const KEY = file("key.pem", "KEY");

test("without further settings neither TLS nor SASL", () => {
  expect(optionsFor({})).toEqual({
    brokers: ["kafka-1:9092", "kafka-2:9092"],
    clientId: "kadun",
    tls: null,
    sasl: null,
    compression: "none",
  });
});

test("TLS trusts Node's authorities, or those of the file", () => {
  expect(optionsFor({ TLS: "on" }).tls).toEqual({});
  expect(optionsFor({ TLS: "on", CA_FILE: CA }).tls).toEqual({ ca: "CA" });
});

test("TLS with a client's certificate needs its key, and the key its certificate", () => {
  const both = { TLS: "on", CERTIFICATE_FILE: CERTIFICATE, KEY_FILE: KEY };
  expect(optionsFor(both).tls).toEqual({ certificate: "CERTIFICATE", key: "KEY" });
  for (const only of ["CERTIFICATE_FILE", "KEY_FILE"] as const) {
    const message = refusalOf({ TLS: "on", [only]: both[only] });
    expect(message).toContain("KADUN_KAFKA_CERTIFICATE_FILE, KADUN_KAFKA_KEY_FILE");
    expect(message).toContain("one is set without the other");
  }
});

test.each([["CA_FILE"], ["CERTIFICATE_FILE"], ["KEY_FILE"]])(
  "KADUN_KAFKA_%s without TLS is refused: who gives it expects TLS",
  (name) => {
    const message = refusalOf({ [name]: CA });
    expect(message).toContain(`KADUN_KAFKA_${name}`);
    expect(message).toContain("KADUN_KAFKA_TLS is off");
  },
);

test.each([
  ["plain", "PLAIN"],
  ["scram-sha-256", "SCRAM-SHA-256"],
  ["scram-sha-512", "SCRAM-SHA-512"],
])("SASL %s takes user and password, the latter without the file's last line end", (sasl, mechanism) => {
  const options = optionsFor({ SASL: sasl, USERNAME: "kadun", PASSWORD_FILE: PASSWORD });
  expect(options.sasl).toEqual({ mechanism, username: "kadun", password: SECRET.trimEnd() });
});

test.each([
  ["plain", { USERNAME: "kadun" }],
  ["scram-sha-256", { PASSWORD_FILE: PASSWORD }],
  ["scram-sha-512", {}],
  ["oauthbearer", { TOKEN_URL: "https://login.example/token" }],
])("SASL %s without user or password file names what to set", (sasl, given) => {
  const message = refusalOf({ SASL: sasl, ...given });
  expect(message).toContain(`KADUN_KAFKA_SASL is ${sasl}`);
  expect(message).toContain("set KADUN_KAFKA_USERNAME and KADUN_KAFKA_PASSWORD_FILE");
});

test("an empty password file is as none", () => {
  const empty = file("empty", "\n");
  expect(refusalOf({ SASL: "plain", USERNAME: "kadun", PASSWORD_FILE: empty })).toContain(
    "KADUN_KAFKA_PASSWORD_FILE",
  );
});

test.each([["USERNAME"], ["PASSWORD_FILE"], ["TOKEN_URL"]])(
  "KADUN_KAFKA_%s without a SASL mechanism is refused: who gives it expects to log in",
  (name) => {
    const message = refusalOf({ [name]: name === "PASSWORD_FILE" ? PASSWORD : "https://kadun.example" });
    expect(message).toContain(`KADUN_KAFKA_${name}`);
    expect(message).toContain("KADUN_KAFKA_SASL is none");
  },
);

test("SASL oauthbearer needs the address where tokens are had", () => {
  const given = { SASL: "oauthbearer", USERNAME: "kadun", PASSWORD_FILE: PASSWORD };
  const options = optionsFor({ ...given, TOKEN_URL: "https://login.example/token" });
  expect(options.sasl).toEqual({ mechanism: "OAUTHBEARER", token: expect.any(Function) });
  for (const url of ["", "login.example", "file:///etc/passwd"]) {
    const message = refusalOf({ ...given, TOKEN_URL: url });
    expect(message).toContain(`KADUN_KAFKA_TOKEN_URL: '${url}'`);
    expect(message).toContain("KADUN_KAFKA_SASL is oauthbearer");
  }
});

test.each([
  ["CA_FILE", { TLS: "on" }],
  ["CERTIFICATE_FILE", { TLS: "on", KEY_FILE: KEY }],
  ["KEY_FILE", { TLS: "on", CERTIFICATE_FILE: CERTIFICATE }],
  ["PASSWORD_FILE", { SASL: "plain", USERNAME: "kadun" }],
])("a file of KADUN_KAFKA_%s that cannot be read is named with its setting", (name, others) => {
  const path = join(folder, "missing");
  expect(refusalOf({ ...others, [name]: path })).toBe(
    `KADUN_KAFKA_${name}: ${path} cannot be read (ENOENT); name a file that this user may read`,
  );
});

test("no refusal tells the password", () => {
  for (const given of [{ SASL: "plain" }, { SASL: "oauthbearer", USERNAME: "kadun", TOKEN_URL: "x" }])
    expect(refusalOf({ ...given, PASSWORD_FILE: PASSWORD })).not.toContain(SECRET.trim());
});

test.each([
  ["", { leastMs: 1, mostMs: 5 }],
  ["20", { leastMs: 1, mostMs: 20 }],
  ["0", { leastMs: 0, mostMs: 0 }],
])("a pause between fetches of '%s'", (pause, pace) => {
  const environment = { KADUN_KAFKA_FETCH_PAUSE_MS: pause };
  expect(liveFetchPace(settingsFrom(LIVE_SETTINGS, {}, environment))).toEqual(pace);
});
