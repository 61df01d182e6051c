/**
 * Follows one partition of kadun.decisions for answers to activations, again after each failure.
 *
 * A new consumer begins at the log's end, before the first activation is published here: what was decided before holds
 * no answer that anybody waits for.
 */

import type { Clock } from "../../platform/clock/clock.js";
import { consumeAgain } from "../../platform/event-log/consume-again.js";
import type { EventLog, ReadLimits } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import { DECISIONS_IN_ORDER, Topic } from "../../schemas/topics.js";
import { answersProgress } from "./answers-progress.js";
import type { AnswersSink } from "./answers-sink.js";
import type { Reads } from "./tables.js";

/** Of nearly all records only the first bytes are looked at: a batch is what a read of the log gives cheaply. */
const LIMITS: ReadLimits = { recordsMax: 2_000, bytesMax: 4_000_000, waitMs: 250 };

export interface AnswersConsumerOptions {
  readonly log: EventLog;
  readonly partition: number;
  readonly sink: AnswersSink;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Until the signal is aborted. @throws what ended it. */
export function followAnswers(options: AnswersConsumerOptions): Promise<void> {
  const { log, partition, sink, clock, logger, signal } = options;
  return consumeAgain({
    log,
    ...DECISIONS_IN_ORDER,
    partition,
    limits: LIMITS,
    sink,
    clock,
    signal,
    onFailure: (error, attempt) => logger.warn("bundles.answers-retried", { partition, error, attempt }),
  });
}

/** Puts a new consumer at the log's end, and one that the log's start has overtaken at the start. @throws EventLogError, DatabaseError. */
export async function beginAnswers(log: EventLog, tables: Reads, partition: number): Promise<void> {
  const { start, end } = await log.bounds(Topic.DECISIONS, partition);
  const stored = await answersProgress.stored(tables, partition);
  if (stored !== null && stored.nextOffset >= start) return;
  const place = { nextOffset: stored === null ? end : start, highWater: stored?.highWater ?? null };
  await tables.transaction().execute((trx) => answersProgress.store(trx, partition, place));
}
