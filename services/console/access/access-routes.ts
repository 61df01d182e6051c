/** `/v1/console/…` of sign-in, sessions and accounts: from what was asked to whoever does it and back. */

import type * as z from "zod";
import type { Clock } from "../../../platform/clock/clock.js";
import { PERMISSIONS, permissionsOf } from "../../../schemas/console/access.js";
import type * as shapes from "../../../schemas/http/console-access.js";
import {
  CONSOLE_ACCESS_ROUTES,
  type ConsoleAccessRouteName,
} from "../../../schemas/http/console-access-routes.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { Asked, AskedHttp, ConsoleRoutes } from "../server/console-routes.js";
import { accessRefusal } from "./access-refusal.js";
import type { Accounts } from "./accounts.js";
import type { ConsoleSessions } from "./console-sessions.js";
import { sessionCookie } from "./cookies.js";
import { isLoopbackRequest } from "./request-origin.js";
import type { SignIn, Visitor } from "./sign-in.js";
import { csrfOf } from "./tokens.js";

type Body<Name extends keyof typeof shapes> = z.infer<(typeof shapes)[Name] & z.ZodType>;
type Answer<Name extends ConsoleAccessRouteName> = z.input<(typeof CONSOLE_ACCESS_ROUTES)[Name]["answer"]>;

export interface AccessDesk {
  readonly signIn: SignIn;
  readonly accounts: Accounts;
  readonly sessions: ConsoleSessions;
  readonly clock: Clock;
  /** What time it is on the pages. */
  readonly dayClock: Pick<Clock, "now">;
  /** Is the console opened with https? */
  readonly isSecure: boolean;
  readonly hasOidc: boolean;
  /** Name of the demonstration's user; null where none runs. */
  readonly demoName: string | null;
}

export function accessRoutes(desk: AccessDesk): ConsoleRoutes {
  return {
    prefix: "/v1/console",
    routes: CONSOLE_ACCESS_ROUTES,
    handlers: { ...doorHandlers(desk), ...ownHandlers(desk), ...accountHandlers(desk) } satisfies Handlers,
  };
}

type Handlers = {
  readonly [Name in ConsoleAccessRouteName]: (asked: Asked) => Promise<Answer<Name>>;
};
type HandlersOf<Names extends ConsoleAccessRouteName> = Pick<Handlers, Names>;

/** Before anybody has signed in. */
function doorHandlers(
  desk: AccessDesk,
): HandlersOf<"signInOptions" | "signIn" | "demoSession" | "link" | "welcome"> {
  const { signIn, accounts, hasOidc, demoName } = desk;
  return {
    signInOptions: async ({ http }) => ({
      oidc: hasOidc,
      demo: demoName !== null && isLoopbackRequest(http.request),
      firstRun: await accounts.isFirstRun(),
    }),
    signIn: async ({ body, http }) =>
      begun(desk, http, await signIn.byPassword(body as Body<"signInBody">, visitorOf(http))),
    demoSession: async ({ http }) => {
      if (demoName === null || !isLoopbackRequest(http.request))
        throw accessRefusal("DEMO_REFUSED", "open the address that 'kadun demo' prints, on the same machine");
      return begun(desk, http, await signIn.asDemo(demoName, visitorOf(http)));
    },
    link: async ({ body, http }) => signIn.linkOwner((body as Body<"linkBody">).token, visitorOf(http)),
    welcome: async ({ body, http }) =>
      begun(desk, http, await signIn.byLink(body as Body<"welcomeBody">, visitorOf(http))),
  };
}

function ownHandlers({
  signIn,
  sessions,
  clock,
  dayClock,
  isSecure,
}: AccessDesk): HandlersOf<"session" | "signOut" | "password" | "sessions" | "endSession"> {
  return {
    session: async ({ caller }) => ({
      name: caller.name,
      roles: [...caller.roles],
      permissions: PERMISSIONS.filter((permission) => caller.permissions.has(permission)),
      scope: [...caller.scope],
      csrf: caller.session?.csrf ?? "",
      isDemo: caller.session?.isDemo ?? false,
      now: formatInstant(dayClock.now()),
    }),
    signOut: async ({ caller, http }) => {
      http.setCookie(sessionCookie(null, isSecure));
      const { session } = caller;
      return { ended: session !== null && (await sessions.end(caller.name, session.sessionId)) ? 1 : 0 };
    },
    password: async ({ caller, body }) => ({
      ended: await signIn.changePassword(
        { name: caller.name, sessionId: caller.session?.sessionId ?? null },
        body as Body<"passwordBody">,
      ),
    }),
    sessions: async ({ caller }) => ({
      sessions: await sessions.ofPerson(caller.name, caller.session?.sessionId ?? null, clock.now()),
    }),
    endSession: async ({ caller, path }) => {
      if (await sessions.end(caller.name, path.session!)) return { ended: 1 };
      throw accessRefusal("NOT_FOUND", "it has ended, or never was; GET /v1/console/sessions lists yours");
    },
  };
}

function accountHandlers({
  accounts,
  sessions,
  clock,
}: AccessDesk): HandlersOf<
  "accounts" | "addAccount" | "changeAccount" | "renewLink" | "accountSessions" | "endAccountSessions"
> {
  return {
    accounts: async ({ caller }) => ({ accounts: await accounts.list(caller) }),
    addAccount: async ({ caller, body }) => accounts.add(caller, body as Body<"newAccountBody">),
    changeAccount: async ({ caller, path, body }) =>
      accounts.changeTo(caller, path.name!, body as Body<"accountBody">),
    renewLink: async ({ caller, path }) => accounts.renewLink(caller, path.name!),
    accountSessions: async ({ caller, path }) => {
      const name = await accounts.nameOf(caller, path.name!);
      return { sessions: await sessions.ofPerson(name, caller.session?.sessionId ?? null, clock.now()) };
    },
    endAccountSessions: async ({ caller, path }) => ({
      ended: await accounts.endSessions(caller, path.name!),
    }),
  };
}

/** Sets the cookie, and answers as GET /v1/console/session would with it. */
async function begun(
  { sessions, clock, dayClock, isSecure }: AccessDesk,
  http: AskedHttp,
  token: string,
): Promise<Answer<"session">> {
  const found = await sessions.find(token, clock.now());
  if (found === null) throw accessRefusal("SESSION_ENDED", "it was ended at once; sign in again");
  http.setCookie(sessionCookie(token, isSecure));
  const { name, roles, scope, method } = found;
  const permissions = permissionsOf(roles);
  return {
    name,
    roles: [...roles],
    permissions: PERMISSIONS.filter((permission) => permissions.has(permission)),
    scope: [...scope],
    csrf: csrfOf(token),
    isDemo: method === "demo",
    now: formatInstant(dayClock.now()),
  };
}

export function visitorOf({ request, address }: Pick<AskedHttp, "request" | "address">): Visitor {
  return { address, userAgent: String(request.headers["user-agent"] ?? "") };
}
