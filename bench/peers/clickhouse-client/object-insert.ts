/**
 * What a user of the official ClickHouse client writes: `insert` of row objects as JSONEachRow, on chdb in this process.
 * Beside the object as it is only what the tables ask for: instants with their offset.
 */

import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from "@clickhouse/client";
import { createChdbConnection } from "chdb/connection";

type ClientConnection = NonNullable<ClickHouseClientConfigOptions["connection"]>;

export class ObjectInsert {
  private readonly client: ClickHouseClient;

  /** @param directory of a chdb database that this process has open. */
  constructor(directory: string) {
    const connection = createChdbConnection({ path: directory });
    // Both packages carry their own copy of the connection's type, with a private member that keeps them apart.
    this.client = createClient({ connection: connection as unknown as ClientConnection });
  }

  async insert(table: string, values: readonly object[]): Promise<void> {
    await this.client.insert({
      table,
      values: [...values],
      format: "JSONEachRow",
      clickhouse_settings: { date_time_input_format: "best_effort" },
    });
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
