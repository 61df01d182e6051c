/** Which topic goes into which table, and how a record becomes a row. */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { formatInstant } from "../../schemas/instant.js";
import { decodeJournalBody, decodeOutcomeBody, jsonOfBody } from "../../schemas/log-body.js";
import { decodePosition, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { Columns } from "./columns.js";
import { setJournalRecord } from "./journal-row.js";
import { setOutcome } from "./outcome-row.js";

export interface LogTable {
  readonly topic: Topic;
  readonly table: string;
  /** Orders the records of a partition: what is not above the last one written is a repeat. */
  readonly markOf: (record: LoggedRecord) => OutcomePosition;
  /** Sets what the record says. @throws LogBodyError. */
  readonly setColumns: (row: Columns, record: LoggedRecord) => void;
}

export const JOURNAL_TABLE: LogTable = {
  topic: Topic.JOURNAL,
  table: "journal_records",
  markOf: ({ offset }) => ({ journalOffset: offset, sequence: 0 }),
  setColumns: (row, { value }) => setJournalRecord(row, decodeJournalBody(value)),
};

export const OUTCOMES_TABLE: LogTable = {
  topic: Topic.DECISIONS,
  table: "outcomes",
  markOf: ({ header }) => decodePosition(header),
  setColumns: (row, { value, header }) => {
    const { journalOffset, sequence } = decodePosition(header);
    row.journalOffset = journalOffset;
    row.sequence = sequence;
    setOutcome(row, decodeOutcomeBody(value));
  },
};

export const LOG_TABLES = [JOURNAL_TABLE, OUTCOMES_TABLE] as const;

/** A row of NDJSON: columns, then the body as the text it is (the engine takes an object for a String as its text). */
export function rowLine(table: LogTable, partition: number, record: LoggedRecord): string {
  // One object that grows: joining two of sixty columns costs ten times as much.
  const row: Columns = {
    partition,
    logOffset: record.offset,
    appendedAt: formatInstant(record.appendedAtMs),
    personKey: record.key,
  };
  table.setColumns(row, record);
  return `${JSON.stringify(row).slice(0, -1)},"body":${jsonOfBody(record.value)}}\n`;
}
