/** Whatever was thrown, as what the caller is told. */

import { DatabaseError } from "../../../platform/database/database.js";
import type { Logger } from "../../../platform/logger/logger.js";
import { assertNever } from "../assert-never.js";
import { ConsoleRefusal, casesRefusal } from "./console-problem.js";
import { FiguresAway } from "./figures-desk.js";

export function refusalOf(error: unknown, logger: Logger): ConsoleRefusal {
  if (error instanceof ConsoleRefusal) return error;
  if (error instanceof FiguresAway) return awayRefusal(error);
  const expected = expectedRefusal(codeOf(error));
  if (expected !== null) return expected;
  logger.error("console.request-failed", { error });
  if (error instanceof DatabaseError && error.retryable)
    return casesRefusal("STORE_AWAY", "PostgreSQL does not answer; ask again later");
  return casesRefusal("INTERNAL", "the log of this process has the reason");
}

function awayRefusal({ code }: FiguresAway): ConsoleRefusal {
  switch (code) {
    case "AWAY":
      return casesRefusal("STORE_AWAY", "the analytics database does not answer; ask again later");
    case "TOO_LONG":
      return casesRefusal("QUERY_LIMIT", "it took too long; ask for a shorter range or fewer regions");
    case "TOO_MUCH":
      return casesRefusal(
        "QUERY_LIMIT",
        "it needed too much memory; ask for a shorter range or fewer regions",
      );
    default:
      return assertNever(code);
  }
}

/** What fastify says of a body. */
function expectedRefusal(code: string): ConsoleRefusal | null {
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return casesRefusal("BODY_TOO_LARGE", "at most 64 kB");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return casesRefusal("BODY_INVALID", "(body): expected JSON, as application/json");
    default:
      return null;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
