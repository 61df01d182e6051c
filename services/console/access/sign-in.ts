/**
 * Signing in: by password, by one-time link, by an identity provider, as the demonstration's user.
 *
 * Owns: passwords and one-time links of accounts.
 * Does not own: cookies (the routes), sessions once they are begun, what an account may do.
 *
 * 1. A try is counted before it is looked at, by name and by address; a name that is not there is counted, computed and
 *    answered as one that is.
 * 2. A locked name locks nobody out of an open session.
 * 3. A one-time link works once, for a day; of two who open it at once one is in.
 * 4. Who came in, and a run of wrong passwords, stand in the audit log.
 */

import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import type { Clock } from "../../../platform/clock/clock.js";
import { storableText } from "../../../platform/database/database.js";
import { formatInstant } from "../../../schemas/instant.js";
import { folded } from "../../../schemas/person-name.js";
import { TRY_LIMITS, type TryLimit } from "./access-limits.js";
import { accessRefusal, tooManyTries } from "./access-refusal.js";
import type { Reads, SignInMethod, Trx } from "./access-tables.js";
import { beginSession, endSessionsOf } from "./console-sessions.js";
import { HasherBusyError, type PasswordHasher } from "./password-hasher.js";
import { passwordProblem } from "./password-rules.js";
import { sha256Of } from "./tokens.js";
import type { Tries } from "./tries.js";

export interface SignInParts {
  readonly tables: Reads;
  readonly tries: Tries;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
}

/** Where somebody sits. */
export interface Visitor {
  /** Of the client, as far as the proxies say. */
  readonly address: string;
  readonly userAgent: string;
}

interface Known {
  readonly name: string;
  readonly password_hash: string | null;
}

export class SignIn {
  constructor(private readonly parts: SignInParts) {}

  /** @returns the session's token. @throws ConsoleRefusal SIGN_IN_FAILED, TRIES_EXCEEDED, BUSY. */
  async byPassword(given: { name: string; password: string }, visitor: Visitor): Promise<string> {
    const { tries } = this.parts;
    await this.count(TRY_LIMITS.address, visitor.address);
    const typed = folded(storableText(given.name));
    const isLast = await this.count(TRY_LIMITS.name, typed);
    const known = await this.known(typed);
    const isRight = await this.isRight(given.password, known?.password_hash ?? null);
    if (known === null || !isRight) {
      if (isLast) await this.tellWrongRun(known?.name ?? null, "password");
      throw accessRefusal("SIGN_IN_FAILED", "check both; upper and lower case of the password count");
    }
    await tries.forget(TRY_LIMITS.name, typed);
    await tries.giveBack(TRY_LIMITS.address, visitor.address);
    return this.begin(known.name, "password", visitor);
  }

  /** Whose it is; it stays usable. @throws ConsoleRefusal LINK_INVALID, TRIES_EXCEEDED. */
  async linkOwner(token: string, visitor: Visitor): Promise<{ name: string; expiresAt: string }> {
    await this.count(TRY_LIMITS.address, visitor.address);
    const found = await this.linked(this.parts.tables, token);
    await this.parts.tries.giveBack(TRY_LIMITS.address, visitor.address);
    return { name: found.name, expiresAt: formatInstant(found.expiresAtMs) };
  }

  /** @returns the token of a new session; all others of the person end. @throws ConsoleRefusal LINK_INVALID, PASSWORD_WEAK, … */
  async byLink({ token, password }: { token: string; password: string }, visitor: Visitor): Promise<string> {
    const { tables, clock } = this.parts;
    const { name } = await this.linkOwner(token, visitor);
    refuseWeak(password, name);
    const password_hash = await this.refusingBusy(() => this.parts.hasher.hash(password));
    const session = await tables.transaction().execute(async (trx) => {
      const used = await trx
        .updateTable("accounts")
        .set({ password_hash, link_sha256: null, link_expires_at_ms: null })
        .where("link_sha256", "=", sha256Of(token))
        .where("is_disabled", "=", false)
        .where("link_expires_at_ms", ">", clock.now())
        .returning("name")
        .executeTakeFirst();
      if (used === undefined) throw linkInvalid();
      await endSessionsOf(trx, name);
      return this.beginIn(trx, name, "link", visitor);
    });
    await this.parts.tries.forget(TRY_LIMITS.name, folded(name));
    return session;
  }

  /** Ends the person's other sessions. @returns how many. @throws ConsoleRefusal PASSWORD_WRONG, PASSWORD_WEAK, TRIES_EXCEEDED, BUSY. */
  async changePassword(
    who: { name: string; sessionId: string | null },
    given: { current: string; password: string },
  ): Promise<number> {
    const { tables, tries, hasher, clock } = this.parts;
    const isLast = await this.count(TRY_LIMITS.change, folded(who.name));
    const known = await this.known(folded(who.name));
    const isRight = await this.isRight(given.current, known?.password_hash ?? null);
    if (!isRight) {
      if (isLast) await this.tellWrongRun(who.name, "change");
      throw accessRefusal(
        "PASSWORD_WRONG",
        "current: not this account's; without one, ask for a one-time link",
      );
    }
    await tries.forget(TRY_LIMITS.change, folded(who.name));
    refuseWeak(given.password, who.name);
    const password_hash = await this.refusingBusy(() => hasher.hash(given.password));
    return tables.transaction().execute(async (trx) => {
      await trx.updateTable("accounts").set({ password_hash }).where("name", "=", who.name).execute();
      const ended = await endSessionsOf(trx, who.name, who.sessionId);
      await audit(trx, clock.now(), { actor: who.name, action: "account.password-changed", ended });
      return ended;
    });
  }

  /** Somebody whom the identity provider knows; null where no account has the subject. @returns the session's token. */
  async bySubject(subject: string, visitor: Visitor): Promise<string | null> {
    const account = await this.usable()
      .select("accounts.name")
      .where("accounts.oidc_subject", "=", storableText(subject))
      .executeTakeFirst();
    return account === undefined ? null : this.begin(account.name, "oidc", visitor);
  }

  /** Whether it may be is looked at before. @returns the session's token. */
  asDemo(name: string, visitor: Visitor): Promise<string> {
    return this.begin(name, "demo", visitor);
  }

  private begin(name: string, method: SignInMethod, visitor: Visitor): Promise<string> {
    return this.parts.tables.transaction().execute((trx) => this.beginIn(trx, name, method, visitor));
  }

  private async beginIn(
    trx: Trx,
    name: string,
    method: SignInMethod,
    { userAgent }: Visitor,
  ): Promise<string> {
    const nowMs = this.parts.clock.now();
    const token = await beginSession(trx, name, { userAgent, method }, nowMs);
    await audit(trx, nowMs, { actor: name, action: "account.signed-in", method });
    return token;
  }

  /** @returns whether it is the last before a wait. @throws ConsoleRefusal TRIES_EXCEEDED. */
  private async count(limit: TryLimit, subject: string): Promise<boolean> {
    const nowMs = this.parts.clock.now();
    const tried = await this.parts.tries.count(limit, subject, nowMs);
    if (tried.kind === "wait") throw tooManyTries(tried.untilMs, nowMs);
    return tried.isLast;
  }

  private usable() {
    return this.parts.tables
      .selectFrom("accounts")
      .innerJoin("people", "people.name", "accounts.name")
      .where("accounts.is_disabled", "=", false)
      .where("people.revoked_at", "is", null);
  }

  private async known(nameFolded: string): Promise<Known | null> {
    const row = await this.usable()
      .select(["accounts.name", "accounts.password_hash"])
      .where("people.name_folded", "=", nameFolded)
      .executeTakeFirst();
    return row ?? null;
  }

  private isRight(password: string, hash: string | null): Promise<boolean> {
    return this.refusingBusy(() => this.parts.hasher.verify(password, hash));
  }

  private async refusingBusy<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof HasherBusyError) throw accessRefusal("BUSY", error.message);
      throw error;
    }
  }

  /** @throws ConsoleRefusal LINK_INVALID. */
  private async linked(tables: Reads, token: string): Promise<{ name: string; expiresAtMs: number }> {
    const row = await tables
      .selectFrom("accounts")
      .innerJoin("people", "people.name", "accounts.name")
      .select(["accounts.name", "accounts.link_expires_at_ms"])
      .where("accounts.link_sha256", "=", sha256Of(token))
      .where("accounts.link_expires_at_ms", ">", this.parts.clock.now())
      .where("accounts.is_disabled", "=", false)
      .where("people.revoked_at", "is", null)
      .executeTakeFirst();
    if (row?.link_expires_at_ms == null) throw linkInvalid();
    return { name: row.name, expiresAtMs: row.link_expires_at_ms };
  }

  /** Of a name that is not there too, without the name: people type passwords there. */
  private tellWrongRun(name: string | null, where: "password" | "change"): Promise<void> {
    const { tables, clock } = this.parts;
    return tables.transaction().execute(async (trx) => {
      await appendAudit(trx, formatInstant(clock.now()), {
        actor: "kadun",
        action: "account.wrong-passwords",
        subject: name === null ? "account:(none)" : `account:${name}`,
        detail: { where },
      });
    });
  }
}

function refuseWeak(password: string, name: string): void {
  const problem = passwordProblem(password, name);
  if (problem !== null) throw accessRefusal("PASSWORD_WEAK", `password: ${problem}`);
}

function linkInvalid() {
  return accessRefusal("LINK_INVALID", "an administrator makes a new one, or 'kadun accounts link NAME'");
}

function audit(
  trx: Trx,
  nowMs: number,
  { actor, action, ...detail }: { actor: string; action: string; method?: SignInMethod; ended?: number },
): Promise<number> {
  return appendAudit(trx, formatInstant(nowMs), { actor, action, subject: `account:${actor}`, detail });
}
