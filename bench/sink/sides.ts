/** The two ways into a table: a block of logged records goes in, made into what is inserted, then inserted. */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { blockOf } from "../../services/analytics/block.js";
import { JOURNAL_TABLE, type LogTable, OUTCOMES_TABLE } from "../../services/analytics/log-tables.js";
import { RowWriter } from "../../services/analytics/row-writer.js";
import { ObjectInsert } from "../peers/clickhouse-client/object-insert.js";
import { rowObject } from "./row-objects.js";

export const SIDES = ["objects", "native"] as const;
export type SideName = (typeof SIDES)[number];
export const TABLES = { journal: JOURNAL_TABLE, outcomes: OUTCOMES_TABLE } as const;
export type TableName = keyof typeof TABLES;

const PARTITION = 0;
const MONTH = 0;

/** Rows that are ready to be inserted. */
export interface Made {
  /** Bytes that are handed over; null where objects are. */
  readonly bytes: number | null;
  insert(): Promise<void>;
}

export interface Side {
  make(records: readonly LoggedRecord[], token: string): Promise<Made>;
  close(): Promise<void>;
}

export function sideOf(
  name: SideName,
  table: LogTable,
  database: AnalyticsDatabase,
  directory: string,
): Side {
  return name === "native" ? nativeSide(table, database) : objectSide(table, directory);
}

/** As the analytics writer has it. */
function nativeSide(table: LogTable, database: AnalyticsDatabase): Side {
  const writer = new RowWriter(table);
  return {
    async make(records, token) {
      const rows = await blockOf(writer, [{ partition: PARTITION, month: MONTH, records }]);
      return { bytes: rows.bytes.length, insert: () => database.insert({ table: table.table, rows, token }) };
    },
    close: async () => {},
  };
}

function objectSide(table: LogTable, directory: string): Side {
  const client = new ObjectInsert(directory);
  return {
    async make(records) {
      const values = records.map((record) => rowObject(table, PARTITION, record));
      return { bytes: null, insert: () => client.insert(table.table, values) };
    },
    close: () => client.close(),
  };
}
