/**
 * The connections of one open database.
 *
 * Owns: the pool, who has a connection or waits for one.
 *
 * 1. `close()` waits for all who had asked before it; who asks later gets CLOSED.
 * 2. Losing idle connections is nobody's error: the next statement opens another.
 */

import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";
import { DatabaseError } from "../database.js";
import type { PostgresAddress } from "./postgres-address.js";
import { connectError } from "./postgres-errors.js";
import { ServerClient } from "./server-client.js";
import { ServerConnection } from "./server-connection.js";

/** The server gives up at its own limit; its answer has this long to arrive. */
const ANSWER_GRACE_MS = 5_000;
const ALL_BUSY = "timeout exceeded when trying to connect";

export interface ServerPoolOptions {
  readonly address: PostgresAddress;
  readonly client: pg.ClientConfig;
  readonly poolMax: number;
  readonly statementTimeoutMs: number;
}

export class ServerPool implements PostgresPool {
  private readonly pool: pg.Pool;
  private users = 0;
  private closing: Promise<void> | null = null;
  private onUnused = () => {};

  constructor(private readonly options: ServerPoolOptions) {
    this.pool = new pg.Pool({ ...options.client, max: options.poolMax, Client: ServerClient });
    this.pool.on("error", () => {}); // invariant 2
  }

  async connect(): Promise<PostgresPoolClient> {
    if (this.closing !== null) throw new DatabaseError("CLOSED", "the database was closed: open it again");
    this.users++;
    try {
      const client = await this.pool.connect();
      const { address, statementTimeoutMs } = this.options;
      const answerWithinMs = statementTimeoutMs === 0 ? null : statementTimeoutMs + ANSWER_GRACE_MS;
      return new ServerConnection({ client, address, answerWithinMs, onRelease: () => this.left() });
    } catch (error) {
      this.left();
      throw this.noConnection(error);
    }
  }

  /** For kysely: the pool outlives its Kysely objects. */
  async end(): Promise<void> {}

  async close(): Promise<void> {
    this.closing ??= this.endWhenUnused();
    await this.closing;
  }

  private async endWhenUnused(): Promise<void> {
    if (this.users > 0)
      await new Promise<void>((resolve) => {
        this.onUnused = resolve;
      });
    await this.pool.end();
  }

  private left(): void {
    this.users--;
    if (this.users === 0) this.onUnused();
  }

  private noConnection(error: unknown): DatabaseError {
    const { address, poolMax, client } = this.options;
    if (!(error instanceof Error) || error.message !== ALL_BUSY) return connectError(error, address);
    return new DatabaseError(
      "QUERY_FAILED",
      `none of ${poolMax} connections came free within ${client.connectionTimeoutMillis} ms; look for long transactions, or raise poolMax`,
      { retryable: true },
    );
  }
}
