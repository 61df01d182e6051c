/**
 * Consumes one partition of kadun.decisions, again after each failure, from where the database stands.
 *
 * 1. What cannot pass by itself (a corrupt record, a newer release's) ends it at once. A database or log that is away is
 *    waited for however long: starting the process anew would bring neither back.
 */

import type { Clock } from "../../platform/clock/clock.js";
import { type ConsumerSink, consumeOnce, type Progress } from "../../platform/event-log/consume-once.js";
import type { EventLog, ReadLimits } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { AlertsMetrics } from "./alerts-metrics.js";
import { backoffMs } from "./backoff.js";

/**
 * A batch is one transaction, and a database in process blocks its process meanwhile: 200 outcomes are some 10 ms. One
 * record alone can be a megabyte; four of them are read at most.
 */
const LIMITS: ReadLimits = { recordsMax: 200, bytesMax: 4_000_000, waitMs: 100 };
export interface DecisionsConsumerOptions {
  readonly log: EventLog;
  readonly partition: number;
  readonly sink: ConsumerSink<OutcomePosition>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertsMetrics;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress<OutcomePosition>) => void;
}

/** Until the signal is aborted. @throws what ended it. */
export async function consumeDecisions(options: DecisionsConsumerOptions): Promise<void> {
  const { partition, clock, logger, metrics, signal } = options;
  let failures = 0;
  const onBatch = (applied: number, dropped: number, progress: Progress<OutcomePosition>) => {
    failures = 0;
    metrics.batch(applied, dropped);
    options.onProgress(progress);
  };
  while (!signal.aborted) {
    try {
      await consumeFromStored(options, onBatch);
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      metrics.failed();
      if (!mayPass(error)) throw error;
      logger.warn("alerts.consumer-retries", { partition, error, attempt: failures });
      await clock.sleep(backoffMs(failures), signal);
    }
  }
}

function consumeFromStored(
  { log, partition, sink, signal }: DecisionsConsumerOptions,
  onBatch: (applied: number, dropped: number, progress: Progress<OutcomePosition>) => void,
): Promise<void> {
  return consumeOnce({
    log,
    topic: Topic.DECISIONS,
    partition,
    limits: LIMITS,
    markOf: ({ header }) => decodePosition(header),
    isAbove,
    sink,
    signal,
    onBatch,
  });
}

/** Errors without a word on it (a programming error, a header that is none) do not pass. */
function mayPass(error: unknown): boolean {
  return error instanceof Error && "retryable" in error && error.retryable === true;
}
