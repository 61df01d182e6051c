/** Errors of the driver as DatabaseError: what the server refused, what the connection lost, why none comes about. */

import { DatabaseError as ServerRefusal } from "pg";
import { DatabaseError } from "../database.js";
import { refusedStatement } from "../refused-statement.js";
import { type PostgresAddress, shownAddress } from "./postgres-address.js";

/** A write where only reads are taken: the server became a standby. */
const STANDBY = "25006";

/** Of a statement on a connection. @param address for the message. */
export function statementError(error: unknown, address: PostgresAddress): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const isRefusal = error instanceof ServerRefusal;
  if (isRefusal && !endsSession(error)) return refusedStatement(error.message, error.code ?? null);
  return new DatabaseError(
    "UNREACHABLE",
    `${shownAddress(address)}: the connection was lost (${saidBy(error)}); the statement may or may not have taken effect`,
    {
      retryable: true,
      sqlState: isRefusal ? (error.code ?? null) : null,
      cause: isRefusal ? undefined : error,
    },
  );
}

/** After these the connection is of no use: it is gone, or its server is no longer the one to write to. */
export function losesConnection(error: unknown): boolean {
  if (error instanceof DatabaseError) return false; // a value that did not suit: the server knows nothing of it
  if (!(error instanceof ServerRefusal)) return true;
  return endsSession(error) || error.code === STANDBY;
}

function endsSession({ severity }: ServerRefusal): boolean {
  return severity === "FATAL" || severity === "PANIC";
}

interface ConnectReason {
  readonly code: "UNREACHABLE" | "NOT_AUTHORIZED" | "OPEN_FAILED";
  readonly retryable: boolean;
  /** What to do. */
  readonly fix: (address: PostgresAddress) => string;
}

const NOT_IN: ConnectReason = {
  code: "NOT_AUTHORIZED",
  retryable: false,
  fix: ({ user }) =>
    `check user ${user ?? "(none)"} and password of the address, and the server's pg_hba.conf`,
};
const NOT_YET: ConnectReason = {
  code: "UNREACHABLE",
  retryable: true,
  fix: () => "wait until it has started",
};
const BY_SQL_STATE: Readonly<Record<string, ConnectReason>> = {
  "28P01": NOT_IN,
  "28000": NOT_IN,
  "42501": NOT_IN,
  "3D000": {
    code: "OPEN_FAILED",
    retryable: false,
    fix: ({ database }) => `make it: createdb --encoding UTF8 --template template0 ${database}`,
  },
  "53300": {
    code: "UNREACHABLE",
    retryable: true,
    fix: () => "raise the server's max_connections or open smaller pools",
  },
  "57P01": NOT_YET,
  "57P02": NOT_YET,
  "57P03": NOT_YET,
};
const AWAY: ConnectReason = {
  code: "UNREACHABLE",
  retryable: true,
  fix: () => "start the server, or correct host and port of the address",
};
const PASSWORD_MISSING = /client password must be a string/;
const NO_TLS = /does not support SSL/;
const UNTRUSTED =
  /^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT|ERR_SSL|HOSTNAME_MISMATCH|INVALID_CA)/;

/** Of the attempt to connect. */
export function connectError(error: unknown, address: PostgresAddress): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code, retryable, fix } = connectReason(error);
  const sqlState = error instanceof ServerRefusal ? (error.code ?? null) : null;
  return new DatabaseError(code, `${shownAddress(address)}: ${saidBy(error)}; ${fix(address)}`, {
    retryable,
    sqlState,
    cause: error instanceof ServerRefusal ? undefined : error,
  });
}

function connectReason(error: unknown): ConnectReason {
  if (error instanceof ServerRefusal)
    return (
      BY_SQL_STATE[error.code ?? ""] ?? {
        code: "OPEN_FAILED",
        retryable: false,
        fix: () => "see the server's log",
      }
    );
  if (PASSWORD_MISSING.test(saidBy(error))) return NOT_IN;
  if (NO_TLS.test(saidBy(error)))
    return {
      ...NOT_IN,
      code: "OPEN_FAILED",
      fix: () => "turn on the server's TLS (ssl = on), or do not ask for it",
    };
  if (UNTRUSTED.test(codeOf(error)))
    return {
      ...NOT_IN,
      fix: ({ host }) => `give the certificate of who signed the server's, which must name ${host}`,
    };
  return AWAY;
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

/** Several addresses of one name fail as one error without a message of its own. */
function saidBy(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  if ("errors" in error && Array.isArray(error.errors) && error.errors.length > 0)
    return saidBy(error.errors[0]);
  return "message" in error ? String(error.message) : String(error);
}
