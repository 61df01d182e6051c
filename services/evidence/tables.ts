/** The tables of schemas/postgres/008-evidence.sql as kysely sees them. */

import { type ColumnType, type Kysely, sql, type Transaction } from "kysely";

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null, string | null>;

export interface EvidenceCustodyTable {
  case_id: string;
  seq: number;
  line: string;
}

export interface EvidenceRequestsTable {
  request_id: string;
  case_id: string;
  reason: string;
  requested_by: string;
  requested_at: Instant;
  approved_by: string | null;
  approved_at: InstantOrNull;
  /** Of its case; ids of cases that are not there have none. */
  region: string;
}

export interface EvidencePackagesTable {
  case_id: string;
  variant: string;
  content_sha256: string;
  made_at: Instant;
  made_by: string;
  custody_seq: number;
  /** Written as JSON text. */
  kept_signatures: ColumnType<Record<string, string>, string | undefined, string>;
}

export interface EvidenceTables {
  evidence_custody: EvidenceCustodyTable;
  evidence_requests: EvidenceRequestsTable;
  evidence_packages: EvidencePackagesTable;
}

export type Reads = Kysely<EvidenceTables>;
export type Trx = Transaction<EvidenceTables>;

const LOCK_NAME = "kadun-evidence";

/** A change by a person: one after the other, in however many processes, so that a chain has no two ends. */
export function oneAtATime<Result>(database: Reads, change: (trx: Trx) => Promise<Result>): Promise<Result> {
  return database.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${LOCK_NAME}))`.execute(trx);
    return change(trx);
  });
}
