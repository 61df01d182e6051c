/** The tables of schemas/postgres/011-cases.sql that hold people's work, as kysely sees them. */

import type { ColumnType } from "kysely";
import type { CaseState } from "../../../schemas/case-transitions.js";

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null, string | null>;
/** Written as JSON text. */
type Json<Read> = ColumnType<Read, string, string>;
type JsonOrNull<Read> = ColumnType<Read | null, string | null, string | null>;

export interface CaseWorkTable {
  case_id: string;
  state: CaseState;
  version: number;
  assignee: string | null;
  changed_at: Instant;
}

export type CaseAction =
  | "assigned"
  | "noted"
  | "note-struck"
  | "phoned"
  | "moved"
  | "proposed"
  | "approved"
  | "rejected";

export interface CaseHistoryTable {
  case_id: string;
  version: number;
  at: Instant;
  actor: string;
  action: CaseAction;
  detail: Json<Readonly<Record<string, string | number | boolean | null>>>;
  reason: string | null;
  audit_seq: number;
}

export interface CaseNotesTable {
  case_id: string;
  note_id: number;
  author: string;
  text: string;
  written_at: Instant;
  struck_by: string | null;
  struck_at: InstantOrNull;
  struck_reason: string | null;
}

export type ProposalStatus = "open" | "approved" | "rejected" | "expired";

export interface CaseProposalsTable {
  case_id: string;
  proposal_id: number;
  from_state: CaseState;
  to_state: CaseState;
  reason: string;
  rules: JsonOrNull<readonly string[]>;
  alerts_seen: number;
  proposed_by: string;
  proposed_at: Instant;
  expires_at: Instant;
  status: ProposalStatus;
  decided_by: string | null;
  decided_at: InstantOrNull;
  decision_reason: string | null;
}

export interface CaseClosingsTable {
  case_id: string;
  subject_kind: string;
  subject_key: string;
  ordinal: number;
  journal_offset: number | null;
  sequence: number | null;
}

export interface CaseClosingFindingsTable {
  finding_id: string;
  case_id: string;
}

export interface CaseWorkTables {
  case_work: CaseWorkTable;
  case_history: CaseHistoryTable;
  case_notes: CaseNotesTable;
  case_proposals: CaseProposalsTable;
  case_closings: CaseClosingsTable;
  case_closing_findings: CaseClosingFindingsTable;
}
