/**
 * The one gate of the console: who asks, by key or by session, or why not. All of the office's APIs ask here.
 *
 * Owns: nothing; what it needs it reads with each request.
 * Does not own: what a route needs (the routes' tables name it), how a refusal is sent.
 *
 * 1. A request with `Authorization` is judged by that alone: its cookie does not count, neither for nor against it.
 * 2. A change by cookie needs the session's own token in x-kadun-csrf, and comes from a page of the console.
 * 3. Of a person with an account, a key may what the account may; a disabled account's key is refused.
 * 4. The key of the network `local`, and keys of people without an account, may everything.
 * 5. The demonstration's user is there on this machine only, and only while the demonstration runs.
 */

import type { Clock } from "../../../platform/clock/clock.js";
import { NATION, PERMISSIONS, permissionsOf } from "../../../schemas/console/access.js";
import type { AdmissionRefusal, Admit, AskedRequest, Caller } from "../../../schemas/console/caller.js";
import type { Reads } from "./access-tables.js";
import type { ConsoleSessions } from "./console-sessions.js";
import { sessionTokenOf } from "./cookies.js";
import { foreignPage, isLoopbackRequest, isReading } from "./request-origin.js";
import { csrfOf, isSame } from "./tokens.js";

export const CSRF_HEADER = "x-kadun-csrf";

/** Port: people by their keys, whom the rules keep. */
export interface KeyHolders {
  /** Is it the key of the network `local`? */
  isLocalKey(authorization: string): boolean;
  /** @param authorization the header. */
  personOf(authorization: string): Promise<{ readonly name: string } | AdmissionRefusal>;
}

export interface GateParts {
  readonly tables: Reads;
  readonly sessions: ConsoleSessions;
  readonly holders: KeyHolders;
  readonly clock: Clock;
  /** How browsers name the console; null: as they ask. */
  readonly origin: string | null;
  readonly isDemo: boolean;
}

const EVERYTHING: ReadonlySet<(typeof PERMISSIONS)[number]> = new Set(PERMISSIONS);

export class Gate {
  readonly isSecure: boolean;

  constructor(private readonly parts: GateParts) {
    this.isSecure = parts.origin?.startsWith("https://") === true;
  }

  /** As all services ask it. */
  readonly admit: Admit = (request) => this.ask(request, { isUse: true });

  /** While an answer goes on: an open page at which nobody sits keeps no session alive. */
  readonly readmit: Admit = (request) => this.ask(request, { isUse: false });

  /** Before anybody has signed in: null where nothing stands against it. */
  admitNobody(request: AskedRequest): AdmissionRefusal | null {
    if (isReading(request)) return null;
    const foreign = foreignPage(request, this.parts.origin);
    return foreign === null ? null : { refused: "CSRF", detail: foreign };
  }

  private ask(request: AskedRequest, as: { readonly isUse: boolean }): Promise<Caller | AdmissionRefusal> {
    const { authorization } = request.headers;
    return authorization === undefined ? this.bySession(request, as) : this.byKey(String(authorization));
  }

  private async byKey(authorization: string): Promise<Caller | AdmissionRefusal> {
    const { holders, tables } = this.parts;
    const everything = { roles: [], permissions: EVERYTHING, scope: NATION, session: null };
    if (holders.isLocalKey(authorization)) return { name: "local", isLocal: true, ...everything };
    const person = await holders.personOf(authorization);
    if ("refused" in person) return person;
    const { name } = person;
    const account = await tables
      .selectFrom("accounts")
      .select(["roles", "scope", "is_disabled"])
      .where("name", "=", name)
      .executeTakeFirst();
    if (account === undefined) return { name, isLocal: false, ...everything };
    if (account.is_disabled)
      return {
        refused: "KEY_REVOKED",
        detail: `the account '${name}' is disabled; 'kadun accounts enable ${name}' enables it`,
      };
    const { roles, scope } = account;
    return { name, isLocal: false, roles, permissions: permissionsOf(roles), scope, session: null };
  }

  private async bySession(
    request: AskedRequest,
    as: { readonly isUse: boolean },
  ): Promise<Caller | AdmissionRefusal> {
    const { sessions, clock, isDemo } = this.parts;
    const cookie = request.headers.cookie;
    const token = sessionTokenOf(cookie === undefined ? undefined : String(cookie), this.isSecure);
    if (token === null) return { refused: "KEY_MISSING", detail: NOBODY };
    const found = await sessions.find(token, clock.now(), as);
    if (found === null) return { refused: "SESSION_ENDED", detail: "sign in again" };
    const isOfDemo = found.method === "demo";
    if (isOfDemo && !(isDemo && isLoopbackRequest(request)))
      return { refused: "SESSION_ENDED", detail: "the demonstration's user is for this machine only" };
    const refusal = isReading(request) ? null : this.changeRefusal(request, csrfOf(token));
    if (refusal !== null) return refusal;
    const { name, roles, scope, sessionId } = found;
    const session = { sessionId, csrf: csrfOf(token), isDemo: isOfDemo };
    return { name, isLocal: false, roles, permissions: permissionsOf(roles), scope, session };
  }

  private changeRefusal(request: AskedRequest, csrf: string): AdmissionRefusal | null {
    const foreign = foreignPage(request, this.parts.origin);
    if (foreign !== null) return { refused: "CSRF", detail: foreign };
    if (isSame(String(request.headers[CSRF_HEADER] ?? ""), csrf)) return null;
    return { refused: "CSRF", detail: `${CSRF_HEADER}: not of this session; load the page again` };
  }
}

const NOBODY =
  "sign in, or give the key that 'kadun people add NAME' printed: 'authorization: Bearer KEY', KADUN_PERSON_KEY or --person-key-file";
