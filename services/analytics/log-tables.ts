/** Which topic goes into which table, and how a record becomes a row: the slow way of every type, the fast way of one. */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { decodeJournalBody, decodeOutcomeBody } from "../../schemas/log-body.js";
import { decodePosition, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { Columns } from "./columns.js";
import { setJournalRecord } from "./journal-row.js";
import { setOutcome } from "./outcome-row.js";
import type { ScannedField } from "./record-scanner.js";
import { DECISION_FIELDS, SWIPE_RECORD_FIELDS } from "./scanned-fields.js";
import { JOURNAL_COLUMNS, OUTCOME_COLUMNS, type TableColumns } from "./table-columns.js";

export interface LogTable {
  readonly topic: Topic;
  readonly table: string;
  readonly columns: TableColumns;
  /** Columns with a default that the engine would compute. */
  readonly computed: readonly string[];
  /** Has the row a place among the outcomes of a journal record? */
  readonly isPositioned: boolean;
  /** Orders the records of a partition: what is not above the last one written is a repeat. */
  readonly markOf: (record: LoggedRecord) => OutcomePosition;
  /** Sets what the record says. @throws LogBodyError. */
  readonly setColumns: (row: Columns, record: LoggedRecord) => void;
  /** Records that are read from their bytes: nearly all. */
  readonly scanned: { readonly type: "swipe" | "decision"; readonly fields: readonly ScannedField[] };
}

export const JOURNAL_TABLE: LogTable = {
  topic: Topic.JOURNAL,
  table: "journal_records",
  columns: JOURNAL_COLUMNS,
  computed: [],
  isPositioned: false,
  markOf: ({ offset }) => ({ journalOffset: offset, sequence: 0 }),
  setColumns: (row, { value }) => setJournalRecord(row, decodeJournalBody(value)),
  scanned: { type: "swipe", fields: SWIPE_RECORD_FIELDS },
};

export const OUTCOMES_TABLE: LogTable = {
  topic: Topic.DECISIONS,
  table: "outcomes",
  columns: OUTCOME_COLUMNS,
  computed: ["traceKeys", "basketKey"],
  isPositioned: true,
  markOf: ({ header }) => decodePosition(header),
  setColumns: (row, { value }) => setOutcome(row, decodeOutcomeBody(value)),
  scanned: { type: "decision", fields: DECISION_FIELDS },
};

export const LOG_TABLES = [JOURNAL_TABLE, OUTCOMES_TABLE] as const;
