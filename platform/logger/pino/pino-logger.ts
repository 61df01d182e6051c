/**
 * Logs on pino: JSON lines with allow-listed fields only, scrubbed once more as a whole.
 * An error is its name, code, message and stack, and those of its causes: scrubbed like everything.
 */

import pino, { type Logger as Pino } from "pino";
import type { LogFields, Logger } from "../logger.js";
import { scrub } from "./scrub.js";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface PinoLoggerOptions {
  readonly level: LogLevel;
  /** Takes finished lines; standard error where absent. */
  readonly write?: (line: string) => void;
}

const EVENT_PATTERN = /^[a-z0-9]+([.-][a-z0-9]+)*$/;
const TEXT_LENGTH_MAX = 300;
const CAUSES_MAX = 5;

const ALLOWED: Readonly<Record<keyof LogFields, true>> = {
  service: true,
  partition: true,
  offset: true,
  count: true,
  bytes: true,
  durationMs: true,
  epoch: true,
  pid: true,
  port: true,
  attempt: true,
  status: true,
  code: true,
  topic: true,
  network: true,
  bundleHash: true,
  engineVersion: true,
  path: true,
  reason: true,
  error: true,
};

export function createPinoLogger({ level, write }: PinoLoggerOptions): Logger {
  const out = write ?? ((line: string) => void process.stderr.write(line));
  const root = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => out(scrub(line)) },
  );
  return new PinoLogger(root, {});
}

class PinoLogger implements Logger {
  constructor(
    private readonly pino: Pino,
    private readonly fields: LogFields,
  ) {}

  debug(event: string, fields?: LogFields): void {
    this.write("debug", event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.write("info", event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.write("warn", event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.write("error", event, fields);
  }

  with(fields: LogFields): Logger {
    return new PinoLogger(this.pino, { ...this.fields, ...fields });
  }

  private write(level: LogLevel, event: string, fields: LogFields = {}): void {
    if (!this.pino.isLevelEnabled(level)) return;
    if (!EVENT_PATTERN.test(event))
      throw new RangeError("a log event is a constant such as detector.assigned");
    this.pino[level](allowed({ ...this.fields, ...fields }), event);
  }
}

function allowed(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(ALLOWED, name) || value === undefined) continue;
    if (name === "error") kept.error = errorOf(value);
    else if (typeof value === "number") kept[name] = value;
    else kept[name] = String(value).slice(0, TEXT_LENGTH_MAX);
  }
  return kept;
}

interface LoggedError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

function errorOf(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: "not an error" };
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(code === undefined ? {} : { code: String(code) }),
    message: error.message.slice(0, TEXT_LENGTH_MAX),
    ...(error.stack === undefined ? {} : { stack: framesOf(error.stack) }),
    ...(error.cause === undefined || depth >= CAUSES_MAX ? {} : { cause: errorOf(error.cause, depth + 1) }),
  };
}

/** The places only: the first lines repeat the message. */
function framesOf(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => line.trimStart().startsWith("at "))
    .join("\n");
}
