/**
 * Who is in: a random token in a cookie, its hash in the database.
 *
 * 1. Twenty minutes without a request, or two hours in all, and it is over; leaving removes it.
 * 2. It holds over a restart.
 * 3. A new one begins with each entry: no token that somebody else may have set becomes one.
 */

import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { appendAudit } from "../../../../platform/audit-log/audit-log.js";
import { formatInstant } from "../../../../schemas/instant.js";
import type { CitizenTables } from "../citizen-tables.js";
import type { DoorHash } from "./door-hash.js";
import { SESSION_IDLE_MS, SESSION_WHOLE_MS } from "./door-limits.js";

export interface Session {
  readonly token: string;
  readonly caseId: string;
  readonly personKey: string;
}

const TOKEN_BYTES = 32;
export const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;
/** A write a request is not needed. */
const SEEN_STEP_MS = 30_000;

export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

export class Sessions {
  constructor(
    private readonly database: Kysely<CitizenTables>,
    private readonly hash: DoorHash,
  ) {}

  async begin(who: { caseId: string; personKey: string }, nowMs: number): Promise<Session> {
    const token = newToken();
    await this.database.transaction().execute(async (trx) => {
      await trx
        .insertInto("citizen_sessions")
        .values({
          token_hash: this.hash.of("session", token),
          case_id: who.caseId,
          person_key: who.personKey,
          started_at_ms: nowMs,
          seen_at_ms: nowMs,
        })
        .execute();
      await appendAudit(trx, formatInstant(nowMs), {
        actor: "cardholder",
        action: "citizen.signed-in",
        subject: `case:${who.caseId}`,
        detail: {},
      });
    });
    return { token, ...who };
  }

  /** Seen now; null where it is over or never was. */
  async find(token: string | null, nowMs: number): Promise<Session | null> {
    if (token === null || !TOKEN_PATTERN.test(token)) return null;
    const tokenHash = this.hash.of("session", token);
    const row = await this.database
      .selectFrom("citizen_sessions")
      .selectAll()
      .where("token_hash", "=", tokenHash)
      .where("seen_at_ms", ">", nowMs - SESSION_IDLE_MS)
      .where("started_at_ms", ">", nowMs - SESSION_WHOLE_MS)
      .executeTakeFirst();
    if (row === undefined) return null;
    if (row.seen_at_ms < nowMs - SEEN_STEP_MS)
      await this.database
        .updateTable("citizen_sessions")
        .set({ seen_at_ms: nowMs })
        .where("token_hash", "=", tokenHash)
        .execute();
    return { token, caseId: row.case_id, personKey: row.person_key };
  }

  async end(token: string): Promise<void> {
    await this.database
      .deleteFrom("citizen_sessions")
      .where("token_hash", "=", this.hash.of("session", token))
      .execute();
  }

  async forgetBefore(nowMs: number): Promise<void> {
    await this.database
      .deleteFrom("citizen_sessions")
      .where("started_at_ms", "<", nowMs - SESSION_WHOLE_MS)
      .execute();
  }
}
