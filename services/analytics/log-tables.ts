/** Which topic goes into which table, and how a record becomes a row. */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { formatInstant } from "../../schemas/instant.js";
import { decodeJournalBody, decodeOutcomeBody, jsonOfBody } from "../../schemas/log-body.js";
import { decodePosition, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { Columns } from "./columns.js";
import { journalColumns } from "./journal-row.js";
import { outcomeColumns } from "./outcome-row.js";

export interface LogTable {
  readonly topic: Topic;
  readonly table: string;
  /** Orders the records of a partition: what is not above the last one written is a repeat. */
  readonly markOf: (record: LoggedRecord) => OutcomePosition;
  /** @throws LogBodyError. */
  readonly columnsOf: (record: LoggedRecord) => Columns;
}

export const JOURNAL_TABLE: LogTable = {
  topic: Topic.JOURNAL,
  table: "journal_records",
  markOf: ({ offset }) => ({ journalOffset: offset, sequence: 0 }),
  columnsOf: ({ value }) => journalColumns(decodeJournalBody(value)),
};

export const OUTCOMES_TABLE: LogTable = {
  topic: Topic.DECISIONS,
  table: "outcomes",
  markOf: ({ header }) => decodePosition(header),
  columnsOf: ({ value, header }) => ({
    ...decodePosition(header),
    ...outcomeColumns(decodeOutcomeBody(value)),
  }),
};

export const LOG_TABLES = [JOURNAL_TABLE, OUTCOMES_TABLE] as const;

/** A row of NDJSON: columns, then the body as the text it is (the engine takes an object for a String as its text). */
export function rowLine(table: LogTable, partition: number, record: LoggedRecord): string {
  const columns = JSON.stringify({
    partition,
    logOffset: record.offset,
    appendedAt: formatInstant(record.appendedAtMs),
    personKey: record.key,
    ...table.columnsOf(record),
  });
  return `${columns.slice(0, -1)},"body":${jsonOfBody(record.value)}}\n`;
}
