/** What `/v1/appeals` and `/v1/reversals` refuse, as application/problem+json. Codes are stable; titles may be reworded. */
import * as z from "zod";
import { SESSION_PROBLEMS } from "./admission-problem.js";

export const APPEALS_PROBLEMS = {
  BODY_INVALID: { status: 400, title: "The body has not the expected shape" },
  KEY_MISSING: { status: 401, title: "A key is needed" },
  KEY_INVALID: { status: 401, title: "The key is not valid here" },
  KEY_REVOKED: { status: 403, title: "The key was revoked" },
  ...SESSION_PROBLEMS,
  NOT_FOUND: { status: 404, title: "There is nothing at this address" },
  BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  CONFLICT: { status: 409, title: "The appeal has changed since it was read" },
  NOT_IN_THIS_STATE: { status: 409, title: "The appeal is in another state" },
  SAME_PERSON: { status: 403, title: "Somebody else has to review it" },
  NEEDS_ANOTHER_PERSON: { status: 403, title: "Somebody else has to confirm it" },
  DECIDED_ALREADY_BY_YOU: { status: 403, title: "Somebody who took no part has to reconsider it" },
  NOT_INVESTIGATED: { status: 409, title: "No findings are recorded" },
  OUTCOMES_INCOMPLETE: { status: 400, title: "The outcomes are not one for each claimed swipe" },
  OWN_NOT_REJECTED: { status: 400, title: "An own swipe is not among the rejected ones" },
  NO_PROPOSAL: { status: 409, title: "No decision is proposed" },
  WORSE_FOR_HOLDER: { status: 409, title: "It would be worse for the holder" },
  STORE_AWAY: { status: 503, title: "The database does not answer; ask again" },
  INTERNAL: { status: 500, title: "An error inside Kadun" },
} as const satisfies Readonly<Record<string, { status: number; title: string }>>;

export type AppealsProblemCode = keyof typeof APPEALS_PROBLEMS;

export const appealsProblem = z.object({
  type: z.string().describe("urn:kadun:problem: and the code in lower case"),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(APPEALS_PROBLEMS) as [AppealsProblemCode, ...AppealsProblemCode[]]),
  detail: z.string().describe("what stands against it, and the next step"),
});
