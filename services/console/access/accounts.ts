/**
 * Accounts of the console: who may do what, and where.
 *
 * Owns: the table of accounts, but for what sign-in writes there.
 * Does not own: people and their keys (the rules'), sessions.
 *
 * 1. An account belongs to a person of the same name: four eyes compare names, whether a key or a session acts.
 * 2. A change names the version that was seen; of two on one version the second is a CONFLICT.
 * 3. Every change stands in the audit log, in its own transaction.
 * 4. Somebody is always left who can keep accounts, once there is somebody.
 * 5. Whoever keeps accounts of some regions sees and gives these only.
 */

import { sql } from "kysely";
import { appendAudit } from "../../../platform/audit-log/audit-log.js";
import type { Clock } from "../../../platform/clock/clock.js";
import { storableText } from "../../../platform/database/database.js";
import { permissionsOf, ROLES, type Role, type Scope } from "../../../schemas/console/access.js";
import type { AccountAnswer, OneTimeLink } from "../../../schemas/http/console-access.js";
import { formatInstant } from "../../../schemas/instant.js";
import { folded } from "../../../schemas/person-name.js";
import { LINK_VALID_MS, TRY_LIMITS } from "./access-limits.js";
import { accessRefusal } from "./access-refusal.js";
import type { AccountsTable, Reads, Trx } from "./access-tables.js";
import { type AccountRow, answerOf, readAccounts } from "./account-answer.js";
import { endSessionsOf } from "./console-sessions.js";
import { newToken, sha256Of } from "./tokens.js";
import type { Tries } from "./tries.js";

/** Port: people, whom the rules keep. */
export interface AccountPeople {
  /**
   * A person of this name, as it was given first; made, with a key that nobody sees, where there is none or was revoked.
   * @returns null where it is no name for a person.
   */
  ensure(name: string): Promise<{ readonly name: string } | { readonly problem: string }>;
}

export interface AccountsParts {
  readonly tables: Reads;
  readonly people: AccountPeople;
  readonly tries: Tries;
  /** Is there a region of this division code? */
  readonly isRegion: (code: string) => boolean;
  readonly clock: Clock;
}

export interface Keeper {
  readonly name: string;
  readonly scope: Scope;
}

export interface AccountChange {
  readonly version: number;
  readonly roles: readonly Role[];
  readonly scope: Scope;
  readonly isDisabled: boolean;
  readonly oidcSubject: string | null;
}

export type NewAccount = Pick<AccountChange, "roles" | "scope" | "oidcSubject"> & { readonly name: string };

const LOCK_NAME = "kadun-accounts";

export class Accounts {
  constructor(private readonly parts: AccountsParts) {}

  async list(keeper: Keeper): Promise<AccountAnswer[]> {
    const rows = await readAccounts(this.parts.tables, this.parts.clock.now());
    const seen = rows.filter(({ scope }) => isWithin(scope, keeper.scope));
    return this.answers(seen);
  }

  /** @throws ConsoleRefusal NAME_INVALID, SCOPE_UNKNOWN, ACCOUNT_EXISTS, SUBJECT_TAKEN. */
  async add(keeper: Keeper, asked: NewAccount): Promise<{ account: AccountAnswer; link: OneTimeLink }> {
    const { roles, oidcSubject } = asked;
    const scope = this.checkedScope(keeper, asked.scope);
    const person = await this.parts.people.ensure(asked.name);
    if ("problem" in person) throw accessRefusal("NAME_INVALID", person.problem);
    const { name } = person;
    const link = await this.change(async (trx, nowMs) => {
      await this.refuseTaken(trx, oidcSubject, name);
      const row = await trx
        .insertInto("accounts")
        .values({
          name,
          ...rightsOf({ roles, scope }),
          password_hash: null,
          oidc_subject: oidcSubject === null ? null : storableText(oidcSubject),
          link_sha256: null,
          link_expires_at_ms: null,
          created_at_ms: nowMs,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning("name")
        .executeTakeFirst();
      if (row === undefined)
        throw accessRefusal(
          "ACCOUNT_EXISTS",
          `'${name}' has an account; change that, or choose another name`,
        );
      const made = await setLink(trx, name, nowMs);
      await audit(trx, nowMs, keeper, "account.added", name, rightsDetail({ roles, scope }));
      return made;
    });
    return { account: await this.shown(name), link };
  }

  /** @throws ConsoleRefusal NOT_FOUND, CONFLICT, SCOPE_UNKNOWN, LAST_ADMINISTRATOR, SUBJECT_TAKEN. */
  async changeTo(keeper: Keeper, name: string, asked: AccountChange): Promise<AccountAnswer> {
    const scope = this.checkedScope(keeper, asked.scope);
    const { roles, isDisabled, oidcSubject } = asked;
    const found = await this.change(async (trx, nowMs) => {
      const before = await this.seen(trx, keeper, name);
      if (before.version !== asked.version)
        throw accessRefusal(
          "CONFLICT",
          `version ${asked.version} was seen, now it is ${before.version}; look again`,
        );
      await this.refuseTaken(trx, oidcSubject, before.name);
      await trx
        .updateTable("accounts")
        .set({
          ...rightsOf({ roles, scope }),
          version: before.version + 1,
          is_disabled: isDisabled,
          oidc_subject: oidcSubject === null ? null : storableText(oidcSubject),
          // Whoever was shut out shall not come back by a link of before.
          ...(isDisabled && { link_sha256: null, link_expires_at_ms: null }),
        })
        .where("name", "=", before.name)
        .execute();
      if (keepsAccounts(before)) await refuseNobodyLeft(trx);
      if (isDisabled) await endSessionsOf(trx, before.name);
      const detail = { ...rightsDetail({ roles, scope }), isDisabled, hasSubject: oidcSubject !== null };
      await audit(trx, nowMs, keeper, "account.changed", before.name, detail);
      return before.name;
    });
    return this.shown(found);
  }

  /** The one before ends; so does waiting after wrong passwords. @throws ConsoleRefusal NOT_FOUND. */
  async renewLink(keeper: Keeper, name: string): Promise<OneTimeLink> {
    const made = await this.change(async (trx, nowMs) => {
      const account = await this.seen(trx, keeper, name);
      if (account.is_disabled)
        throw accessRefusal("NOT_FOUND", `'${account.name}' is disabled; enable the account first`);
      const link = await setLink(trx, account.name, nowMs);
      await audit(trx, nowMs, keeper, "account.link-made", account.name, {});
      return { link, name: account.name };
    });
    await this.parts.tries.forget(TRY_LIMITS.name, folded(made.name));
    return made.link;
  }

  /** @returns its name, as it was given first. @throws ConsoleRefusal NOT_FOUND. */
  async nameOf(keeper: Keeper, name: string): Promise<string> {
    return (await this.seen(this.parts.tables, keeper, name)).name;
  }

  /** @throws ConsoleRefusal NOT_FOUND. */
  async endSessions(keeper: Keeper, name: string): Promise<number> {
    return this.change(async (trx, nowMs) => {
      const account = await this.seen(trx, keeper, name);
      const ended = await endSessionsOf(trx, account.name);
      await audit(trx, nowMs, keeper, "account.sessions-ended", account.name, { ended });
      return ended;
    });
  }

  /** Does anybody have a password or another way in? */
  async isFirstRun(): Promise<boolean> {
    const { count } = await this.parts.tables
      .selectFrom("accounts")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where((where) =>
        where.or([where("password_hash", "is not", null), where("oidc_subject", "is not", null)]),
      )
      .executeTakeFirstOrThrow();
    return Number(count) === 0;
  }

  /**
   * The first administrator, who may everything everywhere, with a one-time link; null where somebody can come in already.
   * Asked at each start: a link that nobody used is replaced.
   */
  async firstLink(name: string): Promise<OneTimeLink | null> {
    if (!(await this.isFirstRun())) return null;
    await this.parts.people.ensure(name);
    return this.change(async (trx, nowMs) => {
      await this.ensureWithAllRights(trx, name, nowMs);
      const link = await setLink(trx, name, nowMs);
      await audit(trx, nowMs, { name: "kadun", scope: [] }, "account.link-made", name, {});
      return link;
    });
  }

  /** Of a demonstration: no password, no link. */
  async ensureDemo(name: string): Promise<void> {
    await this.parts.people.ensure(name);
    await this.change((trx, nowMs) => this.ensureWithAllRights(trx, name, nowMs));
  }

  private async ensureWithAllRights(trx: Trx, name: string, nowMs: number): Promise<void> {
    await trx
      .insertInto("accounts")
      .values({
        name,
        ...rightsOf({ roles: ROLES, scope: [""] }),
        password_hash: null,
        oidc_subject: null,
        link_sha256: null,
        link_expires_at_ms: null,
        created_at_ms: nowMs,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  private change<Result>(work: (trx: Trx, nowMs: number) => Promise<Result>): Promise<Result> {
    const { tables, clock } = this.parts;
    return tables.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtext(${LOCK_NAME}))`.execute(trx);
      return work(trx, clock.now());
    });
  }

  /** An account of other regions is not there. */
  private async seen(tables: Reads | Trx, keeper: Keeper, name: string) {
    const row = await tables
      .selectFrom("accounts")
      .innerJoin("people", "people.name", "accounts.name")
      .selectAll("accounts")
      .where("people.name_folded", "=", folded(storableText(name)))
      .executeTakeFirst();
    if (row !== undefined && isWithin(row.scope, keeper.scope)) return row;
    throw accessRefusal("NOT_FOUND", "there is no such account; GET /v1/console/accounts lists them");
  }

  private async shown(name: string): Promise<AccountAnswer> {
    const rows = await readAccounts(this.parts.tables, this.parts.clock.now(), name);
    return (await this.answers(rows))[0]!;
  }

  private async answers(rows: readonly AccountRow[]): Promise<AccountAnswer[]> {
    const nowMs = this.parts.clock.now();
    const names = rows.map(({ name }) => folded(name));
    const waiting = await this.parts.tries.waiting(TRY_LIMITS.name, names, nowMs);
    return rows.map((row) => answerOf(row, waiting.get(folded(row.name)) ?? null, nowMs));
  }

  /** Without what stands twice. */
  private checkedScope(keeper: Keeper, scope: Scope): Scope {
    const unknown = scope.filter((code) => code !== "" && !this.parts.isRegion(code));
    if (unknown.length > 0)
      throw accessRefusal(
        "SCOPE_UNKNOWN",
        `scope: no region has the code ${unknown.join(", ")}; rulesets/regions.json lists them`,
      );
    if (!isWithin(scope, keeper.scope))
      throw accessRefusal("SCOPE_UNKNOWN", "scope: expected regions that you are responsible for yourself");
    return scope.filter((code) => !scope.some((other) => other !== code && code.startsWith(other)));
  }

  private async refuseTaken(trx: Trx, oidcSubject: string | null, name: string): Promise<void> {
    if (oidcSubject === null) return;
    const other = await trx
      .selectFrom("accounts")
      .select("name")
      .where("oidc_subject", "=", storableText(oidcSubject))
      .where("name", "<>", name)
      .executeTakeFirst();
    if (other !== undefined)
      throw accessRefusal("SUBJECT_TAKEN", "oidcSubject: another account has it; take it away there first");
  }
}

function isWithin(scope: Scope, ofKeeper: Scope): boolean {
  return scope.every((code) => ofKeeper.some((prefix) => code.startsWith(prefix)));
}

function keepsAccounts({ roles, scope, is_disabled }: Pick<AccountRow, "roles" | "scope" | "is_disabled">) {
  return !is_disabled && scope.includes("") && permissionsOf(roles).has("accounts.manage");
}

async function refuseNobodyLeft(trx: Trx): Promise<void> {
  const rows = await trx
    .selectFrom("accounts")
    .innerJoin("people", "people.name", "accounts.name")
    .select(["roles", "scope", "is_disabled"])
    .where("people.revoked_at", "is", null)
    .execute();
  if (rows.some(keepsAccounts)) return;
  throw accessRefusal(
    "LAST_ADMINISTRATOR",
    "nobody else is administrator of the whole nation; make somebody that first",
  );
}

/** @returns the link, of which only the hash is kept. */
async function setLink(trx: Trx, name: string, nowMs: number): Promise<OneTimeLink> {
  const [token, expiresAtMs] = [newToken(), nowMs + LINK_VALID_MS];
  await trx
    .updateTable("accounts")
    .set({ link_sha256: sha256Of(token), link_expires_at_ms: expiresAtMs })
    .where("name", "=", name)
    .execute();
  return { token, expiresAt: formatInstant(expiresAtMs) };
}

type Rights = Pick<AccountChange, "roles" | "scope">;

function rightsOf({ roles, scope }: Rights): Record<"roles" | "scope", string> {
  const inOrder = ROLES.filter((role) => roles.includes(role));
  return { roles: JSON.stringify(inOrder), scope: JSON.stringify(scope) } satisfies Partial<
    Record<keyof AccountsTable, string>
  >;
}

function rightsDetail({ roles, scope }: Rights): Record<string, string> {
  return { roles: roles.join(" "), scope: scope.map((code) => code || "(nation)").join(" ") };
}

async function audit(
  trx: Trx,
  nowMs: number,
  keeper: Keeper,
  action: string,
  name: string,
  detail: Readonly<Record<string, string | number | boolean | null>>,
): Promise<void> {
  await appendAudit(trx, formatInstant(nowMs), {
    actor: keeper.name,
    action,
    subject: `account:${name}`,
    detail,
  });
}
