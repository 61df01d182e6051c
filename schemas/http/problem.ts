/** Errors over HTTP: application/problem+json (RFC 9457) with a stable `code`. Values that were sent are never echoed. */
import * as z from "zod";

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** Every problem there is. Codes are stable; titles may be reworded. */
export const PROBLEMS = {
  NOTHING_ACCEPTED: { status: 400, title: "No record of the message was accepted" },
  BODY_EMPTY: { status: 400, title: "The message has no body" },
  BODY_INVALID: { status: 400, title: "The body has not the expected shape" },
  REQUEST_INVALID: { status: 400, title: "The request is not valid HTTP" },
  KEY_MISSING: { status: 401, title: "An API key is needed" },
  KEY_INVALID: { status: 401, title: "The API key is not valid" },
  KEY_REVOKED: { status: 403, title: "The API key was revoked" },
  NOT_PERMITTED: { status: 403, title: "The network may not do this" },
  NOT_FOUND: { status: 404, title: "There is nothing at this address" },
  METHOD_NOT_ALLOWED: { status: 405, title: "The address does not know this method" },
  REQUEST_TIMEOUT: { status: 408, title: "The request took too long to arrive" },
  EVENT_ID_REUSED: { status: 409, title: "The eventId was used before with other content" },
  BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  TOO_MANY_LINES: { status: 413, title: "The body has too many lines" },
  CONTENT_TYPE_UNSUPPORTED: { status: 415, title: "The content type is not supported" },
  RATE_LIMITED: { status: 429, title: "The network sends faster than agreed" },
  HEADERS_TOO_LARGE: { status: 431, title: "The headers are too large" },
  INTERNAL: { status: 500, title: "An error inside Kadun" },
  NOT_STORED: { status: 503, title: "The message could not be stored; send it again" },
  STOPPING: { status: 503, title: "The service is stopping; send again" },
  REGISTER_FULL: { status: 507, title: "The register takes no more entries" },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One line that was not accepted. */
export const refusedLine = z.object({
  line: z
    .number()
    .int()
    .min(1)
    .describe("1 for a single object; in NDJSON every line counts, empty ones too"),
  field: z.string().describe("path such as items.0.amountFen; empty for the whole record"),
  code: z.string().describe("why, from a fixed list: FIELD_INVALID, FIELD_FORBIDDEN, TIME_OUT_OF_RANGE …"),
  reason: z.string().describe("what was expected and what to do"),
  eventId: z.string().nullable(),
});

export const problem = z.object({
  type: z.string().describe("urn:kadun:problem: and the code in lower case"),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string().optional().describe("what was expected, and the next step"),
  refused: z.array(refusedLine).optional(),
});

export type RefusedLine = z.infer<typeof refusedLine>;
export type ProblemBody = z.infer<typeof problem>;

export function problemType(code: ProblemCode): string {
  return `urn:kadun:problem:${code.toLowerCase().replaceAll("_", "-")}`;
}
