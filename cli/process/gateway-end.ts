/** The end of the gateway: requests under way are answered, a caller that does not go on holds nobody up. */

import type { FastifyInstance } from "fastify";
import type { Clock } from "../../platform/clock/clock.js";
import type { Closable } from "./closers.js";

/** Beyond the limit of an answer: for the append and the way back. */
const GRACE_MS = 2_000;
/** What comes after (the last checkpoint, closing the databases) needs its part of the deadline of all. */
const GRACE_MS_MAX = 10_000;
const PAUSE_MS = 50;

/**
 * `app.close()` waits for every connection: for one that was answered and is kept for a next request, for one that has
 * sent half a request, or none yet. A pool that connects ahead would take the process to its deadline, and its last
 * checkpoint with it. Answered ones are closed at once, the others are cut after the grace.
 */
export function gatewayEnd(app: FastifyInstance, clock: Clock, answerTimeLimitMs: number): Closable {
  return {
    close: async () => {
      const closed = new AbortController();
      const cutting = cutConnections(app, clock, answerTimeLimitMs, closed.signal);
      try {
        await app.close();
      } finally {
        closed.abort();
        await cutting;
      }
    },
  };
}

async function cutConnections(
  { server }: FastifyInstance,
  clock: Clock,
  answerTimeLimitMs: number,
  closed: AbortSignal,
): Promise<void> {
  for (let leftMs = Math.min(GRACE_MS_MAX, answerTimeLimitMs + GRACE_MS); leftMs > 0; leftMs -= PAUSE_MS) {
    await clock.sleep(PAUSE_MS, closed);
    if (closed.aborted) return;
    server.closeIdleConnections();
  }
  server.closeAllConnections();
}
