/**
 * Port: structured logs. A line is an event name (a constant, dot-separated: `detector.assigned`) and allow-listed
 * fields. Free text from outside never becomes part of a line. Steady state logs nothing above debug.
 */

/** Everything a log line may carry. None of it names a person; add a field here before using it. */
export interface LogFields {
  readonly service?: string;
  readonly partition?: number;
  readonly offset?: number;
  readonly count?: number;
  readonly bytes?: number;
  readonly durationMs?: number;
  readonly epoch?: number;
  readonly pid?: number;
  readonly port?: number;
  readonly attempt?: number;
  /** Of an activation. */
  readonly sequence?: number;
  readonly status?: number;
  readonly code?: string;
  readonly topic?: string;
  readonly network?: string;
  readonly bundleHash?: string;
  readonly engineVersion?: string;
  readonly path?: string;
  readonly reason?: string;
  /** Name, code and places are written, of its causes too; the message only of an error with `code` and `retryable`. */
  readonly error?: unknown;
}

export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A logger whose lines carry these fields too. */
  with(fields: LogFields): Logger;
}

export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLogger,
};
