/** Consumes one partition of kadun.decisions, again after each failure, from where the database stands. */

import type { Clock } from "../../platform/clock/clock.js";
import { consumeAgain } from "../../platform/event-log/consume-again.js";
import type { ConsumerSink, Progress } from "../../platform/event-log/consume-once.js";
import type { EventLog, ReadLimits } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import { DECISIONS_IN_ORDER, type OutcomePosition } from "../../schemas/topics.js";
import type { AlertsMetrics } from "./alerts-metrics.js";

/**
 * A batch is one transaction, and a database in process blocks its process meanwhile: 500 outcomes are some 25 ms. One
 * record alone can be a megabyte; four of them are read at most.
 */
const LIMITS: ReadLimits = { recordsMax: 500, bytesMax: 4_000_000, waitMs: 100 };
/**
 * A transaction is half a dozen statements whatever it holds, and at ten thousand swipes a second each of a dozen
 * partitions has eight in 10 ms: the statements would cost more than the rows. An SMS may wait half a second.
 */
const GATHER_MS = 500;

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
export function consumeDecisions(options: DecisionsConsumerOptions): Promise<void> {
  const { log, partition, sink, clock, logger, metrics, signal } = options;
  return consumeAgain({
    log,
    ...DECISIONS_IN_ORDER,
    partition,
    limits: LIMITS,
    gathering: { clock, everyMs: GATHER_MS },
    sink,
    clock,
    signal,
    onBatch: (applied, dropped, progress) => {
      metrics.batch(applied, dropped);
      options.onProgress(progress);
    },
    onFailure: (error, attempt) => {
      metrics.failed();
      logger.warn("alerts.consumer-retries", { partition, error, attempt });
    },
  });
}
