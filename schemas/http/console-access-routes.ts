/** The addresses of sign-in, sessions and accounts: one table for the console, its OpenAPI document, its pages and their tests. */
import type * as z from "zod";
import type { Permission } from "../console/access.js";
import * as access from "./console-access.js";
import type { ConsoleAccessProblemCode } from "./console-access-problem.js";

export interface ConsoleAccessRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `{name}` is what lies between two slashes. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Who asks: nobody yet; a person, by session or key; a person or the key of the network `local`. */
  readonly key: "none" | "person" | "either";
  /** null: whoever has signed in, or, of `none`, anybody. */
  readonly permission: Permission | null;
  readonly body?: z.ZodType;
  readonly status: 200 | 201;
  readonly answer: z.ZodType;
  readonly problems: readonly ConsoleAccessProblemCode[];
}

/** The page that opens `/welcome#TOKEN` sends the token in a body: addresses are written into logs, fragments are not sent. */
export const WELCOME_PAGE = "/welcome";
export const SIGN_IN_PAGE = "/sign-in";
/** Query `refused` of the sign-in page, after the identity provider has sent the browser back. */
export const SIGN_IN_REFUSED = ["no-account", "away-too-long", "provider", "failed"] as const;
export type SignInRefused = (typeof SIGN_IN_REFUSED)[number];
/** Opened by a browser, answered with a redirection: not for `ask`. */
export const OIDC_PATHS = {
  start: "/v1/console/oidc/start",
  callback: "/v1/console/oidc/callback",
} as const;

const SESSION = "/v1/console/session";
const ACCOUNTS = "/v1/console/accounts";
const ACCOUNT = `${ACCOUNTS}/{name}`;
const open = { key: "none", permission: null, status: 200 } as const;
const own = { key: "person", permission: null, status: 200 } as const;
const keeping = { key: "either", permission: "accounts.manage", status: 200 } as const;

export const CONSOLE_ACCESS_ROUTES = {
  session: {
    ...own,
    key: "either",
    method: "GET",
    path: SESSION,
    summary: "Who has signed in, and what they may do",
    answer: access.session,
    problems: [],
  },
  signInOptions: {
    ...open,
    method: "GET",
    path: "/v1/console/sign-in-options",
    summary: "How to sign in here",
    answer: access.signInOptions,
    problems: [],
  },
  signIn: {
    ...open,
    method: "POST",
    path: SESSION,
    summary: "Signs in with name and password; the answer sets a cookie",
    body: access.signInBody,
    answer: access.session,
    problems: ["BODY_INVALID", "SIGN_IN_FAILED", "TRIES_EXCEEDED", "BUSY", "CSRF"],
  },
  signOut: {
    ...own,
    method: "DELETE",
    path: SESSION,
    summary: "Ends the session of the cookie",
    answer: access.endedSessions,
    problems: [],
  },
  demoSession: {
    ...open,
    method: "POST",
    path: "/v1/console/demo-session",
    summary: "Signs in as the demonstration's user, on this machine only",
    answer: access.session,
    problems: ["DEMO_REFUSED", "CSRF"],
  },
  link: {
    ...open,
    method: "POST",
    path: "/v1/console/welcome/link",
    summary: "Whose one-time link it is; it stays usable",
    body: access.linkBody,
    answer: access.linkOwner,
    problems: ["BODY_INVALID", "LINK_INVALID", "TRIES_EXCEEDED", "CSRF"],
  },
  welcome: {
    ...open,
    method: "POST",
    path: "/v1/console/welcome",
    summary: "Uses up a one-time link: sets the password, ends other sessions, signs in",
    body: access.welcomeBody,
    answer: access.session,
    problems: ["BODY_INVALID", "LINK_INVALID", "PASSWORD_WEAK", "TRIES_EXCEEDED", "BUSY", "CSRF"],
  },
  password: {
    ...own,
    method: "POST",
    path: "/v1/console/password",
    summary: "Another password of one's own; ends one's other sessions",
    body: access.passwordBody,
    answer: access.endedSessions,
    problems: ["BODY_INVALID", "PASSWORD_WRONG", "PASSWORD_WEAK", "TRIES_EXCEEDED", "BUSY"],
  },
  sessions: {
    ...own,
    method: "GET",
    path: "/v1/console/sessions",
    summary: "One's own open sessions",
    answer: access.sessionList,
    problems: [],
  },
  endSession: {
    ...own,
    method: "DELETE",
    path: "/v1/console/sessions/{session}",
    summary: "Ends one of one's own sessions",
    answer: access.endedSessions,
    problems: ["NOT_FOUND"],
  },
  accounts: {
    ...keeping,
    method: "GET",
    path: ACCOUNTS,
    summary: "All accounts",
    answer: access.accountList,
    problems: [],
  },
  addAccount: {
    ...keeping,
    method: "POST",
    path: ACCOUNTS,
    summary: "A new account, with the one-time link that gives its password",
    description: "Of a name that has a key, the account is of the same person, and the key gets its roles.",
    body: access.newAccountBody,
    status: 201,
    answer: access.newAccountAnswer,
    problems: ["BODY_INVALID", "NAME_INVALID", "SCOPE_UNKNOWN", "ACCOUNT_EXISTS", "SUBJECT_TAKEN"],
  },
  changeAccount: {
    ...keeping,
    method: "PUT",
    path: ACCOUNT,
    summary: "Other roles, regions or subject, or disabled; holds from the next request on",
    body: access.accountBody,
    answer: access.account,
    problems: [
      "BODY_INVALID",
      "NOT_FOUND",
      "CONFLICT",
      "SCOPE_UNKNOWN",
      "LAST_ADMINISTRATOR",
      "SUBJECT_TAKEN",
    ],
  },
  renewLink: {
    ...keeping,
    method: "POST",
    path: `${ACCOUNT}/link`,
    summary: "A new one-time link; the one before ends",
    answer: access.oneTimeLink,
    problems: ["NOT_FOUND"],
  },
  accountSessions: {
    ...keeping,
    method: "GET",
    path: `${ACCOUNT}/sessions`,
    summary: "Somebody's open sessions",
    answer: access.sessionList,
    problems: ["NOT_FOUND"],
  },
  endAccountSessions: {
    ...keeping,
    method: "DELETE",
    path: `${ACCOUNT}/sessions`,
    summary: "Ends all of somebody's sessions",
    answer: access.endedSessions,
    problems: ["NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, ConsoleAccessRoute>>;

export type ConsoleAccessRouteName = keyof typeof CONSOLE_ACCESS_ROUTES;
