/**
 * A database whose statements are counted: of each that reads, PostgreSQL is asked first how many rows it takes for it. So whatever a
 * desk asks is counted, also what it will ask one day.
 */

import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import { EXPLAIN, rowsOfPlan } from "./plan-rows.js";

const READS = /^[\s(]*(select|with)\b/i;

export class CountedDialect implements Dialect {
  private rows = 0;

  constructor(private readonly inner: Dialect) {}

  /** Rows read by what the action asks; one action at a time. */
  async rowsOf(action: () => Promise<unknown>): Promise<number> {
    const before = this.rows;
    await action();
    return this.rows - before;
  }

  createAdapter() {
    return this.inner.createAdapter();
  }

  createDriver(): Driver {
    return new CountedDriver(this.inner.createDriver(), (rows) => {
      this.rows += rows;
    });
  }

  createIntrospector(database: Parameters<Dialect["createIntrospector"]>[0]) {
    return this.inner.createIntrospector(database);
  }

  createQueryCompiler() {
    return this.inner.createQueryCompiler();
  }
}

type Count = (rows: number) => void;

class CountedDriver implements Driver {
  constructor(
    private readonly inner: Driver,
    private readonly count: Count,
  ) {}

  init() {
    return this.inner.init();
  }

  async acquireConnection() {
    return new CountedConnection(await this.inner.acquireConnection(), this.count);
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
    return this.inner.beginTransaction(innerOf(connection), settings);
  }

  commitTransaction(connection: DatabaseConnection) {
    return this.inner.commitTransaction(innerOf(connection));
  }

  rollbackTransaction(connection: DatabaseConnection) {
    return this.inner.rollbackTransaction(innerOf(connection));
  }

  releaseConnection(connection: DatabaseConnection) {
    return this.inner.releaseConnection(innerOf(connection));
  }

  destroy() {
    return this.inner.destroy();
  }
}

class CountedConnection implements DatabaseConnection {
  constructor(
    readonly inner: DatabaseConnection,
    private readonly count: Count,
  ) {}

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (READS.test(query.sql)) {
      const { rows } = await this.inner.executeQuery(
        CompiledQuery.raw(EXPLAIN + query.sql, [...query.parameters]),
      );
      this.count(rowsOfPlan(rows));
    }
    return this.inner.executeQuery<Row>(query);
  }

  streamQuery<Row>(query: CompiledQuery, chunkSize?: number) {
    return this.inner.streamQuery<Row>(query, chunkSize);
  }
}

function innerOf(connection: DatabaseConnection): DatabaseConnection {
  if (connection instanceof CountedConnection) return connection.inner;
  throw new Error("a connection of another driver came back");
}
