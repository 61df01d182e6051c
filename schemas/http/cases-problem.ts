/** What `/v1/cases` and `/v1/audit` refuse, as application/problem+json. Codes are stable; titles may be reworded. */
import * as z from "zod";
import { SESSION_PROBLEMS } from "./admission-problem.js";

export const CASES_PROBLEMS = {
  BODY_INVALID: { status: 400, title: "The body has not the expected shape" },
  KEY_MISSING: { status: 401, title: "A key is needed" },
  KEY_INVALID: { status: 401, title: "The key is not valid here" },
  KEY_REVOKED: { status: 403, title: "The key was revoked" },
  ...SESSION_PROBLEMS,
  NOT_FOUND: { status: 404, title: "There is nothing at this address" },
  BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  CONFLICT: { status: 409, title: "The case has changed since it was read" },
  NOT_ASSIGNED: { status: 409, title: "The case is not assigned to you" },
  ASSIGNED_TO_OTHER: { status: 409, title: "Somebody else has the case" },
  TRANSITION_UNKNOWN: { status: 409, title: "From this state the case cannot get there" },
  REASON_MISSING: { status: 400, title: "A reason is needed" },
  PROPOSAL_OPEN: { status: 409, title: "A proposal is open" },
  PROPOSAL_UNKNOWN: { status: 404, title: "No such proposal is open" },
  PROPOSAL_EXPIRED: { status: 409, title: "The proposal has expired" },
  SAME_PERSON: { status: 403, title: "Somebody else has to decide" },
  CASE_GREW: { status: 409, title: "The case has more alerts than when it was proposed" },
  APPEAL_OPEN: { status: 409, title: "An appeal about it is open" },
  LATER_CASE: { status: 409, title: "A later case of the same subject is there" },
  PERSON_UNKNOWN: { status: 404, title: "There is no such person" },
  PROPOSER_REVOKED: { status: 409, title: "Who proposed it was revoked" },
  NOTE_UNKNOWN: { status: 404, title: "No such note stands" },
  RULES_UNKNOWN: { status: 400, title: "The case has no standing alert of this rule" },
  CASE_CLOSED: { status: 409, title: "The case is closed" },
  NO_CALL_OPEN: { status: 409, title: "Nobody is to be phoned" },
  CASE_FULL: { status: 409, title: "The case takes no more notes" },
  QUERY_LIMIT: { status: 422, title: "The question reads too much" },
  STREAMS_FULL: { status: 429, title: "Too many live views are open" },
  REBUILDING: { status: 503, title: "Cases are being made again" },
  STORE_AWAY: { status: 503, title: "The database does not answer; ask again" },
  INTERNAL: { status: 500, title: "An error inside Kadun" },
} as const satisfies Readonly<Record<string, { status: number; title: string }>>;

export type CasesProblemCode = keyof typeof CASES_PROBLEMS;

export const casesProblem = z.object({
  type: z.string().describe("urn:kadun:problem: and the code in lower case"),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(CASES_PROBLEMS) as [CasesProblemCode, ...CasesProblemCode[]]),
  detail: z.string().describe("what stands against it, and the next step"),
});
export type CasesProblemBody = z.infer<typeof casesProblem>;
