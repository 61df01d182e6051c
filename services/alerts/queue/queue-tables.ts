/** The tables of schemas/postgres/017-console-work.sql, as kysely sees them. */

import type { ColumnType } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import type { OPERATION_STATUSES, QueueCommand, QueueOperation } from "../../../schemas/http/queue.js";

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null | undefined, string | null>;
/** Written as JSON text. */
type Json<Read> = ColumnType<Read, string, string>;

export interface QueueViewsTable {
  view_id: string;
  owner: string;
  name: string;
  query: string;
  is_shared: boolean;
  made_at: Instant;
}

export interface SeenCase {
  readonly caseId: string;
  readonly version: number;
}

export type CaseResult = QueueOperation["results"][number];

export interface QueueOperationsTable {
  operation_id: string;
  actor: string;
  scope: Json<Scope>;
  command: Json<QueueCommand>;
  cases: Json<readonly SeenCase[]>;
  status: (typeof OPERATION_STATUSES)[number];
  asked_at: Instant;
  runs_at: Instant;
  ended_at: InstantOrNull;
  results: ColumnType<readonly CaseResult[], string | undefined, string>;
}

export interface QueueTables {
  queue_views: QueueViewsTable;
  queue_operations: QueueOperationsTable;
}
