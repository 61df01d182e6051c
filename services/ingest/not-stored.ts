/** A log or store did not take what was sent: the sender keeps it and sends it again. */

import type { GatewayParts } from "./gateway-parts.js";
import { Problem } from "./problem.js";

const DETAIL = "nothing is lost where the same message is sent again, under the same eventIds";

/** @param cause null where there was no room to begin with. @param more members of the problem's body. */
export function notStored(
  { logger, limits }: Pick<GatewayParts, "logger" | "limits">,
  cause: unknown,
  more: Readonly<Record<string, unknown>> = {},
): Problem {
  // A full queue is expected under overload and says so in the metrics; anything else wants somebody's eye.
  const { code } = (cause ?? {}) as { code?: unknown };
  if (cause !== null && code !== "LOG_BUSY" && code !== "LOG_CLOSED")
    logger.error("ingest.not-stored", { error: cause });
  return new Problem("NOT_STORED", {
    detail: DETAIL,
    retryAfterSeconds: limits.retryAfterSeconds,
    more,
    cause: cause ?? undefined,
  });
}
