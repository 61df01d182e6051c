/**
 * Port: a PostgreSQL database (PGlite in process, a server elsewhere), spoken to with kysely.
 *
 * What an adapter promises
 * - **Dialect**: PostgreSQL. `new Kysely<Schema>({ dialect })` may be made several times over one open database; a
 *   transaction of one never mixes with statements of another. Where there is a single connection they wait in turn, so
 *   inside `transaction().execute(trx => …)` only `trx` is used: anything else would wait for itself.
 * - **Types**: `bigint` comes back as a number (an error beyond 2^53), `timestamptz` as a Date, `jsonb` parsed,
 *   `numeric` as a string.
 * - **Text** cannot hold U+0000 and lone surrogates: `storableText` writes them out.
 * - **Statements**: one without parameters may be several, separated by semicolons (migrations).
 * - **Durability**: a committed transaction survives a crash of the process; of the machine only where the adapter says so.
 * - **Errors** are DatabaseError, without the statement's parameters: those carry persons' data. A connection that is
 *   lost before the answer leaves open whether a commit took place: whoever commits twice must be able to tell.
 * - **alone()** runs while nobody else on this database, in whichever process, runs under the same name, and waits for
 *   its turn; the turn of a process that died is free. Its signal is aborted with the caller's, with `close()`, and when
 *   the turn was lost with the connection: what runs then ends as soon as it can, for another may have begun.
 * - **close()** ends what runs alone, waits for the transaction under way and is idempotent; whatever comes later fails
 *   with `CLOSED`.
 */

import type { Dialect } from "kysely";

export interface OpenDatabase {
  readonly dialect: Dialect;
  /** Resolves when `run` has ended, or without having run it when `signal` was aborted before its turn came. */
  alone(name: string, signal: AbortSignal, run: (held: AbortSignal) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export type DatabaseErrorCode =
  | "LOCKED"
  | "CLOSED"
  | "OPEN_FAILED"
  /** No connection, or it was lost. */
  | "UNREACHABLE"
  | "NOT_AUTHORIZED"
  | "QUERY_FAILED"
  | "MIGRATION_CHANGED"
  | "MIGRATION_MISSING"
  | "MIGRATION_NEWER"
  | "MIGRATION_FAILED";

export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  /** May the same call succeed later without anybody's help? */
  readonly retryable: boolean;
  /** PostgreSQL's five characters, where it was PostgreSQL that refused. */
  readonly sqlState: string | null;

  constructor(
    readonly code: DatabaseErrorCode,
    message: string,
    options: {
      readonly retryable?: boolean;
      readonly sqlState?: string | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? false;
    this.sqlState = options.sqlState ?? null;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is what is looked for.
const UNSTORABLE = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text with U+0000 and lone surrogates written as `\u0000`: PostgreSQL refuses them, and refusing would stop a consumer. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
