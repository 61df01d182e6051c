/** The tables of schemas/postgres that this service reads and writes, as kysely sees them. */

import { type ColumnType, type Kysely, sql, type Transaction } from "kysely";
import type { ActivationKind, ActivationStatus, VersionOrigin } from "../../schemas/http/rules.js";
import type { JobKind, JobProgress, JobStart, JobState } from "../../schemas/http/rules-jobs.js";
import type { WindowsState } from "./breaker-windows.js";

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null, string | null>;
/** Written as JSON text. */
type Json<Read> = ColumnType<Read, string, string>;

export interface PeopleTable {
  name: string;
  name_folded: string;
  key_sha256: string;
  added_at: Instant;
  revoked_at: InstantOrNull;
}

export interface BundleContentsTable {
  bundle_hash: string;
  content: string;
}

export interface BundleVersionsTable {
  version: number;
  bundle_hash: string;
  author: string;
  created_at: Instant;
  made_of: number | null;
  origin: VersionOrigin;
  withdrawn_by: string | null;
  withdrawn_at: InstantOrNull;
}

export interface BundleCommentsTable {
  version: number;
  ordinal: number;
  author: string;
  text: string;
  written_at: Instant;
}

export interface BundleApprovalsTable {
  version: number;
  person: string;
  approved_at: Instant;
}

export interface BundleChecksTable {
  check_id: number;
  version: number;
  against_hash: string;
  result: "ok" | "objection";
  text: string;
  numbers: Json<Record<string, number>>;
  checked_at: Instant;
}

export interface BundleConfirmationsTable {
  check_id: number;
  person: string;
  confirmed_at: Instant;
}

export interface BundleActivationsTable {
  sequence: number;
  version: number;
  shadow_version: number | null;
  kind: ActivationKind;
  published_by: Json<string[]>;
  engine_version: string | null;
  partitions: number;
  status: ActivationStatus;
  reason: string | null;
  created_at: Instant;
  sent_at: InstantOrNull;
  times_sent: ColumnType<number, never, number>;
  completed_at: InstantOrNull;
}

export interface ActivationAnswersTable {
  sequence: number;
  partition: number;
  answer: string;
  journal_offset: number;
  answered_at: Instant;
}

export interface BreakerWindowsTable {
  partition: number;
  state: Json<WindowsState>;
}

/** Of the editor. */
export interface RuleDraftsTable {
  draft_id: string;
  author: string;
  base_version: number;
  /** A ruleset, which may have mistakes. */
  ruleset: string;
  comment: string;
  revision: number;
  created_at: Instant;
  updated_at: Instant;
}

export interface RuleJobsTable {
  job_id: string;
  kind: JobKind;
  asked: Json<JobStart>;
  state: JobState;
  started_by: string;
  started_at: Instant;
  ended_at: InstantOrNull;
  progress: ColumnType<JobProgress | null, string | null, string | null>;
  beat_at: Instant;
  cancel_asked: boolean;
  error: string | null;
  result: string | null;
}

export interface BundlesTables {
  people: PeopleTable;
  bundle_contents: BundleContentsTable;
  bundle_versions: BundleVersionsTable;
  bundle_comments: BundleCommentsTable;
  bundle_approvals: BundleApprovalsTable;
  bundle_checks: BundleChecksTable;
  bundle_confirmations: BundleConfirmationsTable;
  bundle_activations: BundleActivationsTable;
  activation_answers: ActivationAnswersTable;
  breaker_windows: BreakerWindowsTable;
  rule_drafts: RuleDraftsTable;
  rule_jobs: RuleJobsTable;
}

/** Reads: the database, or a transaction of it. */
export type Reads = Kysely<BundlesTables>;
export type Trx = Transaction<BundlesTables>;

const LOCK_NAME = "kadun-bundles";

/**
 * A change by a person or of the publisher: one after the other, in however many processes. What it read first is so until
 * it ends, which is why two people approving or activating at the same moment meet as two.
 */
export function oneAtATime<Result>(database: Reads, change: (trx: Trx) => Promise<Result>): Promise<Result> {
  return database.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${LOCK_NAME}))`.execute(trx);
    return change(trx);
  });
}
