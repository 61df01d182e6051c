/** Tables of other rooms that the page "today" reads, with the columns it needs; only their owners write them. */

import type { ColumnType } from "kysely";
import type { JournalOutboxTables } from "../journal-outbox/journal-outbox.js";
import type { AlertsTables } from "../tables.js";

type Instant = ColumnType<Date, never, never>;

export interface OverviewTables extends AlertsTables, JournalOutboxTables {
  /** Packages that show the holder unmasked. */
  evidence_requests: {
    request_id: string;
    case_id: string;
    requested_by: string;
    requested_at: Instant;
    approved_at: Instant | null;
    region: string;
  };
  bundle_versions: {
    version: number;
    author: string;
    origin: string;
    created_at: Instant;
    withdrawn_at: Instant | null;
  };
  bundle_approvals: { version: number; person: string };
  bundle_activations: { sequence: number; version: number };
}
