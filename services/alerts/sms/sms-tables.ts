/** The tables of schemas/postgres/010-sms.sql, with what later migrations added, as kysely sees them. */

import type { ColumnType, Generated } from "kysely";
import type { ColumnType as RowColumn } from "../../../platform/database/insert-rows.js";
import type { SmsValue } from "../../../platform/sms-gateway/sms-gateway.js";
import type { CallOutcome } from "../../../schemas/case-command.js";
import type { Severity } from "../../../schemas/fields.js";
import type { SmsSituation } from "../../../schemas/sms-templates.js";
import type { SmsReason, SmsStatus } from "./sms-state.js";

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null, string | null>;
/** Only the sender writes these. */
type OfSending<Read> = ColumnType<Read | null, never, Read extends Date ? string | null : Read | null>;

export interface SmsTable {
  sms_id: string;
  person_key: string;
  template: SmsSituation;
  text: string;
  /** In the order of the text's places; null where they were wiped, or made by an earlier release. */
  values: ColumnType<readonly SmsValue[] | null, string | null, string | null>;
  severity: Severity;
  news_key: string | null;
  status: SmsStatus;
  reason: SmsReason | null;
  created_at: Instant;
  not_before: InstantOrNull;
  expires_at: InstantOrNull;
  is_secret: boolean;
  /** Null of what no outcome made. */
  journal_offset: number | null;
  sequence: number | null;
  attempts: Generated<number>;
  asks: Generated<number>;
  sending_at: OfSending<Date>;
  sent_at: OfSending<Date>;
  settled_at: OfSending<Date>;
  check_at: OfSending<Date>;
  provider_id: OfSending<string>;
  provider_code: OfSending<string>;
}

export interface SmsEscalationsTable {
  escalation_id: string;
  person_key: string;
  kind: "phone-call";
  sms_id: string;
  created_at: Instant;
  /** Of the person's latest case; '' before there is one. */
  region: Generated<string>;
  done_at: InstantOrNull;
  done_by: string | null;
  /** Null exactly while it is not done. */
  outcome: CallOutcome | null;
}

export interface SmsTables {
  sms: SmsTable;
  sms_escalations: SmsEscalationsTable;
}

/** A row as it is made. */
export interface SmsRow {
  readonly sms_id: string;
  readonly person_key: string;
  readonly template: SmsSituation;
  readonly text: string;
  readonly values: readonly SmsValue[] | null;
  readonly severity: Severity;
  readonly news_key: string | null;
  readonly status: SmsStatus;
  readonly reason: SmsReason | null;
  readonly created_at: string;
  readonly not_before: string | null;
  readonly expires_at: string | null;
  readonly is_secret: boolean;
  readonly journal_offset: number | null;
  readonly sequence: number | null;
}

export const SMS_COLUMNS = {
  sms_id: "text",
  person_key: "text",
  template: "text",
  text: "text",
  values: "jsonb",
  severity: "text",
  news_key: "text",
  status: "text",
  reason: "text",
  created_at: "timestamptz",
  not_before: "timestamptz",
  expires_at: "timestamptz",
  is_secret: "boolean",
  journal_offset: "bigint",
  sequence: "integer",
} as const satisfies Record<keyof SmsRow, RowColumn>;
