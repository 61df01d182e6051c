/** Waiting for what other processes do: looked at again and again, given up where it takes beyond all reason. */

import { setTimeout as wait } from "node:timers/promises";

const LOOK_EVERY_MS = 50;
/** A machine with two cores and much other work: starts and rebalances take ten times as long there. */
const UNTIL_MS_MAX = 120_000;

/** @param look anything but null and false ends the waiting. @throws Error naming what did not come. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false> | T | null | false,
  everyMs = LOOK_EVERY_MS,
): Promise<T> {
  for (const endMs = performance.now() + UNTIL_MS_MAX; performance.now() < endMs; await wait(everyMs)) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
  }
  throw new Error(`${what}: not within ${UNTIL_MS_MAX} ms`);
}
