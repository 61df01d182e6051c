/** The tables of schemas/postgres that this service reads and writes, as kysely sees them. */

import type { ColumnType, Generated } from "kysely";
import type { ColumnType as RowColumn } from "../../platform/database/insert-rows.js";
import type {
  Action,
  Credential,
  InstitutionKind,
  Severity,
  StatusAction,
  SwipeKind,
} from "../../schemas/fields.js";
import type { AppealTables } from "./appeals/appeal-tables.js";
import type { CaseWorkTables } from "./cases/work-tables.js";
import type { ChannelTables } from "./channel/channel-tables.js";
import type { SubjectKind } from "./patrol/patrol.js";
import type { PatrolTables } from "./patrol/patrol-tables.js";
import type { ReminderTables } from "./reminders/reminder-tables.js";
import type { SmsTables } from "./sms/sms-tables.js";

/** Written as ISO 8601, read as a Date. */
type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null, string | null>;
/** Of what the consumer of decisions writes it is always there; of what patrols write it is null. */
type OfPersons = ColumnType<string | null, string, string>;

export interface ConsumerProgressTable {
  consumer: string;
  partition: number;
  next_offset: number;
  journal_offset: number | null;
  sequence: number | null;
}

export interface JudgedSwipesTable {
  decision_id: string;
  person_key: string;
  event_id: string;
  original_event_id: string | null;
  kind: SwipeKind;
  credential: Credential;
  card_tail: string | null;
  care_region: string;
  institution_id: string;
  /** Null of what was judged before they stood here. */
  institution_kind: InstitutionKind | null;
  visit_kind: string | null;
  total_fen: number;
  account_fen: number | null;
  at_risk_fen: number;
  /** What the decision said, before revisions. */
  action: Action;
  occurred_at: Instant;
  /** Null too of swipes that an earlier release kept. */
  card_key: string | null;
  /** Where the person is insured; null of swipes that an earlier release kept. */
  insured_region: string | null;
}

/** What a transition told of a card. */
export interface CardReportsTable {
  person_key: string;
  journal_offset: number;
  sequence: number;
  event_id: string;
  credential: Credential;
  card_tail: string | null;
  action: StatusAction;
  from_state: string;
  to_state: string;
  applied: boolean;
  code: string | null;
  policy_id: string | null;
  reported_at: Instant;
  effective_at: Instant;
  expires_at_min: InstantOrNull;
  expires_at_max: InstantOrNull;
  calendar_uncertain: boolean;
  is_planned: Generated<boolean>;
}

export interface CasesTable {
  case_id: string;
  person_key: OfPersons;
  /** person where nothing else is said. */
  subject_kind: Generated<"person" | SubjectKind>;
  /** Null of persons. */
  subject_key: Generated<string | null>;
  ordinal: number;
  status: "open" | "closed";
  opened_at: Instant;
  /** Where it belongs (016-case-regions.sql); '' where that is not known. */
  region: Generated<string>;
  last_alert_at: InstantOrNull;
  alert_count: Generated<number>;
  standing_count: Generated<number>;
  money_at_risk_fen: Generated<number>;
  strongest_action: Generated<Action>;
  highest_severity: Generated<Severity>;
}

export type AlertState = "standing" | "replaced" | "withdrawn";

export interface AlertsTable {
  alert_id: string;
  case_id: string;
  person_key: OfPersons;
  decision_id: OfPersons;
  ordinal: number;
  event_id: OfPersons;
  /** Of an alert that a patrol raised. */
  finding_id: Generated<string | null>;
  original_event_id: string | null;
  kind: SwipeKind | null;
  credential: Credential | null;
  care_region: string | null;
  institution_id: string | null;
  total_fen: number | null;
  account_fen: number | null;
  at_risk_fen: number | null;
  occurred_at: InstantOrNull;
  card_tail: string | null;
  action: Exclude<Action, "approve">;
  severity: Severity;
  rules: ColumnType<readonly string[], string, string>;
  /** zh-CN: what each live rule says of it, for its holder. */
  because: ColumnType<readonly string[], string | undefined, string>;
  /** zh-CN: what the decision advised; null of revisions. */
  advice: string | null;
  disputed: boolean;
  degraded: boolean;
  caused_by: string | null;
  state: AlertState;
  corrected_by: string | null;
}

/** A former key of a person; its cases stay under it. */
export interface PersonLinksTable {
  former_person_key: string;
  person_key: string;
  event_id: string;
}

/** A settlement that a cancel or reversal took back. */
export interface UndoneSwipesTable {
  person_key: string;
  original_event_id: string;
  event_id: string;
}

/** Everything of the former key is applied. */
export interface PersonMovesTable {
  former_person_key: string;
  event_id: string;
}

export interface AlertsTables
  extends AppealTables,
    PatrolTables,
    CaseWorkTables,
    ChannelTables,
    ReminderTables,
    SmsTables {
  consumer_progress: ConsumerProgressTable;
  judged_swipes: JudgedSwipesTable;
  card_reports: CardReportsTable;
  cases: CasesTable;
  person_links: PersonLinksTable;
  person_moves: PersonMovesTable;
  undone_swipes: UndoneSwipesTable;
  alerts: AlertsTable;
}

/** A row as it is written: instants as text, lists as they are. */
type Written<Table> = {
  readonly [Column in keyof Table]: Table[Column] extends ColumnType<infer Read, infer Insert, infer _Update>
    ? Read extends readonly string[]
      ? Read
      : Insert
    : Table[Column];
};

export type PersonLinkRow = Written<PersonLinksTable>;
export type PersonMoveRow = Written<PersonMovesTable>;
export type UndoneSwipeRow = Written<UndoneSwipesTable>;
export type JudgedSwipeRow = Written<JudgedSwipesTable>;
export type CardReportRow = Omit<Written<CardReportsTable>, "is_planned">;
export type AlertRow = Omit<Written<AlertsTable>, "finding_id">;
export type CaseRow = Pick<
  Written<CasesTable>,
  "case_id" | "person_key" | "ordinal" | "status" | "opened_at"
> & { readonly region: string };

export const JUDGED_SWIPE_COLUMNS = {
  decision_id: "text",
  person_key: "text",
  event_id: "text",
  original_event_id: "text",
  kind: "text",
  credential: "text",
  card_tail: "text",
  care_region: "text",
  institution_id: "text",
  institution_kind: "text",
  visit_kind: "text",
  total_fen: "bigint",
  account_fen: "bigint",
  at_risk_fen: "bigint",
  action: "text",
  occurred_at: "timestamptz",
  card_key: "text",
  insured_region: "text",
} as const satisfies Record<keyof JudgedSwipeRow, RowColumn>;

export const PERSON_LINK_COLUMNS = {
  former_person_key: "text",
  person_key: "text",
  event_id: "text",
} as const satisfies Record<keyof PersonLinkRow, RowColumn>;

export const UNDONE_SWIPE_COLUMNS = {
  person_key: "text",
  original_event_id: "text",
  event_id: "text",
} as const satisfies Record<keyof UndoneSwipeRow, RowColumn>;

export const PERSON_MOVE_COLUMNS = {
  former_person_key: "text",
  event_id: "text",
} as const satisfies Record<keyof PersonMoveRow, RowColumn>;

export const CASE_COLUMNS = {
  case_id: "text",
  person_key: "text",
  ordinal: "integer",
  status: "text",
  opened_at: "timestamptz",
  region: "text",
} as const satisfies Record<keyof CaseRow, RowColumn>;

export const ALERT_COLUMNS = {
  alert_id: "text",
  case_id: "text",
  person_key: "text",
  decision_id: "text",
  ordinal: "integer",
  event_id: "text",
  original_event_id: "text",
  kind: "text",
  credential: "text",
  care_region: "text",
  institution_id: "text",
  total_fen: "bigint",
  account_fen: "bigint",
  at_risk_fen: "bigint",
  occurred_at: "timestamptz",
  card_tail: "text",
  action: "text",
  severity: "text",
  rules: "jsonb",
  because: "jsonb",
  advice: "text",
  disputed: "boolean",
  degraded: "boolean",
  caused_by: "text",
  state: "text",
  corrected_by: "text",
} as const satisfies Record<keyof AlertRow, RowColumn>;
