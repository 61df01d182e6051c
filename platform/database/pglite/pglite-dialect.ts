/**
 * kysely over one PGlite instance.
 *
 * Owns: the order in which connections are handed out, the types that come back, the errors.
 * Does not own: the instance (pglite-database.ts opens and closes it).
 *
 * 1. There is one connection; whoever acquired it has it alone until the release, over all Kysely instances made from
 *    this dialect. A transaction is therefore never interleaved.
 * 2. Before each statement the event loop gets its turn: PGlite answers in the same tick, and a consumer that catches up
 *    would otherwise keep its process from hearing anything else.
 */

import { setImmediate as eventLoopTurn } from "node:timers/promises";
import type { PGlite, Results } from "@electric-sql/pglite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { DatabaseError } from "../database.js";
import { refusedStatement } from "../refused-statement.js";
import { safeInteger } from "../safe-integer.js";
import { Turns } from "./turns.js";

/** Type number of `bigint` in PostgreSQL's catalogue. */
const BIGINT = 20;
/** For the instance: given with a statement, PGlite copies all its own beside them each time. */
export const PGLITE_PARSERS = { [BIGINT]: safeInteger };

export class PgliteDialect implements Dialect {
  private readonly turns = new Turns();
  private closed = false;

  /** @param pglite made with PGLITE_PARSERS. */
  constructor(private readonly pglite: PGlite) {}

  createAdapter() {
    return new PostgresAdapter();
  }

  createDriver(): Driver {
    return new PgliteDriver(async () => {
      const release = await this.turns.take();
      if (!this.closed) return new PgliteConnection(this.pglite, release);
      release();
      throw new DatabaseError("CLOSED", "the database was closed: open it again");
    });
  }

  createIntrospector(database: Kysely<unknown>) {
    // kysely's own signature: Kysely<any>.
    return new PostgresIntrospector(database);
  }

  createQueryCompiler() {
    return new PostgresQueryCompiler();
  }

  /** Waits for the connection; nobody gets it after this. */
  async shut(): Promise<void> {
    const release = await this.turns.take();
    this.closed = true;
    release();
  }
}

class PgliteDriver implements Driver {
  constructor(private readonly acquire: () => Promise<PgliteConnection>) {}

  async init() {}

  acquireConnection() {
    return this.acquire();
  }

  async beginTransaction(connection: DatabaseConnection, { isolationLevel }: TransactionSettings) {
    const level = isolationLevel === undefined ? "" : ` isolation level ${isolationLevel}`;
    await connection.executeQuery(CompiledQuery.raw(`begin${level}`));
  }

  async commitTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async releaseConnection(connection: DatabaseConnection) {
    if (connection instanceof PgliteConnection) connection.release();
  }

  /** The instance outlives its Kysely objects. */
  async destroy() {}
}

class PgliteConnection implements DatabaseConnection {
  constructor(
    private readonly pglite: PGlite,
    readonly release: () => void,
  ) {}

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    await eventLoopTurn();
    const { rows, affectedRows } = await this.run<Row>(sql, parameters);
    return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
  }

  // biome-ignore lint/correctness/useYield: the port asks for a generator; an in-process database has nothing to stream.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new DatabaseError("QUERY_FAILED", "streams are not offered in process: read in pages");
  }

  private async run<Row>(sql: string, parameters: readonly unknown[]): Promise<Results<Row>> {
    try {
      if (parameters.length > 0) return await this.pglite.query<Row>(sql, [...parameters]);
      const results = await this.pglite.exec(sql);
      return (results.at(-1) ?? { rows: [], fields: [] }) as Results<Row>;
    } catch (error) {
      throw queryError(error);
    }
  }
}

/** Without `cause`: PGlite's error carries the statement's parameters. */
function queryError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { message, code } = error as { readonly message?: unknown; readonly code?: unknown };
  return refusedStatement(String(message), typeof code === "string" ? code : null);
}
