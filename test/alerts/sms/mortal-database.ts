/**
 * A database that dies with its process at a step that a test names: before a statement, or between its commit and the answer.
 * What was not committed is rolled back, as a server does when a connection is cut; from then on nothing is answered.
 */

import type { DatabaseConnection, Dialect, Driver } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";

export class Life {
  private steps = 0;
  isDead = false;

  /** @param endsAt the step at which it ends, from 1; null: never. */
  constructor(private readonly endsAt: number | null) {}

  /** @throws Error when this is the end, and ever after. */
  step(): void {
    if (++this.steps === this.endsAt) this.isDead = true;
    if (this.isDead) throw new Error("killed");
  }

  database(database: OpenDatabase): OpenDatabase {
    return { ...database, dialect: this.dialect(database.dialect) };
  }

  private dialect(dialect: Dialect): Dialect {
    return {
      createAdapter: () => dialect.createAdapter(),
      createDriver: () => this.driver(dialect.createDriver()),
      createIntrospector: (kysely) => dialect.createIntrospector(kysely),
      createQueryCompiler: () => dialect.createQueryCompiler(),
    };
  }

  private driver(driver: Driver): Driver {
    const inner = new WeakMap<DatabaseConnection, DatabaseConnection>();
    const of = (connection: DatabaseConnection) => inner.get(connection)!;
    return {
      init: () => driver.init(),
      acquireConnection: async () => {
        const connection = await driver.acquireConnection();
        const mortal = this.connection(connection);
        inner.set(mortal, connection);
        return mortal;
      },
      beginTransaction: (connection, settings) => driver.beginTransaction(of(connection), settings),
      commitTransaction: async (connection) => {
        this.step();
        await driver.commitTransaction(of(connection));
        this.step();
      },
      rollbackTransaction: (connection) => driver.rollbackTransaction(of(connection)),
      releaseConnection: (connection) => driver.releaseConnection(of(connection)),
      destroy: () => driver.destroy(),
    };
  }

  private connection(connection: DatabaseConnection): DatabaseConnection {
    return {
      executeQuery: async (query) => {
        this.step();
        const result = await connection.executeQuery<never>(query);
        this.step();
        return result;
      },
      streamQuery: () => {
        throw new Error("not used");
      },
    };
  }
}
