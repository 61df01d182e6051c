/**
 * Settings of an embedded Kadun: option, else environment, else default; an empty string is unset. One table, from which
 * the help is written too.
 */

import { anyText, oneOf, wholeNumber } from "../../platform/config/setting-kinds.js";
import {
  listSettings,
  readSettings,
  SettingsError,
  type SettingsOf,
  type SettingsTable,
  type ShownSetting,
  showSettings,
} from "../../platform/config/settings.js";
import { LOG_LEVELS } from "../../platform/logger/pino/pino-logger.js";
import { isLoopbackHost } from "../../services/console/access/request-origin.js";
import { ANSWER_TIME_LIMIT_MS } from "../../services/ingest/answers.js";
import { UsageError } from "../exit-status.js";
import { ACCESS_SETTINGS } from "../process/access-settings.js";
import { BREAKER_SETTINGS } from "../process/breaker-settings.js";
import { BUREAU_SETTINGS } from "../process/bureau-settings.js";
import { CITIZEN_SETTINGS } from "../process/citizen-settings.js";
import { SIGNING_SETTINGS } from "../process/evidence-settings.js";
import { PERSON_SETTINGS } from "../process/person-settings.js";
import { SMS_GATEWAY_SETTINGS } from "../process/sms-settings.js";
import { DATA_DEFAULT } from "./data-option.js";

const PORT_MAX = 65_535;
/** As many as one process judges well; more need more processes. */
const PARTITIONS_MAX = 64;
const ANSWER_LIMIT_MS_MAX = 60_000;
const STALE_HOURS_MAX = 24 * 365;

const SETTINGS = {
  data: {
    option: "data",
    variable: "KADUN_DATA",
    fallback: DATA_DEFAULT,
    help: "data directory",
    kind: anyText("a directory"),
  },
  host: {
    option: "host",
    variable: "KADUN_HOST",
    fallback: "127.0.0.1",
    help: "address to listen on",
    kind: anyText("an address of this machine"),
  },
  port: {
    option: "port",
    variable: "KADUN_PORT",
    fallback: "8080",
    help: "port of the gateway; 0 for a free one",
    kind: wholeNumber(0, PORT_MAX),
  },
  officePort: {
    option: "office-port",
    variable: "KADUN_OFFICE_PORT",
    fallback: "8081",
    help: "port of the office; 0 for a free one",
    kind: wholeNumber(0, PORT_MAX),
  },
  partitions: {
    option: "partitions",
    variable: "KADUN_PARTITIONS",
    fallback: "1",
    help: "journal partitions; fixed when the data directory is made",
    kind: wholeNumber(1, PARTITIONS_MAX),
  },
  answerTimeLimitMs: {
    option: "answer-limit-ms",
    variable: "KADUN_ANSWER_LIMIT_MS",
    fallback: String(ANSWER_TIME_LIMIT_MS),
    help: "after so long a waiting call gets a stand-in answer",
    kind: wholeNumber(1, ANSWER_LIMIT_MS_MAX),
  },
  smsStaleHours: {
    option: "sms-stale-hours",
    variable: "KADUN_SMS_STALE_HOURS",
    fallback: "24",
    help: "older news is not sent by SMS; 0 sends everything",
    kind: wholeNumber(0, STALE_HOURS_MAX),
  },
  ...SMS_GATEWAY_SETTINGS,
  ...PERSON_SETTINGS,
  ...BREAKER_SETTINGS,
  ...SIGNING_SETTINGS,
  ...CITIZEN_SETTINGS,
  ...ACCESS_SETTINGS,
  demoUser: {
    option: "demo-user",
    variable: "KADUN_DEMO_USER",
    fallback: "off",
    help: "a user of the console who needs no password, for a demonstration on this machine: 'kadun demo' sets it",
    kind: oneOf(["off", "on"]),
  },
  ...BUREAU_SETTINGS,
  archive: {
    option: "archive",
    variable: "KADUN_ARCHIVE",
    fallback: "",
    help: "folder of the archive by which the journal was trimmed: the guard's backtests read it",
    kind: anyText("a folder"),
  },
  logLevel: {
    option: "log-level",
    variable: "KADUN_LOG_LEVEL",
    fallback: "info",
    help: LOG_LEVELS.join(", "),
    kind: oneOf(LOG_LEVELS),
  },
} as const satisfies SettingsTable;

export type EmbeddedSettings = SettingsOf<typeof SETTINGS>;

/** For `parseArgs`. */
export const EMBEDDED_OPTIONS: Readonly<Record<string, { readonly type: "string" }>> = Object.fromEntries(
  Object.values(SETTINGS).map(({ option }) => [option, { type: "string" }]),
);

/** The longest, and two spaces. */
const OPTION_WIDTH = Math.max(...Object.values(SETTINGS).map(({ option }) => option.length)) + 2;

export function settingsHelp(): string {
  return listSettings(SETTINGS)
    .map(
      ({ option, variable, fallback, help }) =>
        `--${option?.padEnd(OPTION_WIDTH)}${help} (${variable}; ${fallback})`,
    )
    .join("\n");
}

type Given = Readonly<Record<string, string | boolean | undefined>>;

/** @throws UsageError naming the option, the variable and what was expected. */
export function embeddedSettings(options: Given, environment: NodeJS.ProcessEnv): EmbeddedSettings {
  try {
    const settings = readSettings(SETTINGS, { options, environment });
    if (settings.demoUser === "on" && !isLoopbackHost(settings.host))
      throw new SettingsError([
        `--host (KADUN_HOST) ${settings.host}: with --demo-user (KADUN_DEMO_USER) on, expected 127.0.0.1, ::1 or localhost; take the demonstration's user away to listen elsewhere`,
      ]);
    return settings;
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message);
    throw error;
  }
}

/** For doctor: what is set and where it comes from. */
export function shownSettings(options: Given, environment: NodeJS.ProcessEnv): ShownSetting[] {
  return showSettings(SETTINGS, { options, environment });
}

/** The same settings for a child process. */
export function argumentsOf(settings: EmbeddedSettings): string[] {
  return Object.entries(SETTINGS).map(
    ([name, { option }]) => `--${option}=${settings[name as keyof EmbeddedSettings]}`,
  );
}
