/** Sign-in, sessions and accounts of the console: what is asked and what comes back. */
import * as z from "zod";
import { PERMISSIONS, type Permission, ROLES, SCOPE_PREFIXES_MAX } from "../console/access.js";
import { instant } from "../fields.js";

/** A phrase of many words fits; hashing takes the same time for any length. */
export const PASSWORD_LENGTH_MAX = 200;
export const PASSWORD_LENGTH_MIN = 12;
const NAME_LENGTH_MAX = 32;
/** 256 bits as base64url. */
const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "expected the 43 signs of a one-time link");
/** Of what is tried; what a new one needs is said by PASSWORD_WEAK. */
const password = z.string().min(1).max(PASSWORD_LENGTH_MAX);
const name = z.string().min(1).max(NAME_LENGTH_MAX);

export const roles = z.array(z.enum(ROLES)).min(1).max(ROLES.length);
export const scope = z
  .array(z.string().regex(/^(\d{2}|\d{4}|\d{6})?$/, "expected 2, 4 or 6 digits; empty for the nation"))
  .max(SCOPE_PREFIXES_MAX)
  .describe("division codes, each with everything below it; empty text: the nation; none: no rows at all");

/** Who has signed in, and what they may do. */
export const session = z.object({
  name: z.string(),
  roles: z.array(z.enum(ROLES)).describe("empty for keys of people without an account, who may everything"),
  permissions: z.array(z.enum(PERMISSIONS as [Permission, ...Permission[]])),
  scope,
  csrf: z
    .string()
    .describe("header x-kadun-csrf of every change; empty where a key signs in, which needs none"),
  isDemo: z.boolean().describe("the local user of a demonstration"),
  now: instant.describe("what time it is on the pages: a demonstration's days are past"),
});

export const signInBody = z.object({ name, password });
export const signInOptions = z.object({
  oidc: z.boolean().describe("GET /v1/console/oidc/start signs in elsewhere"),
  demo: z.boolean().describe("POST /v1/console/demo-session signs in without a password"),
  firstRun: z
    .boolean()
    .describe("nobody has a password yet: the one-time link that the start printed gives one"),
});

export const linkBody = z.object({ token });
/** Of whom a one-time link is. */
export const linkOwner = z.object({ name: z.string(), expiresAt: instant });
export const welcomeBody = z.object({ token, password });
export const passwordBody = z.object({ current: password, password });
export const endedSessions = z.object({ ended: z.number().int().min(0) });

export const sessionSummary = z.object({
  sessionId: z.string().describe("not its token"),
  startedAt: instant,
  usedAt: instant.describe("to the minute"),
  expiresAt: instant.describe("where it is not used before"),
  method: z.enum(["password", "link", "oidc", "demo"]),
  device: z.string().describe("as the browser calls itself, cut; never shown as anything but text"),
  isCurrent: z.boolean(),
});
export const sessionList = z.object({ sessions: z.array(sessionSummary) });

export const account = z.object({
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  scope,
  version: z.number().int().min(1).describe("one more with each change"),
  isDisabled: z.boolean(),
  hasPassword: z.boolean(),
  oidcSubject: z.string().nullable().describe("who this is at the identity provider"),
  linkExpiresAt: instant.nullable().describe("of the one-time link that is open"),
  lockedUntil: instant.nullable().describe("after wrong passwords"),
  sessions: z.number().int().min(0).describe("open ones"),
  createdAt: instant,
});
export const accountList = z.object({ accounts: z.array(account) });

const oidcSubject = z.string().min(1).max(255).nullable();
export const newAccountBody = z.object({ name, roles, scope, oidcSubject: oidcSubject.default(null) });
export const accountBody = z.object({
  version: z.number().int().min(1).describe("that was seen"),
  roles,
  scope,
  isDisabled: z.boolean(),
  oidcSubject,
});
/** Shown once: whoever has it chooses the password. The page is `/welcome#TOKEN`. */
export const oneTimeLink = z.object({ token, expiresAt: instant });
export const newAccountAnswer = z.object({ account, link: oneTimeLink });

export type SessionAnswer = z.infer<typeof session>;
export type SessionSummary = z.infer<typeof sessionSummary>;
export type AccountAnswer = z.infer<typeof account>;
export type OneTimeLink = z.infer<typeof oneTimeLink>;
