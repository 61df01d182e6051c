/** What sign-in, sessions and accounts refuse, as application/problem+json. Codes are stable; titles may be reworded. */
import * as z from "zod";
import { SESSION_PROBLEMS } from "./admission-problem.js";

export const CONSOLE_ACCESS_PROBLEMS = {
  ...SESSION_PROBLEMS,
  KEY_MISSING: { status: 401, title: "Nobody has signed in" },
  KEY_INVALID: { status: 401, title: "The key is not valid here" },
  KEY_REVOKED: { status: 403, title: "The key was revoked" },
  BODY_INVALID: { status: 400, title: "The body has not the expected shape" },
  NAME_INVALID: { status: 400, title: "This is no name for a person" },
  PASSWORD_WEAK: { status: 400, title: "The password is too easy to guess" },
  SCOPE_UNKNOWN: { status: 400, title: "There is no such region" },
  SIGN_IN_FAILED: { status: 401, title: "Name or password is wrong" },
  PASSWORD_WRONG: { status: 403, title: "The current password is wrong" },
  DEMO_REFUSED: { status: 403, title: "The demonstration's user is for this machine only" },
  NOT_FOUND: { status: 404, title: "There is nothing at this address" },
  LINK_INVALID: { status: 404, title: "The link was used, replaced or has expired" },
  CONFLICT: { status: 409, title: "The account has changed since it was read" },
  ACCOUNT_EXISTS: { status: 409, title: "There is an account of this name" },
  SUBJECT_TAKEN: { status: 409, title: "Another account has this subject" },
  LAST_ADMINISTRATOR: { status: 409, title: "Nobody else could keep accounts" },
  BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  TRIES_EXCEEDED: { status: 429, title: "Too many wrong passwords; wait" },
  BUSY: { status: 503, title: "Too many sign-ins at once; try again" },
  STORE_AWAY: { status: 503, title: "The database does not answer; ask again" },
  INTERNAL: { status: 500, title: "An error inside Kadun" },
} as const satisfies Readonly<Record<string, { status: number; title: string }>>;

export type ConsoleAccessProblemCode = keyof typeof CONSOLE_ACCESS_PROBLEMS;

export const consoleAccessProblem = z.object({
  type: z.string().describe("urn:kadun:problem: and the code in lower case"),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(
    Object.keys(CONSOLE_ACCESS_PROBLEMS) as [ConsoleAccessProblemCode, ...ConsoleAccessProblemCode[]],
  ),
  detail: z.string().describe("what stands against it, and the next step"),
  waitSeconds: z.number().int().optional().describe("of TRIES_EXCEEDED: until the next try is looked at"),
});
