/**
 * `consumeOnce`, begun anew after each failure from where the sink's database stands.
 *
 * 1. What cannot pass by itself (a corrupt record, a newer release's) ends it at once. A database or log that is away is
 *    waited for however long: starting the process anew would bring neither back.
 */

import type { Clock } from "../clock/clock.js";
import { backoffMs, mayPass } from "../clock/retry.js";
import { type ConsumeOptions, consumeOnce } from "./consume-once.js";

export interface ConsumeAgainOptions<Mark> extends ConsumeOptions<Mark> {
  readonly clock: Clock;
  /** Before it waits, or ends. @param attempt failures without a batch between them, from 1. */
  readonly onFailure: (error: unknown, attempt: number) => void;
}

/** Until the signal is aborted. @throws what cannot pass by itself. */
export async function consumeAgain<Mark>(options: ConsumeAgainOptions<Mark>): Promise<void> {
  const { clock, signal } = options;
  let failures = 0;
  const onBatch: ConsumeOptions<Mark>["onBatch"] = (...batch) => {
    failures = 0;
    options.onBatch?.(...batch);
  };
  while (!signal.aborted) {
    try {
      await consumeOnce({ ...options, onBatch });
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      options.onFailure(error, failures);
      if (!mayPass(error)) throw error;
      await clock.sleep(backoffMs(failures), signal);
    }
  }
}
