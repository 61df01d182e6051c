/** The tables of schemas/postgres/019-case-drafts.sql, as kysely sees them. */

import type { ColumnType } from "kysely";
import type { DraftField } from "../../../schemas/http/case-page.js";

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;

export interface CaseDraftsTable {
  case_id: string;
  person: string;
  field: DraftField;
  text: string;
  changed_at: Instant;
}

export interface CaseUnmaskingsTable {
  audit_seq: number;
  case_id: string;
  person: string;
  at: Instant;
  reason: string;
}

export interface CasePageTables {
  case_drafts: CaseDraftsTable;
  case_unmaskings: CaseUnmaskingsTable;
}
