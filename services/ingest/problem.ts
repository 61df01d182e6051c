/** Errors of the gateway and how they are written. One place maps errors to status, and says what is logged. */

import type { FastifyReply } from "fastify";
import {
  PROBLEM_CONTENT_TYPE,
  PROBLEMS,
  type ProblemBody,
  type ProblemCode,
  problemType,
} from "../../schemas/http/problem.js";

export interface ProblemDetails {
  /** What was expected, and the next step; never a value that was sent. */
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
  /** More members of the body. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Ends a request with a problem. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly retryable: boolean;
  readonly details: ProblemDetails;

  constructor(
    readonly code: ProblemCode,
    details: ProblemDetails = {},
  ) {
    super(PROBLEMS[code].title, { cause: details.cause });
    this.details = details;
    this.retryable = details.retryAfterSeconds !== undefined;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  body(): ProblemBody {
    const { status, title } = PROBLEMS[this.code];
    const { detail, more } = this.details;
    return {
      type: problemType(this.code),
      title,
      status,
      code: this.code,
      ...(detail === undefined ? {} : { detail }),
      ...more,
    };
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { retryAfterSeconds } = problem.details;
  if (retryAfterSeconds !== undefined) reply.header("retry-after", String(retryAfterSeconds));
  if (problem.status === PROBLEMS.KEY_MISSING.status) reply.header("www-authenticate", "Bearer");
  return reply
    .code(problem.status)
    .header("content-type", PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problem.body()));
}

/** What fastify itself refuses, by its error code. */
const FRAMEWORK_PROBLEMS: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new Problem("CONTENT_TYPE_UNSUPPORTED", {
    detail: "send application/json, or application/x-ndjson where several records may be sent",
  }),
  FST_ERR_CTP_BODY_TOO_LARGE: new Problem("BODY_TOO_LARGE", { detail: "send fewer records in one message" }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new Problem("REQUEST_INVALID", {
    detail: "the body is not as long as Content-Length says",
  }),
  FST_ERR_BAD_URL: new Problem("REQUEST_INVALID", { detail: "the address is not valid" }),
  FST_ERR_MAX_PARAM_LENGTH: new Problem("NOT_FOUND"),
};

/** The problem of any error a request ended with; null for one that nobody expected. */
export function expectedProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (typeof code === "string" && Object.hasOwn(FRAMEWORK_PROBLEMS, code)) return FRAMEWORK_PROBLEMS[code]!;
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500)
    return new Problem("REQUEST_INVALID");
  return null;
}
