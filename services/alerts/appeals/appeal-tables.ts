/** The tables of schemas/postgres/012-appeals.sql, as kysely sees them. */

import type { ColumnType, Generated } from "kysely";
import type { AppealState } from "../../../schemas/appeal.js";
import type { DeadlineKind } from "../../../schemas/appeal-deadlines.js";
import type { AppealEvent } from "./appeal.js";
import type { PaperContent } from "./paper-content.js";

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null, string | null>;
/** Not there at first. */
type InstantWhenItIs = ColumnType<Date | null, never, string>;
/** Written as JSON text. */
type Json<Read> = ColumnType<Read, string, string>;

export interface AppealRow {
  appeal_id: string;
  place: Generated<number>;
  case_id: string;
  ordinal: number;
  person_key: string;
  state: AppealState;
  region: string;
  version: number;
  opened_at: Instant;
  changed_at: Instant;
  /** These are what figures count (counted-appeal.ts). */
  submitted_at: InstantWhenItIs;
  accepted_at: InstantWhenItIs;
  decided_at: InstantWhenItIs;
  was_reconsidered: Generated<boolean>;
  claimed: Generated<number>;
  upheld: Generated<number>;
  /** By when the office has to do something next, and which deadline's day it is (office-due.ts). */
  office_due_at: ColumnType<Date | null, never, string | null>;
  office_due_kind: ColumnType<DeadlineKind | null, never, DeadlineKind | null>;
}

export type SecretKind = "statement" | "bank-account" | "reconsideration";

export interface AppealTables {
  appeals: AppealRow;
  appeal_events: { appeal_id: string; version: number; at: Instant; event: Json<AppealEvent> };
  appeal_secrets: { appeal_id: string; kind: SecretKind; sealed: Uint8Array };
  appeal_documents: { appeal_id: string; document_id: string; sealed: Uint8Array };
  appeal_papers: {
    paper_id: string;
    appeal_id: string;
    version: number;
    kind: string;
    title: string;
    number: string;
    content: Json<PaperContent>;
    made_at: Instant;
    sha256: string | null;
    sealed: Uint8Array | null;
  };
  appeal_escalations: {
    appeal_id: string;
    kind: string;
    due_at: Instant;
    whose: "office" | "holder";
    is_uncertain: boolean;
    found_at: Instant;
  };
  appeal_reversals: {
    decision_id: string;
    appeal_id: string;
    person_key: string;
    event_id: string;
    oinfno: string | null;
    total_fen: number;
    account_fen: number | null;
    asked_at: Instant;
    handed_over_at: InstantOrNull;
    handed_over_by: string | null;
  };
}
