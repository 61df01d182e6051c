/** The table of reminders as kysely sees it (schemas/postgres/014-holder.sql). */

import type { ColumnType, Generated } from "kysely";
import type { ColumnType as RowColumn } from "../../../platform/database/insert-rows.js";

type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null | undefined, string | null>;

export const REMINDER_KINDS = [
  "loss-lapses-next-day",
  "loss-lapses-soon",
  "loss-lapsed",
  "replacement-due",
  "rebind-e-credential",
  "old-card-void",
  "appeal-deadline",
] as const;
export type ReminderKind = (typeof REMINDER_KINDS)[number];
export type ReminderStatus = "planned" | "sent" | "cancelled" | "stale";

export interface RemindersTable {
  reminder_id: string;
  person_key: string;
  kind: ReminderKind;
  due_at: Instant;
  useful_until: Instant;
  status: Generated<ReminderStatus>;
  settled_at: InstantOrNull;
}

export interface ReminderTables {
  reminders: RemindersTable;
}

export interface ReminderRow {
  readonly reminder_id: string;
  readonly person_key: string;
  readonly kind: ReminderKind;
  readonly due_at: string;
  readonly useful_until: string;
}

export const REMINDER_COLUMNS = {
  reminder_id: "text",
  person_key: "text",
  kind: "text",
  due_at: "timestamptz",
  useful_until: "timestamptz",
} as const satisfies Record<keyof ReminderRow, RowColumn>;
