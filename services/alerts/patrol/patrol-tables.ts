/** The tables of schemas/postgres/003-patrols.sql, as kysely sees them. */

import type { ColumnType, Generated } from "kysely";
import type { ColumnType as RowColumn } from "../../../platform/database/insert-rows.js";
import type { Severity } from "../../../schemas/fields.js";
import type { PatrolId } from "../../../schemas/patrols.js";
import type { EvidenceSwipe } from "./finding.js";
import type { RunParameters } from "./findings-store.js";
import type { SubjectKind } from "./patrol.js";

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;
/** Written as JSON text. */
type Json<Read> = ColumnType<Read, string, string>;

export interface PatrolProgressTable {
  patrol: PatrolId;
  next_offsets: Json<readonly number[]>;
  clock_ms: number;
  records_max: number;
}

export interface PatrolQueriesTable {
  query_sha256: string;
  patrol: PatrolId;
  query: string;
}

export interface PatrolFindingsTable {
  finding_id: string;
  patrol: PatrolId;
  subject_kind: SubjectKind;
  subject_key: string;
  window_key: string;
  severity: Severity;
  institution_id: string | null;
  region: Generated<string>;
  facts: Json<Readonly<Record<string, number>>>;
  evidence: Json<readonly EvidenceSwipe[]>;
  evidence_count: number;
  evidence_sha256: string;
  query_sha256: string;
  parameters: Json<RunParameters>;
  first_at: Instant;
  last_at: Instant;
  first_seen_at: Instant;
  last_seen_at: Instant;
  times_seen: Generated<number>;
}

export interface PatrolTables {
  patrol_progress: PatrolProgressTable;
  patrol_queries: PatrolQueriesTable;
  patrol_findings: PatrolFindingsTable;
}

/** A case whose subject is no person. */
export interface SubjectCaseRow {
  readonly case_id: string;
  readonly subject_kind: SubjectKind;
  readonly subject_key: string;
  readonly ordinal: number;
  readonly status: "open" | "closed";
  readonly opened_at: string;
  readonly region: string;
}

export const SUBJECT_CASE_COLUMNS = {
  case_id: "text",
  subject_kind: "text",
  subject_key: "text",
  ordinal: "integer",
  status: "text",
  opened_at: "timestamptz",
  region: "text",
} as const satisfies Record<keyof SubjectCaseRow, RowColumn>;

/** An alert that a finding raised. */
export interface FindingAlertRow {
  readonly alert_id: string;
  readonly case_id: string;
  readonly finding_id: string;
  readonly ordinal: 0;
  readonly institution_id: string | null;
  readonly occurred_at: string;
  readonly action: "review";
  readonly severity: Severity;
  readonly rules: readonly string[];
  readonly disputed: false;
  readonly degraded: false;
  readonly state: "standing";
}

export const FINDING_ALERT_COLUMNS = {
  alert_id: "text",
  case_id: "text",
  finding_id: "text",
  ordinal: "integer",
  institution_id: "text",
  occurred_at: "timestamptz",
  action: "text",
  severity: "text",
  rules: "jsonb",
  disputed: "boolean",
  degraded: "boolean",
  state: "text",
} as const satisfies Record<keyof FindingAlertRow, RowColumn>;
