/** What cardholders asked for on their pages, as kysely sees it (schemas/postgres/014-holder.sql). */

import type { ColumnType, Generated } from "kysely";
import type { Credential } from "../../../schemas/fields.js";

type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null | undefined, string | null>;

export type BureauStatus = "pending" | "kept" | "taken" | "accepted" | "refused";

export interface BureauRequestsTable {
  request_id: string;
  place: Generated<number>;
  person_key: string;
  event_id: string;
  card_key: string | null;
  card_tail: string | null;
  credential: Credential;
  region: string;
  reported_at: Instant;
  status: Generated<BureauStatus>;
  receipt_no: string | null;
  accepted_at: InstantOrNull;
  effective_at: InstantOrNull;
  refusal: string | null;
  attempts: Generated<number>;
  next_at: Instant;
}

export interface HolderLimitsTable {
  request_id: string;
  place: Generated<number>;
  person_key: string;
  event_id: string;
  home_only: boolean;
  daily_fen: number | null;
  no_night: boolean;
  requested_at: Instant;
}

export interface ChannelTables {
  bureau_requests: BureauRequestsTable;
  holder_limits: HolderLimitsTable;
}
