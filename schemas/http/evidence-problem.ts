/** What `/v1/evidence` refuses: application/problem+json (RFC 9457) with a stable `code`. */
import * as z from "zod";
import { SESSION_PROBLEMS } from "./admission-problem.js";

export const EVIDENCE_PROBLEMS = {
  BODY_INVALID: { status: 400, title: "The body has not the expected shape" },
  KEY_MISSING: { status: 401, title: "The key of a person is needed" },
  KEY_INVALID: { status: 401, title: "The key is not valid" },
  KEY_REVOKED: { status: 403, title: "The person was revoked" },
  ...SESSION_PROBLEMS,
  NOT_FOUND: { status: 404, title: "There is nothing at this address" },
  CASE_UNKNOWN: { status: 404, title: "There is no such case" },
  REQUEST_UNKNOWN: { status: 404, title: "There is no such request" },
  METHOD_NOT_ALLOWED: { status: 405, title: "The address does not know this method" },
  CASE_OF_NO_PERSON: { status: 409, title: "The case is not about a person" },
  SAME_PERSON: { status: 409, title: "Another person is needed" },
  APPROVED_ALREADY: { status: 409, title: "The request was approved already" },
  NOT_APPROVED: { status: 409, title: "Nobody has approved the request" },
  PERSON_REVOKED: { status: 409, title: "Who asked or approved was revoked since" },
  NOTHING_PROVEN: { status: 409, title: "There is no day proof with a record of the person yet" },
  KEYS_ELSEWHERE: { status: 409, title: "The keys are in a module" },
  RECORDS_MISSING: { status: 409, title: "Records of the person are in no log and no archive" },
  BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  INTERNAL: { status: 500, title: "An error inside Kadun" },
  BUSY: { status: 503, title: "Another package is being made" },
  SIGNER_AWAY: { status: 503, title: "Who signs or stamps the time does not do it" },
  STORE_AWAY: { status: 503, title: "The database does not answer" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type EvidenceProblemCode = keyof typeof EVIDENCE_PROBLEMS;

export const evidenceProblem = z.object({
  type: z.string().describe("urn:kadun:problem: and the code in lower case"),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(EVIDENCE_PROBLEMS) as [EvidenceProblemCode, ...EvidenceProblemCode[]]),
  detail: z.string().describe("what stands against it, and the next step"),
});

export type EvidenceProblemBody = z.infer<typeof evidenceProblem>;
