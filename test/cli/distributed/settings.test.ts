import { expect, test } from "@jest/globals";
import { optionsOf, settingsFrom, settingsHelp } from "../../../cli/distributed/read-settings.js";
import {
  ALERTS_SETTINGS,
  ANALYTICS_SETTINGS,
  CONSOLE_SETTINGS,
  DETECTOR_SETTINGS,
  INGEST_SETTINGS,
  SETTING_GROUPS,
  SETUP_SETTINGS,
} from "../../../cli/distributed/settings.js";
import { UsageError } from "../../../cli/exit-status.js";
import { listSettings, type SettingsTable } from "../../../platform/config/settings.js";
import { envExample } from "../../../tools/env-example.js";

interface Row {
  readonly role: string;
  readonly table: SettingsTable;
  /** Everything that has to be set, with a value that is taken. */
  readonly required: Readonly<Record<string, string>>;
}

const KAFKA = { KADUN_KAFKA_BROKERS: "kafka-1:9092" };
const POSTGRES = { KADUN_POSTGRES_URL: "postgres://kadun:pass@postgres/kadun" };
const VAULT = { KADUN_VAULT_KEY_FILE: "/keys/vault.key" };
const GATEWAY = { KADUN_LINKAGE_KEY_FILE: "/keys/linkage.key", KADUN_LOCAL_KEY_FILE: "/keys/local.key" };

const ROWS: readonly Row[] = [
  { role: "ingest", table: INGEST_SETTINGS, required: { ...KAFKA, ...POSTGRES, ...VAULT, ...GATEWAY } },
  {
    role: "detector",
    table: DETECTOR_SETTINGS,
    required: { ...KAFKA, KADUN_REDIS_URL: "redis://redis:6379/0", ...POSTGRES },
  },
  { role: "alerts", table: ALERTS_SETTINGS, required: { ...KAFKA, ...POSTGRES, ...VAULT } },
  {
    role: "analytics",
    table: ANALYTICS_SETTINGS,
    required: { ...KAFKA, KADUN_CLICKHOUSE_URL: "http://clickhouse:8123" },
  },
  {
    role: "console",
    table: CONSOLE_SETTINGS,
    required: {
      ...KAFKA,
      ...POSTGRES,
      KADUN_INGEST_URL: "http://ingest:8080",
      KADUN_VAULT_KEY_FILE: "/keys/vault.key",
      KADUN_LOCAL_KEY_FILE: "/keys/local.key",
    },
  },
  {
    role: "topics create",
    table: SETUP_SETTINGS,
    required: { ...KAFKA, ...POSTGRES, ...VAULT, ...GATEWAY },
  },
];

function problemsOf(table: SettingsTable, environment: Record<string, string>): string[] {
  try {
    settingsFrom(table, {}, environment);
  } catch (error) {
    if (error instanceof UsageError) return error.message.split("\n");
    throw error;
  }
  return [];
}

test.each(ROWS)("$role names everything that is missing at once, a line each", ({ table, required }) => {
  const problems = problemsOf(table, {});
  expect(problems.map((line) => /^(KADUN_\w+): not set; set \1: \S/.exec(line)?.[1])).toEqual(
    Object.keys(required),
  );
  expect(problemsOf(table, required)).toEqual([]);
});

test.each(ROWS)("$role takes an empty string for unset", ({ table, required }) => {
  for (const variable of Object.keys(required))
    expect(problemsOf(table, { ...required, [variable]: "" })).toEqual([
      expect.stringMatching(new RegExp(`^${variable}: not set; `)),
    ]);
});

test.each([
  ["KADUN_KAFKA_BROKERS", "kafka-1", "addresses as host:port"],
  ["KADUN_KAFKA_BROKERS", "kafka-1:9092,", "addresses as host:port"],
  ["KADUN_KAFKA_BROKERS", "kafka-1:0", "addresses as host:port"],
  ["KADUN_KAFKA_BROKERS", "kafka-1:99999", "addresses as host:port"],
  ["KADUN_KAFKA_BROKERS", "http://kafka-1:9092", "addresses as host:port"],
  ["KADUN_KAFKA_TLS", "true", "on or off"],
  ["KADUN_KAFKA_SASL", "gssapi", "one of none, plain, scram-sha-256, scram-sha-512, oauthbearer"],
  ["KADUN_KAFKA_COMPRESSION", "brotli", "one of none, gzip, snappy, lz4, zstd"],
  ["KADUN_SESSION_TIMEOUT_MS", "999", "a whole number from 1000 to 300000"],
  ["KADUN_SESSION_TIMEOUT_MS", "10s", "a whole number from 1000 to 300000"],
  ["KADUN_KAFKA_FETCH_PAUSE_MS", "1001", "a whole number from 0 to 1000"],
  ["KADUN_PORT", "65536", "a whole number from 0 to 65535"],
  ["KADUN_LOG_LEVEL", "verbose", "one of debug, info, warn, error"],
  ["KADUN_ANSWER_LIMIT_MS", "0", "a whole number from 1 to 60000"],
  ["KADUN_RAW_TOPICS", "yes", "on or off"],
])("%s '%s' is refused: variable, input and expectation are named", (variable, input, expectation) => {
  const [row] = ROWS;
  const [problem, ...others] = problemsOf(row!.table, { ...row!.required, [variable]: input });
  expect(others).toEqual([]);
  expect(problem).toContain(variable);
  expect(problem).toContain(`'${input}', expected ${expectation}`);
  expect(problem).toContain(`set ${variable}`);
});

test("brokers are taken with spaces around the commas, names, IPv4 and IPv6 addresses", () => {
  const brokers = "kafka-1:9092, 10.0.0.2:9093 ,[::1]:65535";
  const settings = settingsFrom(
    ANALYTICS_SETTINGS,
    {},
    { ...ROWS[3]!.required, KADUN_KAFKA_BROKERS: brokers },
  );
  expect(settings.kafkaBrokers).toEqual(["kafka-1:9092", "10.0.0.2:9093", "[::1]:65535"]);
});

test.each([
  ["KADUN_REDIS_URL", "http://:s3cret@redis", "an address that begins with redis:// or rediss://"],
  ["KADUN_POSTGRES_URL", "kadun:s3cret@postgres", "an address that begins with postgres:// or postgresql://"],
])("%s may hold a password: what is wrong is said without it", (variable, input, expectation) => {
  const { table, required } = ROWS[1]!;
  const [problem, ...others] = problemsOf(table, { ...required, [variable]: input });
  expect(others).toEqual([]);
  expect(problem).toBe(`${variable}: (set, not shown), expected ${expectation}; set ${variable}`);
});

test("only where a process listens may be given as an option: others see options", () => {
  for (const { table } of ROWS)
    expect(Object.keys(optionsOf(table)).filter((name) => !["host", "port"].includes(name))).toEqual([]);
  const { required } = ROWS[3]!;
  const settings = settingsFrom(ANALYTICS_SETTINGS, { port: "0" }, { ...required, KADUN_PORT: "9000" });
  expect(settings.port).toBe(0);
});

test.each(ROWS)("the help of $role names every setting with its default, or that it is required", (row) => {
  const lines = settingsHelp(row.table).split("\n");
  for (const { variable, fallback } of listSettings(row.table)) {
    const line = lines.find((each) => each.startsWith(`${variable} `));
    expect(line).toMatch(/\)$/);
    expect(line).toContain(fallback === null ? "(required)" : fallback === "" ? "(none)" : `(${fallback})`);
  }
});

/** Name → value where it is set, null where it is commented out. */
function exampleVariables(): Map<string, string | null> {
  const lines = envExample().split("\n");
  const found = lines.flatMap((line) => {
    const match = /^(#?)(KADUN_\w+)=(.*)$/.exec(line);
    return match === null ? [] : [[match[2]!, match[1] === "#" ? null : match[3]!] as const];
  });
  return new Map(found);
}

test("the example of an environment has every setting of every role, once", () => {
  const named = envExample()
    .match(/^#?KADUN_\w+(?==)/gm)!
    .map((name) => name.replace("#", ""));
  expect(new Set(named).size).toBe(named.length);
  const ofRoles = ROWS.flatMap(({ table }) => listSettings(table).map(({ variable }) => variable));
  expect(named.toSorted()).toEqual([...new Set(ofRoles)].toSorted());
});

test("in the example exactly what is required waits for a value, the rest is commented out with its default", () => {
  const variables = exampleVariables();
  const required = new Set(ROWS.flatMap((row) => Object.keys(row.required)));
  for (const [name, value] of variables)
    expect([name, value]).toEqual([name, required.has(name) ? "" : null]);
  for (const { table } of SETTING_GROUPS)
    for (const { variable, fallback } of listSettings(table))
      if (fallback !== null) expect(envExample()).toContain(`\n#${variable}=${fallback}\n`);
});

test("what is uncommented in the example, filled in, starts every role; nothing more is needed", () => {
  const filled = Object.assign({}, ...ROWS.map(({ required }) => required)) as Record<string, string>;
  const asExample = Object.fromEntries(
    [...exampleVariables()].flatMap(([name, value]) => (value === null ? [] : [[name, filled[name]!]])),
  );
  for (const { table } of ROWS) expect(problemsOf(table, asExample)).toEqual([]);
});

test("the example marks the settings that are secret", () => {
  const lines = envExample().split("\n");
  const marked = lines.flatMap((line, i) =>
    line.endsWith(" Secret.") ? [lines[i + 1]!.split("=")[0]!] : [],
  );
  expect(marked.toSorted()).toEqual(["KADUN_POSTGRES_URL", "KADUN_REDIS_URL"]);
});
