/**
 * Settings of an embedded Kadun: option, else environment, else default; an empty string is unset. One table, from which
 * the help is written too.
 */

import { LOG_LEVELS, type LogLevel } from "../../platform/logger/pino/pino-logger.js";
import { ANSWER_TIME_LIMIT_MS } from "../../services/ingest/answers.js";
import { UsageError } from "../exit-status.js";
import { DATA_DEFAULT } from "./data-option.js";

interface Setting {
  readonly option: string;
  readonly variable: string;
  readonly fallback: string;
  readonly help: string;
}

const SETTINGS = {
  data: { option: "data", variable: "KADUN_DATA", fallback: DATA_DEFAULT, help: "data directory" },
  host: { option: "host", variable: "KADUN_HOST", fallback: "127.0.0.1", help: "address to listen on" },
  port: {
    option: "port",
    variable: "KADUN_PORT",
    fallback: "8080",
    help: "port of the gateway; 0 for a free one",
  },
  officePort: {
    option: "office-port",
    variable: "KADUN_OFFICE_PORT",
    fallback: "8081",
    help: "port of the office; 0 for a free one",
  },
  partitions: {
    option: "partitions",
    variable: "KADUN_PARTITIONS",
    fallback: "1",
    help: "journal partitions; fixed when the data directory is made",
  },
  answerTimeLimitMs: {
    option: "answer-limit-ms",
    variable: "KADUN_ANSWER_LIMIT_MS",
    fallback: String(ANSWER_TIME_LIMIT_MS),
    help: "after so long a waiting call gets a stand-in answer",
  },
  smsStaleHours: {
    option: "sms-stale-hours",
    variable: "KADUN_SMS_STALE_HOURS",
    fallback: "24",
    help: "older news is not sent by SMS; 0 sends everything",
  },
  logLevel: {
    option: "log-level",
    variable: "KADUN_LOG_LEVEL",
    fallback: "info",
    help: LOG_LEVELS.join(", "),
  },
} as const satisfies Readonly<Record<string, Setting>>;

export interface EmbeddedSettings {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly officePort: number;
  readonly partitions: number;
  readonly answerTimeLimitMs: number;
  readonly smsStaleHours: number;
  readonly logLevel: LogLevel;
}

/** For `parseArgs`. */
export const EMBEDDED_OPTIONS: Readonly<Record<string, { readonly type: "string" }>> = Object.fromEntries(
  Object.values(SETTINGS).map(({ option }) => [option, { type: "string" }]),
);

export function settingsHelp(): string {
  return Object.values(SETTINGS)
    .map(({ option, variable, fallback, help }) => `--${option.padEnd(18)}${help} (${variable}; ${fallback})`)
    .join("\n");
}

const PORT_MAX = 65_535;
/** As many as one process judges well; more need more processes. */
const PARTITIONS_MAX = 64;
const ANSWER_LIMIT_MS_MAX = 60_000;
const STALE_HOURS_MAX = 24 * 365;

type Given = Readonly<Record<string, string | boolean | undefined>>;

/** @throws UsageError naming the option, the variable and what was expected. */
export function embeddedSettings(options: Given, environment: NodeJS.ProcessEnv): EmbeddedSettings {
  const text = (setting: Setting) => settingOf(setting, options, environment);
  const whole = (setting: Setting, min: number, max: number) => wholeOf(setting, text(setting), min, max);
  const level = text(SETTINGS.logLevel);
  const logLevel = LOG_LEVELS.find((known) => known === level);
  if (logLevel === undefined)
    throw new UsageError(`${named(SETTINGS.logLevel)}: '${level}', expected one of ${LOG_LEVELS.join(", ")}`);
  return {
    data: text(SETTINGS.data),
    host: text(SETTINGS.host),
    port: whole(SETTINGS.port, 0, PORT_MAX),
    officePort: whole(SETTINGS.officePort, 0, PORT_MAX),
    partitions: whole(SETTINGS.partitions, 1, PARTITIONS_MAX),
    answerTimeLimitMs: whole(SETTINGS.answerTimeLimitMs, 1, ANSWER_LIMIT_MS_MAX),
    smsStaleHours: whole(SETTINGS.smsStaleHours, 0, STALE_HOURS_MAX),
    logLevel,
  };
}

/** The same settings for a child process. */
export function argumentsOf(settings: EmbeddedSettings): string[] {
  return Object.entries(SETTINGS).map(
    ([name, { option }]) => `--${option}=${settings[name as keyof EmbeddedSettings]}`,
  );
}

function settingOf(
  { option, variable, fallback }: Setting,
  options: Given,
  environment: NodeJS.ProcessEnv,
): string {
  const given = options[option];
  if (typeof given === "string" && given !== "") return given;
  const set = environment[variable];
  return set === undefined || set === "" ? fallback : set;
}

function wholeOf(setting: Setting, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min || value > max)
    throw new UsageError(`${named(setting)}: '${text}', expected a whole number from ${min} to ${max}`);
  return value;
}

function named({ option, variable }: Setting): string {
  return `--${option} (${variable})`;
}
