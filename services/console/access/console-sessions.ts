/**
 * Who has signed in at the console: a random token in a cookie, its SHA-256 in the database.
 *
 * Owns: the table of sessions.
 * Does not own: who may sign in (sign-in.ts), what an account may do (read with each request).
 *
 * 1. Four hours without a request, or twelve in all, and it is over; it holds over a restart.
 * 2. Another role or region, a disabled account, a revoked person: from the next request on.
 * 3. A new one begins with each sign-in: no token that somebody else may have set becomes one.
 * 4. A person has SESSIONS_MAX at most: the oldest ends.
 */

import { storableText } from "../../../platform/database/database.js";
import type { Role, Scope } from "../../../schemas/console/access.js";
import type { SessionSummary } from "../../../schemas/http/console-access.js";
import { formatInstant } from "../../../schemas/instant.js";
import { SESSION_IDLE_MS, SESSION_USED_STEP_MS, SESSION_WHOLE_MS, SESSIONS_MAX } from "./access-limits.js";
import type { Reads, SignInMethod, Trx } from "./access-tables.js";
import { newSessionId, newToken, sha256Of } from "./tokens.js";

export interface FoundSession {
  readonly sessionId: string;
  readonly name: string;
  readonly method: SignInMethod;
  readonly roles: readonly Role[];
  readonly scope: Scope;
}

export interface Device {
  /** As the browser calls itself. */
  readonly userAgent: string;
  readonly method: SignInMethod;
}

/** What people tell their browsers apart by stands at the front. */
const DEVICE_LENGTH_MAX = 160;

/** @returns the token, which nobody can read again. */
export async function beginSession(
  trx: Trx,
  name: string,
  { userAgent, method }: Device,
  nowMs: number,
): Promise<string> {
  const token = newToken();
  await trx
    .insertInto("console_sessions")
    .values({
      token_sha256: sha256Of(token),
      session_id: newSessionId(),
      name,
      method,
      device: storableText(userAgent.slice(0, DEVICE_LENGTH_MAX)),
      started_at_ms: nowMs,
      used_at_ms: nowMs,
    })
    .execute();
  await trx
    .deleteFrom("console_sessions")
    .where("session_id", "in", (query) =>
      query
        .selectFrom("console_sessions")
        .select("session_id")
        .where("name", "=", name)
        .orderBy("started_at_ms", "desc")
        .orderBy("session_id")
        .offset(SESSIONS_MAX),
    )
    .execute();
  return token;
}

/** All of a person, or all but one. @returns how many. */
export async function endSessionsOf(
  tables: Reads | Trx,
  name: string,
  keptSessionId: string | null = null,
): Promise<number> {
  const { numDeletedRows } = await tables
    .deleteFrom("console_sessions")
    .where("name", "=", name)
    .$if(keptSessionId !== null, (query) => query.where("session_id", "<>", keptSessionId!))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export class ConsoleSessions {
  constructor(private readonly tables: Reads) {}

  /** Used now, but where that is said not to be; null where it is over, or its account is disabled, or its person revoked. */
  async find(
    token: string,
    nowMs: number,
    { isUse }: { readonly isUse: boolean } = { isUse: true },
  ): Promise<FoundSession | null> {
    const tokenSha256 = sha256Of(token);
    const row = await this.open(nowMs)
      .innerJoin("accounts", "accounts.name", "console_sessions.name")
      .innerJoin("people", "people.name", "accounts.name")
      .select([
        "console_sessions.name",
        "console_sessions.session_id",
        "console_sessions.method",
        "console_sessions.used_at_ms",
        "accounts.roles",
        "accounts.scope",
      ])
      .where("token_sha256", "=", tokenSha256)
      .where("accounts.is_disabled", "=", false)
      .where("people.revoked_at", "is", null)
      .executeTakeFirst();
    if (row === undefined) return null;
    if (isUse && row.used_at_ms <= nowMs - SESSION_USED_STEP_MS)
      await this.tables
        .updateTable("console_sessions")
        .set({ used_at_ms: nowMs })
        .where("token_sha256", "=", tokenSha256)
        .execute();
    const { name, session_id: sessionId, method, roles, scope } = row;
    return { name, sessionId, method, roles, scope };
  }

  /** The latest first. */
  async ofPerson(name: string, currentId: string | null, nowMs: number): Promise<SessionSummary[]> {
    const rows = await this.open(nowMs)
      .selectAll()
      .where("name", "=", name)
      .orderBy("started_at_ms", "desc")
      .orderBy("session_id")
      .execute();
    return rows.map(({ session_id, started_at_ms, used_at_ms, method, device }) => ({
      sessionId: session_id,
      startedAt: formatInstant(started_at_ms),
      usedAt: formatInstant(used_at_ms),
      expiresAt: formatInstant(Math.min(used_at_ms + SESSION_IDLE_MS, started_at_ms + SESSION_WHOLE_MS)),
      method,
      device,
      isCurrent: session_id === currentId,
    }));
  }

  /** @returns whether there was one. */
  async end(name: string, sessionId: string): Promise<boolean> {
    const { numDeletedRows } = await this.tables
      .deleteFrom("console_sessions")
      .where("name", "=", name)
      .where("session_id", "=", storableText(sessionId))
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  async forgetBefore(nowMs: number): Promise<void> {
    await this.tables
      .deleteFrom("console_sessions")
      .where("started_at_ms", "<=", nowMs - SESSION_WHOLE_MS)
      .execute();
  }

  private open(nowMs: number) {
    return this.tables
      .selectFrom("console_sessions")
      .where("used_at_ms", ">", nowMs - SESSION_IDLE_MS)
      .where("started_at_ms", ">", nowMs - SESSION_WHOLE_MS);
  }
}
