/** What `/v1/rules` and `/v1/people` refuse: application/problem+json (RFC 9457) with a stable `code`. */
import * as z from "zod";
import { SESSION_PROBLEMS } from "./admission-problem.js";

export const RULES_PROBLEMS = {
  BODY_INVALID: { status: 400, title: "The body has not the expected shape" },
  BUNDLE_INVALID: { status: 400, title: "The bundle has mistakes" },
  NAME_INVALID: { status: 400, title: "This is no name for a person" },
  KEY_MISSING: { status: 401, title: "The key of a person is needed" },
  KEY_INVALID: { status: 401, title: "The key is not valid" },
  KEY_REVOKED: { status: 403, title: "The person was revoked" },
  ...SESSION_PROBLEMS,
  NOT_FOUND: { status: 404, title: "There is nothing at this address" },
  VERSION_UNKNOWN: { status: 404, title: "There is no such version" },
  PERSON_UNKNOWN: { status: 404, title: "There is no such person" },
  METHOD_NOT_ALLOWED: { status: 405, title: "The address does not know this method" },
  PERSON_EXISTS: { status: 409, title: "There is a person of this name" },
  VERSION_WITHDRAWN: { status: 409, title: "The version was withdrawn" },
  VERSION_ACTIVATED: { status: 409, title: "The version was activated already" },
  VERSION_OLD: { status: 409, title: "The version is older than the running one" },
  OWN_DRAFT: { status: 409, title: "An author does not approve his own draft" },
  SAME_PERSON: { status: 409, title: "Another person is needed" },
  NOT_APPROVED: { status: 409, title: "No other person has approved the version" },
  AUTHOR_REVOKED: { status: 409, title: "The author was revoked" },
  GUARD_OBJECTS: { status: 409, title: "The guard objects and nobody has confirmed" },
  NOTHING_TO_CONFIRM: { status: 409, title: "There is no objection to confirm" },
  PARTIAL: { status: 409, title: "Another activation is not answered by every partition" },
  NOTHING_CHANGES: { status: 409, title: "This is so already" },
  NOTHING_BEFORE: { status: 409, title: "Nothing ran before the running version" },
  ROLLBACK_OUTDATED: { status: 409, title: "What ran before is another version by now" },
  BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  INTERNAL: { status: 500, title: "An error inside Kadun" },
  NOT_TAKEN_OVER: { status: 503, title: "The running activation is not known yet" },
  STORE_AWAY: { status: 503, title: "The database does not answer" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type RulesProblemCode = keyof typeof RULES_PROBLEMS;

/** A mistake in a bundle. */
export const bundleMistake = z.object({
  path: z.string().describe("such as ruleset.rules.3.params.limitFen; empty for the whole"),
  expected: z.string(),
});

export const rulesProblem = z.object({
  type: z.string().describe("urn:kadun:problem: and the code in lower case"),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(RULES_PROBLEMS) as [RulesProblemCode, ...RulesProblemCode[]]),
  detail: z.string().describe("what stands against it, and the next step"),
  mistakes: z.array(bundleMistake).optional(),
});

export type BundleMistake = z.infer<typeof bundleMistake>;
export type RulesProblemBody = z.infer<typeof rulesProblem>;
