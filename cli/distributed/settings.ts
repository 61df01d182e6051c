/**
 * Settings of the processes of a distributed Kadun: environment, else default. One table for each part; a role has the
 * tables of what it stands on. `deploy/env.example` is written from them.
 */

import { dirname, join } from "node:path";
import { anyText, oneOf, wholeNumber } from "../../platform/config/setting-kinds.js";
import type { SettingKind, SettingsOf, SettingsTable } from "../../platform/config/settings.js";
import { LOG_LEVELS } from "../../platform/logger/pino/pino-logger.js";
import { ANSWER_TIME_LIMIT_MS } from "../../services/ingest/answers.js";
import { ACCESS_SETTINGS } from "../process/access-settings.js";
import { BREAKER_SETTINGS } from "../process/breaker-settings.js";
import { BUREAU_SETTINGS } from "../process/bureau-settings.js";
import { CITIZEN_SETTINGS } from "../process/citizen-settings.js";
import { SIGNING_SETTINGS } from "../process/evidence-settings.js";
import { PERSON_SETTINGS } from "../process/person-settings.js";
import { SMS_GATEWAY_SETTINGS } from "../process/sms-settings.js";

const PORT_MAX = 65_535;
const ANSWER_LIMIT_MS_MAX = 60_000;
const FETCH_PAUSE_MS_MAX = 1_000;
const STALE_HOURS_MAX = 24 * 365;
/** Members of a group that are silent for longer lose their partitions. */
const SESSION_MS_DEFAULT = 10_000;
const SESSION_MS_MIN = 1_000;
const SESSION_MS_MAX = 300_000;

const NONE = "";

/** Empty for none. */
const optionalText = (expected: string): SettingKind<string> => anyText(`${expected}, or nothing`);

/** Comma-separated, at least one. */
const addresses: SettingKind<readonly string[]> = {
  expected: "addresses as host:port, separated by commas",
  parse: (text) => {
    const parts = text.split(",").map((part) => part.trim());
    return parts.every(isHostAndPort) ? parts : undefined;
  },
};

/** A name or address without a scheme; IPv6 in brackets. */
function isHostAndPort(text: string): boolean {
  const port = Number(/^(?:\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(text)?.[1]);
  return port > 0 && port <= PORT_MAX;
}

/** An address with one of the schemes; what is in it is the client's to understand. */
const url = (...schemes: readonly string[]): SettingKind<string> => ({
  expected: `an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
  parse: (text) =>
    URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)) ? text : undefined,
});

/** Empty for none. */
const optionalUrl = (...schemes: readonly string[]): SettingKind<string> => {
  const { expected, parse } = url(...schemes);
  return { expected: `${expected}, or nothing`, parse: (text) => (text === NONE ? NONE : parse(text)) };
};

const onOrOff: SettingKind<boolean> = {
  expected: "on or off",
  parse: (text) => (text === "on" ? true : text === "off" ? false : undefined),
};

const variable = (name: string) => ({ option: null, variable: `KADUN_${name}` });

/** Every process. */
export const PROCESS_SETTINGS = {
  host: {
    option: "host",
    variable: "KADUN_HOST",
    fallback: "127.0.0.1",
    help: "address to listen on; 0.0.0.0 in a container",
    kind: anyText("an address of this machine"),
  },
  port: {
    option: "port",
    variable: "KADUN_PORT",
    fallback: "8080",
    help: "port to listen on: gateway, /livez, /readyz, /metrics; 0 for a free one",
    kind: wholeNumber(0, PORT_MAX),
  },
  logLevel: {
    ...variable("LOG_LEVEL"),
    fallback: "info",
    help: `how much is logged: ${LOG_LEVELS.join(", ")}`,
    kind: oneOf(LOG_LEVELS),
  },
} as const satisfies SettingsTable;

/** The event log: every role. */
export const KAFKA_SETTINGS = {
  kafkaBrokers: {
    ...variable("KAFKA_BROKERS"),
    fallback: null,
    help: "brokers of the Kafka cluster, such as kafka-1:9092,kafka-2:9092",
    kind: addresses,
  },
  kafkaTls: {
    ...variable("KAFKA_TLS"),
    fallback: "off",
    help: "TLS to the brokers",
    kind: onOrOff,
  },
  kafkaCaFile: {
    ...variable("KAFKA_CA_FILE"),
    fallback: NONE,
    help: "PEM file of the authorities to trust; nothing for those of Node",
    kind: optionalText("a file"),
  },
  kafkaCertificateFile: {
    ...variable("KAFKA_CERTIFICATE_FILE"),
    fallback: NONE,
    help: "PEM file of this client's certificate, where the brokers ask for one",
    kind: optionalText("a file"),
  },
  kafkaKeyFile: {
    ...variable("KAFKA_KEY_FILE"),
    fallback: NONE,
    help: "PEM file of that certificate's key",
    kind: optionalText("a file"),
  },
  kafkaSasl: {
    ...variable("KAFKA_SASL"),
    fallback: "none",
    help: "how to log in at the brokers",
    kind: oneOf(["none", "plain", "scram-sha-256", "scram-sha-512", "oauthbearer"]),
  },
  kafkaUsername: {
    ...variable("KAFKA_USERNAME"),
    fallback: NONE,
    help: "user name (plain, scram) or client id (oauthbearer)",
    kind: optionalText("a name"),
  },
  kafkaPasswordFile: {
    ...variable("KAFKA_PASSWORD_FILE"),
    fallback: NONE,
    help: "file with the password (plain, scram) or client secret (oauthbearer)",
    kind: optionalText("a file"),
  },
  kafkaTokenUrl: {
    ...variable("KAFKA_TOKEN_URL"),
    fallback: NONE,
    help: "where oauthbearer gets its tokens (client credentials)",
    kind: optionalText("an address"),
  },
  kafkaCompression: {
    ...variable("KAFKA_COMPRESSION"),
    fallback: "none",
    help: "compression of what Kadun writes; all are read",
    kind: oneOf(["none", "gzip", "snappy", "lz4", "zstd"]),
  },
  sessionTimeoutMs: {
    ...variable("SESSION_TIMEOUT_MS"),
    fallback: String(SESSION_MS_DEFAULT),
    help: "a process that is silent for longer loses its partitions to the others",
    kind: wholeNumber(SESSION_MS_MIN, SESSION_MS_MAX),
  },
} as const satisfies SettingsTable;

/** Of those whose records swipes wait for. */
export const LIVE_SETTINGS = {
  fetchPauseMs: {
    ...variable("KAFKA_FETCH_PAUSE_MS"),
    fallback: "5",
    help: "milliseconds between two fetches at most, where swipes come steadily: fewer and larger requests. With 0 answers come sooner and cost more",
    kind: wholeNumber(0, FETCH_PAUSE_MS_MAX),
  },
} as const satisfies SettingsTable;

/** Checkpoints of persons: the detector. */
export const REDIS_SETTINGS = {
  redisUrl: {
    ...variable("REDIS_URL"),
    fallback: null,
    help: "the Redis server, such as redis://:password@redis:6379/0",
    isSecret: true,
    kind: url("redis", "rediss"),
  },
} as const satisfies SettingsTable;

/** Registers, contacts, bundles, alerts, cases, SMS. */
export const POSTGRES_SETTINGS = {
  postgresUrl: {
    ...variable("POSTGRES_URL"),
    fallback: null,
    help: "the PostgreSQL database, such as postgres://kadun:password@postgres:5432/kadun",
    isSecret: true,
    kind: url("postgres", "postgresql"),
  },
} as const satisfies SettingsTable;

/** Rows for analysts. */
export const CLICKHOUSE_SETTINGS = {
  clickhouseUrl: {
    ...variable("CLICKHOUSE_URL"),
    fallback: null,
    help: "the ClickHouse server's HTTP address, such as http://clickhouse:8123, or with TLS https://clickhouse:8443",
    kind: url("http", "https"),
  },
  clickhouseUser: {
    ...variable("CLICKHOUSE_USER"),
    fallback: "default",
    help: "its user",
    kind: anyText("a name"),
  },
  clickhousePasswordFile: {
    ...variable("CLICKHOUSE_PASSWORD_FILE"),
    fallback: NONE,
    help: "file with that user's password",
    kind: optionalText("a file"),
  },
  clickhouseCaFile: {
    ...variable("CLICKHOUSE_CA_FILE"),
    fallback: NONE,
    help: "PEM file of the authorities to trust with https; nothing for those of Node",
    kind: optionalText("a file"),
  },
  clickhouseCertificateFile: {
    ...variable("CLICKHOUSE_CERTIFICATE_FILE"),
    fallback: NONE,
    help: "PEM file of the user's certificate, which stands for its password",
    kind: optionalText("a file"),
  },
  clickhouseKeyFile: {
    ...variable("CLICKHOUSE_KEY_FILE"),
    fallback: NONE,
    help: "PEM file of that certificate's key",
    kind: optionalText("a file"),
  },
  clickhouseDatabase: {
    ...variable("CLICKHOUSE_DATABASE"),
    fallback: "kadun",
    help: "the database of Kadun's tables",
    kind: anyText("a name"),
  },
} as const satisfies SettingsTable;

/** Patrols: files of this installation. */
export const PATROL_FILE_SETTINGS = {
  patrolsFile: {
    ...variable("PATROLS_FILE"),
    fallback: NONE,
    help: "file with what this installation changes of rulesets/patrols.json",
    kind: optionalText("a file"),
  },
  decoysFile: {
    ...variable("DECOYS_FILE"),
    fallback: "decoys.txt",
    help: "file with the keys of decoy cards; 'kadun decoys' makes it, it need not be there",
    kind: anyText("a file"),
  },
} as const satisfies SettingsTable;

/** Patrols, which need ClickHouse: where none is named there are none. */
export const PATROL_SETTINGS = {
  ...CLICKHOUSE_SETTINGS,
  clickhouseUrl: {
    ...CLICKHOUSE_SETTINGS.clickhouseUrl,
    fallback: NONE,
    help: `${CLICKHOUSE_SETTINGS.clickhouseUrl.help}; without it no patrols run`,
    kind: optionalUrl("http", "https"),
  },
  ...PATROL_FILE_SETTINGS,
} as const satisfies SettingsTable;

/** The key that seals contacts and dead letters. */
export const VAULT_SETTINGS = {
  vaultKeyFile: {
    ...variable("VAULT_KEY_FILE"),
    fallback: null,
    help: "file with the key that seals contacts and dead letters (64 hexadecimal digits); 'kadun topics create' makes it",
    kind: anyText("a file"),
  },
} as const satisfies SettingsTable;

/** The gateway. */
export const GATEWAY_SETTINGS = {
  linkageKeyFile: {
    ...variable("LINKAGE_KEY_FILE"),
    fallback: null,
    help: "file with the key that makes tokens of identities; never changed. 'kadun topics create' makes it",
    kind: anyText("a file"),
  },
  localKeyFile: {
    ...variable("LOCAL_KEY_FILE"),
    fallback: null,
    help: "file with the API key of the commands; the same for all gateways; 'kadun topics create' makes it",
    kind: anyText("a file"),
  },
  answerTimeLimitMs: {
    ...variable("ANSWER_LIMIT_MS"),
    fallback: String(ANSWER_TIME_LIMIT_MS),
    help: "after so long a waiting call gets a stand-in answer",
    kind: wholeNumber(1, ANSWER_LIMIT_MS_MAX),
  },
  rawTopics: {
    ...variable("RAW_TOPICS"),
    fallback: "on",
    help: "take records in from the raw topics of Kafka, too",
    kind: onOrOff,
  },
} as const satisfies SettingsTable;

/** The way of the console's activations into the journal. */
export const CONSOLE_INGEST_SETTINGS = {
  ingestUrl: {
    ...variable("INGEST_URL"),
    fallback: null,
    help: "the address of a gateway (or of a balancer before several), such as http://ingest:8080",
    kind: url("http"),
  },
  breaker: { ...BREAKER_SETTINGS.breaker, option: null },
  breakerSwipesMin: { ...BREAKER_SETTINGS.breakerSwipesMin, option: null },
  breakerStopsMin: { ...BREAKER_SETTINGS.breakerStopsMin, option: null },
  breakerSharePercent: { ...BREAKER_SETTINGS.breakerSharePercent, option: null },
  breakerTimes: { ...BREAKER_SETTINGS.breakerTimes, option: null },
  breakerAnywayPercent: { ...BREAKER_SETTINGS.breakerAnywayPercent, option: null },
  archive: {
    ...variable("ARCHIVE"),
    fallback: "",
    help: "folder of the archive by which the journal was trimmed: the guard's backtests read it",
    kind: anyText("a folder"),
  },
} as const satisfies SettingsTable;

/** Evidence: of all consoles of an installation the same files. */
export const EVIDENCE_SETTINGS = {
  proofsFolder: {
    ...variable("PROOFS"),
    fallback: "proofs",
    help: "folder of day proofs: lines to be published, and who was seen (nobody else's)",
    kind: anyText("a folder"),
  },
  packagesFolder: {
    ...variable("PACKAGES"),
    fallback: "packages",
    help: "folder in which evidence packages are made and the last ones lie (nobody else's)",
    kind: anyText("a folder"),
  },
  evidenceKeysFile: {
    ...variable("EVIDENCE_KEYS_FILE"),
    fallback: "evidence-keys.json",
    help: "file with the keys that sign evidence; made where there is none, the same for all consoles. With KADUN_EVIDENCE_SIGNER: the public keys of the module",
    kind: anyText("a file"),
  },
  evidenceSigner: { ...SIGNING_SETTINGS.evidenceSigner, option: null },
  timeStampUrl: { ...SIGNING_SETTINGS.timeStampUrl, option: null },
} as const satisfies SettingsTable;

/** The cardholder's pages. */
const CITIZEN_PAGE_SETTINGS = {
  citizenHost: { ...CITIZEN_SETTINGS.citizenHost, option: null },
  citizenPort: { ...CITIZEN_SETTINGS.citizenPort, option: null },
  citizenOrigin: { ...CITIZEN_SETTINGS.citizenOrigin, option: null },
  citizenProxies: { ...CITIZEN_SETTINGS.citizenProxies, option: null },
} as const satisfies SettingsTable;

/** Signing in at the console. */
const CONSOLE_ACCESS_SETTINGS = {
  consoleOrigin: { ...ACCESS_SETTINGS.consoleOrigin, option: null },
  consoleProxies: { ...ACCESS_SETTINGS.consoleProxies, option: null },
  oidcIssuer: { ...ACCESS_SETTINGS.oidcIssuer, option: null },
  oidcClientId: { ...ACCESS_SETTINGS.oidcClientId, option: null },
  oidcClientSecretFile: { ...ACCESS_SETTINGS.oidcClientSecretFile, option: null },
  oidcClaim: { ...ACCESS_SETTINGS.oidcClaim, option: null },
} as const satisfies SettingsTable;

/** SMS. */
export const SMS_SETTINGS = {
  smsGateway: { ...SMS_GATEWAY_SETTINGS.smsGateway, option: null },
  smsProviderFile: { ...SMS_GATEWAY_SETTINGS.smsProviderFile, option: null },
  smsKeyFile: { ...SMS_GATEWAY_SETTINGS.smsKeyFile, option: null },
  smsEndpoint: { ...SMS_GATEWAY_SETTINGS.smsEndpoint, option: null },
  smsOutbox: {
    ...variable("SMS_OUTBOX"),
    fallback: "sms/outbox.ndjson",
    help: "file that SMS are written to, phone numbers masked",
    kind: anyText("a file"),
  },
  smsStaleHours: {
    ...variable("SMS_STALE_HOURS"),
    fallback: "24",
    help: "older news is not sent by SMS; 0 sends everything",
    kind: wholeNumber(0, STALE_HOURS_MAX),
  },
} as const satisfies SettingsTable;

/** Cardholders' reports of loss. */
export const BUREAU_CHANNEL_SETTINGS = {
  bureauUrl: { ...BUREAU_SETTINGS.bureauUrl, option: null },
  bureauSecretFile: { ...BUREAU_SETTINGS.bureauSecretFile, option: null },
  bureauOutbox: {
    ...variable("BUREAU_OUTBOX"),
    fallback: NONE,
    help: "file that they are written to where there is no address; nothing for bureau.ndjson beside the SMS",
    kind: optionalText("a file"),
  },
} as const satisfies SettingsTable;

export function bureauOutboxOf(
  settings: Pick<SettingsOf<typeof ALERTS_SETTINGS>, "bureauOutbox" | "smsOutbox">,
): string {
  return settings.bureauOutbox === NONE
    ? join(dirname(settings.smsOutbox), "bureau.ndjson")
    : settings.bureauOutbox;
}

const BASE = { ...PROCESS_SETTINGS, ...KAFKA_SETTINGS } as const;

export const INGEST_SETTINGS = {
  ...BASE,
  ...LIVE_SETTINGS,
  ...POSTGRES_SETTINGS,
  ...VAULT_SETTINGS,
  ...GATEWAY_SETTINGS,
} as const;
export const DETECTOR_PERSON_SETTINGS = {
  personsMemoryMb: { ...PERSON_SETTINGS.personsMemoryMb, option: null },
} as const satisfies SettingsTable;

export const DETECTOR_SETTINGS = {
  ...BASE,
  ...LIVE_SETTINGS,
  ...DETECTOR_PERSON_SETTINGS,
  ...REDIS_SETTINGS,
  ...POSTGRES_SETTINGS,
} as const;
export const ALERTS_SETTINGS = {
  ...BASE,
  ...POSTGRES_SETTINGS,
  ...VAULT_SETTINGS,
  ...SMS_SETTINGS,
  ...BUREAU_CHANNEL_SETTINGS,
  ...PATROL_SETTINGS,
} as const;
/** Where the console's pages read the rows of swipes. */
export const FIGURES_SETTINGS = {
  ...CLICKHOUSE_SETTINGS,
  clickhouseUrl: {
    ...CLICKHOUSE_SETTINGS.clickhouseUrl,
    fallback: NONE,
    help: `${CLICKHOUSE_SETTINGS.clickhouseUrl.help}; without it the console shows no figures and no swipes`,
    kind: optionalUrl("http", "https"),
  },
} as const;
export const ANALYTICS_SETTINGS = { ...BASE, ...CLICKHOUSE_SETTINGS } as const;
export const CONSOLE_SETTINGS = {
  ...BASE,
  ...FIGURES_SETTINGS,
  ...POSTGRES_SETTINGS,
  ...CONSOLE_INGEST_SETTINGS,
  ...EVIDENCE_SETTINGS,
  ...CITIZEN_PAGE_SETTINGS,
  ...CONSOLE_ACCESS_SETTINGS,
  ...VAULT_SETTINGS,
  localKeyFile: GATEWAY_SETTINGS.localKeyFile,
} as const;
/** For `kadun topics create`. */
export const SETUP_SETTINGS = {
  logLevel: PROCESS_SETTINGS.logLevel,
  ...KAFKA_SETTINGS,
  ...POSTGRES_SETTINGS,
  ...VAULT_SETTINGS,
  ...GATEWAY_SETTINGS,
} as const;

/** Every table with the roles that read it, for the example of an environment. */
export const SETTING_GROUPS: readonly {
  readonly title: string;
  readonly table: SettingsTable;
}[] = [
  { title: "every process", table: PROCESS_SETTINGS },
  { title: "Kafka: every process", table: KAFKA_SETTINGS },
  { title: "Kafka: ingest, detector", table: LIVE_SETTINGS },
  { title: "Redis: detector", table: REDIS_SETTINGS },
  { title: "persons in memory: detector", table: DETECTOR_PERSON_SETTINGS },
  { title: "PostgreSQL: ingest, detector (bundles), alerts, console", table: POSTGRES_SETTINGS },
  {
    title: "ClickHouse: analytics; alerts (patrols) and console (figures) where it is set",
    table: CLICKHOUSE_SETTINGS,
  },
  { title: "patrols: alerts", table: PATROL_FILE_SETTINGS },
  { title: "signing in: console", table: CONSOLE_ACCESS_SETTINGS },
  { title: "sealing: ingest, alerts, console", table: VAULT_SETTINGS },
  { title: "gateway: ingest; console (the key of the commands)", table: GATEWAY_SETTINGS },
  { title: "console", table: CONSOLE_INGEST_SETTINGS },
  { title: "evidence: console", table: EVIDENCE_SETTINGS },
  { title: "cardholder's pages: console", table: CITIZEN_PAGE_SETTINGS },
  { title: "SMS: alerts", table: SMS_SETTINGS },
  { title: "reports of loss to the bureau: alerts", table: BUREAU_CHANNEL_SETTINGS },
];
