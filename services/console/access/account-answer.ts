/** Accounts as they are shown: without hashes. */

import { sql } from "kysely";
import type { Role, Scope } from "../../../schemas/console/access.js";
import type { AccountAnswer } from "../../../schemas/http/console-access.js";
import { formatInstant } from "../../../schemas/instant.js";
import { SESSION_IDLE_MS, SESSION_WHOLE_MS } from "./access-limits.js";
import type { Reads } from "./access-tables.js";

export interface AccountRow {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly scope: Scope;
  readonly version: number;
  readonly is_disabled: boolean;
  readonly has_password: boolean;
  readonly oidc_subject: string | null;
  readonly link_expires_at_ms: number | null;
  readonly created_at_ms: number;
  readonly sessions: number;
}

/** By name. @param name of one. */
export function readAccounts(tables: Reads, nowMs: number, name?: string): Promise<AccountRow[]> {
  return tables
    .selectFrom("accounts")
    .select([
      "name",
      "roles",
      "scope",
      "version",
      "is_disabled",
      "oidc_subject",
      "link_expires_at_ms",
      "created_at_ms",
      sql<boolean>`password_hash is not null`.as("has_password"),
      sql<number>`(select count(*)::integer from console_sessions
        where console_sessions.name = accounts.name
          and used_at_ms > ${nowMs - SESSION_IDLE_MS}::bigint
          and started_at_ms > ${nowMs - SESSION_WHOLE_MS}::bigint)`.as("sessions"),
    ])
    .$if(name !== undefined, (query) => query.where("name", "=", name!))
    .orderBy("name")
    .execute();
}

export function answerOf(row: AccountRow, lockedUntilMs: number | null, nowMs: number): AccountAnswer {
  const linkExpiresAtMs = row.link_expires_at_ms;
  return {
    name: row.name,
    roles: [...row.roles],
    scope: [...row.scope],
    version: row.version,
    isDisabled: row.is_disabled,
    hasPassword: row.has_password,
    oidcSubject: row.oidc_subject,
    linkExpiresAt:
      linkExpiresAtMs === null || linkExpiresAtMs <= nowMs ? null : formatInstant(linkExpiresAtMs),
    lockedUntil: lockedUntilMs === null ? null : formatInstant(lockedUntilMs),
    sessions: row.sessions,
    createdAt: formatInstant(row.created_at_ms),
  };
}
