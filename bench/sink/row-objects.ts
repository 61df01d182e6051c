/** Rows as a user of the ClickHouse client has them: objects with the table's columns, instants and body as texts. */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { formatInstant } from "../../schemas/instant.js";
import { jsonOfBody } from "../../schemas/log-body.js";
import type { Columns } from "../../services/analytics/columns.js";
import type { LogTable } from "../../services/analytics/log-tables.js";

export function rowObject(table: LogTable, partition: number, record: LoggedRecord): Columns {
  const row: Columns = {
    partition,
    logOffset: record.offset,
    appendedAt: formatInstant(record.appendedAtMs),
    personKey: record.key,
    body: jsonOfBody(record.value),
  };
  if (table.isPositioned) Object.assign(row, table.markOf(record));
  table.setColumns(row, record);
  return row;
}
