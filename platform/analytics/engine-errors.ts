import { AnalyticsError, type AnalyticsErrorCode } from "./analytics-database.js";

/** ClickHouse's numbers: src/Common/ErrorCodes.cpp. What is not named here is worth another try (252, TOO_MANY_PARTS, too). */
const CODES: Readonly<Record<number, AnalyticsErrorCode>> = {
  // Statement or rows are wrong, and will be wrong again.
  8: "REFUSED", // THERE_IS_NO_COLUMN
  16: "REFUSED", // NO_SUCH_COLUMN_IN_TABLE
  26: "REFUSED", // CANNOT_PARSE_QUOTED_STRING
  27: "REFUSED", // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  36: "REFUSED", // BAD_ARGUMENTS
  38: "REFUSED", // CANNOT_PARSE_DATE
  41: "REFUSED", // CANNOT_PARSE_DATETIME
  42: "REFUSED", // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
  43: "REFUSED", // ILLEGAL_TYPE_OF_ARGUMENT
  46: "REFUSED", // UNKNOWN_FUNCTION
  47: "REFUSED", // UNKNOWN_IDENTIFIER
  48: "REFUSED", // NOT_IMPLEMENTED
  50: "REFUSED", // UNKNOWN_TYPE
  53: "REFUSED", // TYPE_MISMATCH
  57: "REFUSED", // TABLE_ALREADY_EXISTS
  60: "REFUSED", // UNKNOWN_TABLE
  62: "REFUSED", // SYNTAX_ERROR
  72: "REFUSED", // CANNOT_PARSE_NUMBER
  81: "REFUSED", // UNKNOWN_DATABASE
  115: "REFUSED", // UNKNOWN_SETTING
  117: "REFUSED", // INCORRECT_DATA
  395: "REFUSED", // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO
  456: "REFUSED", // UNKNOWN_QUERY_PARAMETER
  457: "REFUSED", // BAD_QUERY_PARAMETER
  // The user is unknown, or may not do this.
  164: "NOT_AUTHORIZED", // READONLY
  192: "NOT_AUTHORIZED", // UNKNOWN_USER
  193: "NOT_AUTHORIZED", // WRONG_PASSWORD
  194: "NOT_AUTHORIZED", // REQUIRED_PASSWORD
  497: "NOT_AUTHORIZED", // ACCESS_DENIED
  516: "NOT_AUTHORIZED", // AUTHENTICATION_FAILED
  159: "TIMEOUT", // TIMEOUT_EXCEEDED
  396: "LIMIT", // TOO_MANY_ROWS_OR_BYTES
  243: "DISK_FULL", // NOT_ENOUGH_SPACE
};

/** A full disk is emptied, a busy machine has quiet hours. */
const RETRYABLE: ReadonlySet<AnalyticsErrorCode> = new Set<AnalyticsErrorCode>([
  "FAILED",
  "TIMEOUT",
  "DISK_FULL",
]);

/** The first words of the engine's message: never the rows it may quote. */
const MESSAGE_LENGTH_MAX = 300;

/** What the engine said, with the port's code. */
export function analyticsErrorOf(cause: unknown, doing: string): AnalyticsError {
  if (cause instanceof AnalyticsError) return cause;
  const number = engineNumberOf(cause);
  const code = (number === null ? undefined : CODES[number]) ?? "FAILED";
  const message = `${doing}: ${number === null ? "" : `code ${number}, `}${quoted(cause)}`;
  return new AnalyticsError(code, message, { retryable: RETRYABLE.has(code), cause });
}

/** The engine's error number: in the client's error, or in the text (blocks go past the client). */
export function engineNumberOf(cause: unknown): number | null {
  if (cause instanceof Error && "code" in cause && /^\d+$/.test(String(cause.code)))
    return Number(cause.code);
  const match = /Code: (\d+)/.exec(textOf(cause));
  return match === null ? null : Number(match[1]);
}

function quoted(cause: unknown): string {
  const text = textOf(cause);
  // Parse errors quote the row they stopped at.
  const end = text.search(/: ?\(at row|\(at row|: \(while reading|: While executing|Row \d+:|\n/);
  return (end === -1 ? text : text.slice(0, end)).slice(0, MESSAGE_LENGTH_MAX);
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
