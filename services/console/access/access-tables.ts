/** The tables of schemas/postgres/018-accounts.sql as kysely sees them. */

import type { ColumnType, Kysely, Transaction } from "kysely";
import type { Role, Scope } from "../../../schemas/console/access.js";
import type { SessionSummary } from "../../../schemas/http/console-access.js";

/** Written as JSON text. */
type Json<Read> = ColumnType<Read, string | undefined, string>;

export type SignInMethod = SessionSummary["method"];

export interface AccountsTable {
  name: string;
  roles: Json<Role[]>;
  scope: Json<Scope>;
  version: ColumnType<number, number | undefined, number>;
  is_disabled: ColumnType<boolean, boolean | undefined, boolean>;
  password_hash: string | null;
  oidc_subject: string | null;
  link_sha256: string | null;
  link_expires_at_ms: number | null;
  created_at_ms: number;
}

export interface ConsoleSessionsTable {
  token_sha256: string;
  session_id: string;
  name: string;
  method: SignInMethod;
  device: string;
  started_at_ms: number;
  used_at_ms: number;
}

export interface ConsoleTriesTable {
  try_key: string;
  tries: number;
  window_start_ms: number;
  waits: number;
  wait_until_ms: number;
}

/** Read only: people are the rules' to keep. */
export interface PeopleColumns {
  name: string;
  name_folded: string;
  revoked_at: Date | null;
}

export interface AccessTables {
  accounts: AccountsTable;
  console_sessions: ConsoleSessionsTable;
  console_tries: ConsoleTriesTable;
  people: PeopleColumns;
}

export type Reads = Kysely<AccessTables>;
export type Trx = Transaction<AccessTables>;
