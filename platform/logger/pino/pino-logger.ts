/**
 * Logs on pino: JSON lines with allow-listed fields only, scrubbed once more as a whole.
 * An error is its name, code and places, and those of its causes. Its message is written only where the error is an
 * operating failure of ours (an Error with code and retryable): a library's may quote what came from outside, rows too.
 */

import pino, { type Logger as Pino } from "pino";
import type { LogFields, Logger } from "../logger.js";
import { scrub, scrubLine } from "./scrub.js";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface PinoLoggerOptions {
  readonly level: LogLevel;
  /** Takes finished lines; standard error, written before the call returns, where absent. */
  readonly write?: (line: string) => void;
}

const EVENT_PATTERN = /^[a-z0-9]+([.-][a-z0-9]+)*$/;
const TEXT_LENGTH_MAX = 300;
/** More is not even looked at. Scrubbing shortens to an eighth at most: the end of what was read is never shown. */
const TEXT_LENGTH_READ = 10 * TEXT_LENGTH_MAX;
const PLACES_MAX = 20;
const CAUSES_MAX = 5;

type FieldKind = "text" | "number" | "error";

const ALLOWED: Readonly<Record<keyof LogFields, FieldKind>> = {
  service: "text",
  partition: "number",
  offset: "number",
  count: "number",
  bytes: "number",
  durationMs: "number",
  epoch: "number",
  pid: "number",
  port: "number",
  attempt: "number",
  sequence: "number",
  status: "number",
  code: "text",
  topic: "text",
  network: "text",
  bundleHash: "text",
  engineVersion: "text",
  path: "text",
  reason: "text",
  error: "error",
};

export function createPinoLogger({ level, write }: PinoLoggerOptions): Logger {
  const out = write ?? ((line: string) => void process.stderr.write(line));
  const root = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => out(scrubLine(line)) },
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

/** What is not named, or of another kind than named, is dropped. */
function allowed(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!isAllowed(name) || value === undefined) continue;
    const kind = ALLOWED[name];
    if (kind === "error") kept.error = errorOf(value);
    else if (typeof value === (kind === "text" ? "string" : "number"))
      kept[name] = typeof value === "string" ? textOf(value) : value;
  }
  return kept;
}

function isAllowed(name: string): name is keyof LogFields {
  return Object.hasOwn(ALLOWED, name);
}

/** Scrubbed before it is cut: half a number is one too. */
function textOf(text: string): string {
  return scrub(text.slice(0, TEXT_LENGTH_READ)).slice(0, TEXT_LENGTH_MAX);
}

interface LoggedError {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

function errorOf(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  const isOurs = typeof code === "string" && typeof retryable === "boolean";
  return {
    name: textOf(error.name),
    ...(typeof code === "string" || typeof code === "number" ? { code: textOf(String(code)) } : {}),
    ...(isOurs ? { message: textOf(error.message) } : {}),
    ...(typeof error.stack !== "string" ? {} : { stack: placesOf(error.stack, error.message) }),
    ...(error.cause === undefined || depth >= CAUSES_MAX ? {} : { cause: errorOf(error.cause, depth + 1) }),
  };
}

const PLACE = /^ {4}at .+(?::\d+:\d+\)?|<anonymous>\)?|\(native\))$/;

/** The places only: what stands before them repeats the message, which may look like one. */
function placesOf(stack: string, message: string): string {
  const end = stack.indexOf(message);
  return scrub(
    stack
      .slice(end === -1 ? 0 : end + message.length)
      .split("\n")
      .filter((line) => PLACE.test(line))
      .slice(0, PLACES_MAX)
      .join("\n"),
  );
}
