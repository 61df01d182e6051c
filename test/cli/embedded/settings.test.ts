import { parseArgs } from "node:util";
import { expect, test } from "@jest/globals";
import {
  argumentsOf,
  EMBEDDED_OPTIONS,
  type EmbeddedSettings,
  embeddedSettings,
  settingsHelp,
} from "../../../cli/embedded/settings.js";
import { UsageError } from "../../../cli/exit-status.js";

const DEFAULTS: EmbeddedSettings = {
  data: "kadun-data",
  host: "127.0.0.1",
  port: 8080,
  officePort: 8081,
  partitions: 1,
  answerTimeLimitMs: 800,
  smsStaleHours: 24,
  smsGateway: "outbox",
  smsProviderFile: "",
  smsKeyFile: "",
  smsEndpoint: "",
  personsMemoryMb: 0,
  breaker: "on",
  breakerSwipesMin: 200,
  breakerStopsMin: 20,
  breakerSharePercent: 3,
  breakerTimes: 4,
  breakerAnywayPercent: 20,
  archive: "",
  evidenceSigner: "",
  timeStampUrl: "",
  citizenHost: "127.0.0.1",
  citizenPort: "next",
  citizenOrigin: "",
  citizenProxies: "",
  consoleOrigin: "",
  consoleProxies: "",
  oidcIssuer: "",
  oidcClientId: "kadun",
  oidcClientSecretFile: "",
  oidcClaim: "sub",
  demoUser: "off",
  bureauUrl: "",
  bureauSecretFile: "",
  logLevel: "info",
};

interface Row {
  readonly name: keyof EmbeddedSettings;
  readonly option: string;
  readonly variable: string;
  /** Other than each other, one of them other than the default. */
  readonly given: string;
  readonly set: string;
}

const ROWS: readonly Row[] = [
  { name: "data", option: "data", variable: "KADUN_DATA", given: "/srv/a", set: "/srv/b" },
  { name: "host", option: "host", variable: "KADUN_HOST", given: "0.0.0.0", set: "::1" },
  { name: "port", option: "port", variable: "KADUN_PORT", given: "0", set: "65535" },
  { name: "officePort", option: "office-port", variable: "KADUN_OFFICE_PORT", given: "1", set: "9000" },
  { name: "partitions", option: "partitions", variable: "KADUN_PARTITIONS", given: "64", set: "2" },
  {
    name: "answerTimeLimitMs",
    option: "answer-limit-ms",
    variable: "KADUN_ANSWER_LIMIT_MS",
    given: "1",
    set: "60000",
  },
  {
    name: "smsStaleHours",
    option: "sms-stale-hours",
    variable: "KADUN_SMS_STALE_HOURS",
    given: "0",
    set: "8760",
  },
  {
    name: "citizenHost",
    option: "citizen-host",
    variable: "KADUN_CITIZEN_HOST",
    given: "0.0.0.0",
    set: "::1",
  },
  {
    name: "citizenPort",
    option: "citizen-port",
    variable: "KADUN_CITIZEN_PORT",
    given: "off",
    set: "8443",
  },
  {
    name: "citizenOrigin",
    option: "citizen-origin",
    variable: "KADUN_CITIZEN_ORIGIN",
    given: "https://a.example",
    set: "https://b.example:8443",
  },
  {
    name: "citizenProxies",
    option: "citizen-proxies",
    variable: "KADUN_CITIZEN_PROXIES",
    given: "10.0.0.1",
    set: "10.0.0.0/8,fd00::/8",
  },
  {
    name: "consoleOrigin",
    option: "console-origin",
    variable: "KADUN_CONSOLE_ORIGIN",
    given: "https://a.example",
    set: "http://b.example:8081",
  },
  {
    name: "consoleProxies",
    option: "console-proxies",
    variable: "KADUN_CONSOLE_PROXIES",
    given: "10.0.0.1",
    set: "10.0.0.0/8",
  },
  {
    name: "oidcIssuer",
    option: "oidc-issuer",
    variable: "KADUN_OIDC_ISSUER",
    given: "https://id.example/realms/a",
    set: "http://127.0.0.1:9000",
  },
  {
    name: "oidcClientId",
    option: "oidc-client-id",
    variable: "KADUN_OIDC_CLIENT_ID",
    given: "a",
    set: "b",
  },
  {
    name: "oidcClientSecretFile",
    option: "oidc-client-secret-file",
    variable: "KADUN_OIDC_CLIENT_SECRET_FILE",
    given: "/run/a",
    set: "/run/b",
  },
  { name: "oidcClaim", option: "oidc-claim", variable: "KADUN_OIDC_CLAIM", given: "a", set: "b" },
  { name: "demoUser", option: "demo-user", variable: "KADUN_DEMO_USER", given: "off", set: "on" },
  {
    name: "smsGateway",
    option: "sms-gateway",
    variable: "KADUN_SMS_GATEWAY",
    given: "aliyun",
    set: "tencent",
  },
  {
    name: "smsProviderFile",
    option: "sms-provider-file",
    variable: "KADUN_SMS_PROVIDER_FILE",
    given: "/etc/a.json",
    set: "/etc/b.json",
  },
  {
    name: "smsKeyFile",
    option: "sms-key-file",
    variable: "KADUN_SMS_KEY_FILE",
    given: "/run/a.json",
    set: "/run/b.json",
  },
  {
    name: "smsEndpoint",
    option: "sms-endpoint",
    variable: "KADUN_SMS_ENDPOINT",
    given: "https://sms.example.cn",
    set: "http://127.0.0.1:9000",
  },
  {
    name: "personsMemoryMb",
    option: "persons-memory-mb",
    variable: "KADUN_PERSONS_MEMORY_MB",
    given: "1",
    set: "1048576",
  },
  { name: "breaker", option: "breaker", variable: "KADUN_BREAKER", given: "off", set: "on" },
  breakerRow("breakerSwipesMin", "swipes-min", "1", "1000000"),
  breakerRow("breakerStopsMin", "stops-min", "1", "1000000"),
  breakerRow("breakerSharePercent", "share-percent", "0", "100"),
  breakerRow("breakerTimes", "times", "1", "1000"),
  breakerRow("breakerAnywayPercent", "anyway-percent", "1", "100"),
  { name: "archive", option: "archive", variable: "KADUN_ARCHIVE", given: "/backup/a", set: "/backup/b" },
  {
    name: "evidenceSigner",
    option: "evidence-signer",
    variable: "KADUN_EVIDENCE_SIGNER",
    given: "/opt/hsm sign",
    set: "/opt/kms",
  },
  {
    name: "timeStampUrl",
    option: "time-stamp-url",
    variable: "KADUN_TIME_STAMP_URL",
    given: "http://tsa.example",
    set: "http://other.example",
  },
  {
    name: "bureauUrl",
    option: "bureau-url",
    variable: "KADUN_BUREAU_URL",
    given: "https://bureau.example/losses",
    set: "https://other.example/losses",
  },
  {
    name: "bureauSecretFile",
    option: "bureau-secret-file",
    variable: "KADUN_BUREAU_SECRET_FILE",
    given: "/etc/kadun/bureau.key",
    set: "/etc/kadun/other.key",
  },
  { name: "logLevel", option: "log-level", variable: "KADUN_LOG_LEVEL", given: "debug", set: "warn" },
];

function breakerRow(name: Row["name"], what: string, given: string, set: string): Row {
  const variable = `KADUN_BREAKER_${what.replace("-", "_").toUpperCase()}`;
  return { name, option: `breaker-${what}`, variable, given, set };
}

function typed(name: keyof EmbeddedSettings, text: string): string | number {
  return typeof DEFAULTS[name] === "number" ? Number(text) : text;
}

function messageOf(options: Record<string, string>, environment: Record<string, string> = {}): string {
  try {
    embeddedSettings(options, environment);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("was taken");
}

test("nothing given and nothing set are the defaults; there is a row here for every setting", () => {
  expect(embeddedSettings({}, {})).toEqual(DEFAULTS);
  expect(ROWS.map(({ name }) => name).toSorted()).toEqual(Object.keys(DEFAULTS).toSorted());
  expect(Object.keys(EMBEDDED_OPTIONS).toSorted()).toEqual(ROWS.map(({ option }) => option).toSorted());
});

test.each(ROWS)(
  "--$option goes before $variable, that before the default; empty is unset",
  ({ name, option, variable, given, set }) => {
    const settings = (options: Record<string, string>, environment: Record<string, string>) =>
      embeddedSettings(options, environment)[name];
    expect(settings({ [option]: given }, { [variable]: set })).toBe(typed(name, given));
    expect(settings({ [option]: "" }, { [variable]: set })).toBe(typed(name, set));
    expect(settings({}, { [variable]: set })).toBe(typed(name, set));
    expect(settings({}, { [variable]: "" })).toBe(DEFAULTS[name]);
    expect(settings({ [option]: "" }, { [variable]: "" })).toBe(DEFAULTS[name]);
  },
);

test.each([
  ["port", "KADUN_PORT", "65536", "a whole number from 0 to 65535"],
  ["port", "KADUN_PORT", "-1", "a whole number from 0 to 65535"],
  ["port", "KADUN_PORT", "0x50", "a whole number from 0 to 65535"],
  ["port", "KADUN_PORT", " 80", "a whole number from 0 to 65535"],
  ["office-port", "KADUN_OFFICE_PORT", "http", "a whole number from 0 to 65535"],
  ["partitions", "KADUN_PARTITIONS", "0", "a whole number from 1 to 64"],
  ["sms-gateway", "KADUN_SMS_GATEWAY", "pigeon", "one of outbox, aliyun, tencent"],
  [
    "sms-endpoint",
    "KADUN_SMS_ENDPOINT",
    "http://sms.example.cn",
    "https://host[:port], or http:// and this machine itself",
  ],
  ["partitions", "KADUN_PARTITIONS", "65", "a whole number from 1 to 64"],
  ["answer-limit-ms", "KADUN_ANSWER_LIMIT_MS", "0", "a whole number from 1 to 60000"],
  ["answer-limit-ms", "KADUN_ANSWER_LIMIT_MS", "1.5", "a whole number from 1 to 60000"],
  ["sms-stale-hours", "KADUN_SMS_STALE_HOURS", "1e3", "a whole number from 0 to 8760"],
  ["log-level", "KADUN_LOG_LEVEL", "loud", "one of "],
  ["citizen-port", "KADUN_CITIZEN_PORT", "none", "a port from 0 to 65535"],
  ["citizen-origin", "KADUN_CITIZEN_ORIGIN", "http://yb.example.cn", "https://host[:port] without a path"],
  ["citizen-origin", "KADUN_CITIZEN_ORIGIN", "https://yb.example.cn/x", "https://host[:port] without a path"],
  ["console-origin", "KADUN_CONSOLE_ORIGIN", "https://k.example/x", "https://host[:port] or http://host"],
  ["console-origin", "KADUN_CONSOLE_ORIGIN", "k.example", "https://host[:port] or http://host"],
  ["oidc-issuer", "KADUN_OIDC_ISSUER", "http://id.example", "https://"],
  ["citizen-proxies", "KADUN_CITIZEN_PROXIES", "10.0.0.0/33", "addresses or networks"],
  ["citizen-proxies", "KADUN_CITIZEN_PROXIES", "proxy.example", "addresses or networks"],
  ["breaker-share-percent", "KADUN_BREAKER_SHARE_PERCENT", "101", "a whole number from 0 to 100"],
  ["breaker-swipes-min", "KADUN_BREAKER_SWIPES_MIN", "0", "a whole number from 1 to 1000000"],
])("--%s (%s) '%s' is refused: option, variable, input and expectation are named", (...row) => {
  const [option, variable, input, expectation] = row;
  for (const message of [messageOf({ [option]: input }), messageOf({}, { [variable]: input })]) {
    expect(message).toContain(`--${option}`);
    expect(message).toContain(variable);
    expect(message).toContain(`'${input}'`);
    expect(message).toContain(`expected ${expectation}`);
  }
});

test("the help names every option with its variable and its default", () => {
  const lines = settingsHelp().split("\n");
  for (const { name, option, variable } of ROWS)
    expect(lines.find((line) => line.startsWith(`--${option} `))).toMatch(
      new RegExp(`\\(${variable}; ${DEFAULTS[name]}\\)$`),
    );
});

test("a child process that is given the arguments has the same settings, whatever is set", () => {
  const settings = embeddedSettings(Object.fromEntries(ROWS.map(({ option, given }) => [option, given])), {});
  const { values } = parseArgs({ args: argumentsOf(settings), options: EMBEDDED_OPTIONS });
  const environment = Object.fromEntries(ROWS.map(({ variable, set }) => [variable, set]));
  expect(embeddedSettings(values, environment)).toEqual(settings);
});

test.each(["0.0.0.0", "10.1.2.3", "::", "demo.example"])(
  "the demonstration's user is refused where the host is %s: who is not on this machine could use it",
  (host) => {
    const message = messageOf({ host, "demo-user": "on" });
    for (const part of ["KADUN_DEMO_USER", host, "expected 127.0.0.1"]) expect(message).toContain(part);
    expect(messageOf({ host }, { KADUN_DEMO_USER: "on" })).toBe(message);
  },
);

test.each(["127.0.0.1", "::1", "localhost"])("the demonstration's user is there at %s", (host) => {
  expect(embeddedSettings({ host, "demo-user": "on" }, {}).demoUser).toBe("on");
});
