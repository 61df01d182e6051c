/**
 * One connection while somebody has it, as kysely asks for it.
 *
 * 1. A connection that was lost, or whose server no longer takes writes, does not go back to the pool.
 * 2. Without an answer long after the server itself should have given up, the connection counts as lost: a server that
 *    vanished without a word would otherwise be waited for during a quarter of an hour.
 * 3. `rollback` on a lost connection succeeds: the server does it by itself, and the first error is the one to tell.
 */

import type { PostgresPoolClient, PostgresQueryResult } from "kysely";
import type pg from "pg";
import { DatabaseError } from "../database.js";
import type { PostgresAddress } from "./postgres-address.js";
import { losesConnection, statementError } from "./postgres-errors.js";

/** What a transaction says that may take as long as it takes (migrations). */
const UNLIMITED = "set local statement_timeout = 0";
type Result<Row> = PostgresQueryResult<Row>;

export interface ServerConnectionOptions {
  readonly client: pg.PoolClient;
  readonly address: PostgresAddress;
  /** Milliseconds without an answer after which nobody waits for it; null waits. */
  readonly answerWithinMs: number | null;
  readonly onRelease: () => void;
}

export class ServerConnection implements PostgresPoolClient {
  private lost: Error | null = null;
  private isUnlimited = false;

  constructor(private readonly options: ServerConnectionOptions) {
    // Without a listener the loss of a connection between two statements would end the process.
    options.client.on("error", this.onLost);
  }

  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Result<Row>>;
  query(cursor: object): never;
  query<Row>(sql: unknown, parameters: readonly unknown[] = []): Promise<Result<Row>> {
    if (typeof sql !== "string")
      throw new DatabaseError("QUERY_FAILED", "streams are not offered: read in pages");
    return this.run<Row>(sql, parameters);
  }

  release(): void {
    const { client, onRelease } = this.options;
    client.release(this.lost ?? undefined);
    client.off("error", this.onLost);
    onRelease();
  }

  private async run<Row>(sql: string, parameters: readonly unknown[]): Promise<Result<Row>> {
    if (sql === UNLIMITED) this.isUnlimited = true;
    try {
      if (this.lost !== null) throw this.lost;
      return await this.answered<Row>(sql, parameters);
    } catch (error) {
      if (losesConnection(error)) this.lost ??= error instanceof Error ? error : new Error(String(error));
      if (this.lost !== null && sql === "rollback") return { command: "UPDATE", rowCount: 0, rows: [] };
      throw statementError(error, this.options.address);
    }
  }

  private async answered<Row>(sql: string, parameters: readonly unknown[]): Promise<Result<Row>> {
    const { client, answerWithinMs } = this.options;
    // Without parameters the simple protocol, which takes several statements and gives a result for each.
    const answer: Promise<pg.QueryResult | pg.QueryResult[]> =
      parameters.length === 0 ? client.query(sql) : client.query(sql, [...parameters]);
    const results = await withinMs(answer, this.isUnlimited ? null : answerWithinMs);
    const last = Array.isArray(results) ? results.at(-1) : results;
    return last as Result<Row>; // the rows' type is what the statement's author says, as everywhere in kysely
  }

  private readonly onLost = (error: Error): void => {
    this.lost ??= error;
  };
}

async function withinMs<Answer>(answer: Promise<Answer>, ms: number | null): Promise<Answer> {
  if (ms === null) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => {}); // comes too late for anybody
  }
}
