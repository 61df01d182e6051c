/**
 * Consuming a log exactly once in effect: the consumer's own database keeps, in one transaction with what it made of
 * the records, where it stands.
 *
 * Owns: the loop of one partition, dropping what is not above the high-water mark.
 * Does not own: the transaction (the sink's), restarting after an error (the caller's, from the sink's own place).
 *
 * 1. A batch is applied before the next is read; the sink stores `progress` in the transaction of the batch. A sink may
 *    have a batch cut, where a record has to wait for something of another partition.
 * 2. Records not above the high-water mark are dropped: a producer that was killed may append an outcome twice.
 * 3. An error ends the loop: nothing is skipped.
 * 4. Who gathers waits between two batches of a log that has been read to its end, never before the first record after a
 *    while, nor where it is behind.
 */

import type { Clock } from "../clock/clock.js";
import type { EventLog, LoggedRecord, ReadLimits } from "./event-log.js";

/** Where a consumer stands in one partition. `Mark` orders the records; it comes from their headers. */
export interface Progress<Mark> {
  /** Offset of the next record to read. */
  readonly nextOffset: number;
  /** Mark of the last record applied, null before the first. */
  readonly highWater: Mark | null;
}

export interface MarkedRecord<Mark> {
  readonly record: LoggedRecord;
  readonly mark: Mark;
}

export interface ConsumerSink<Mark> {
  /** Where this partition stands in the sink's database; null for a new one. */
  progress(partition: number): Promise<Progress<Mark> | null>;
  /**
   * How many of the records (one at least), from the first, may be applied now; missing: all. Waits until it is one at
   * least; 0 only where the signal was aborted.
   */
  applicable?(
    partition: number,
    records: readonly MarkedRecord<Mark>[],
    signal: AbortSignal,
  ): Promise<number>;
  /**
   * Makes records and progress part of the database in one transaction. `records` can be empty (all were repeats).
   * Called again with the same records after a failure.
   */
  apply(partition: number, records: readonly MarkedRecord<Mark>[], progress: Progress<Mark>): Promise<void>;
}

/**
 * For a sink whose batch costs much whatever it holds: a busy log would give it batches of a few records. Records wait
 * `everyMs` longer at most.
 */
export interface Gathering {
  readonly clock: Clock;
  /** Between the beginnings of two batches. */
  readonly everyMs: number;
}

export interface ConsumeOptions<Mark> {
  readonly log: EventLog;
  readonly topic: string;
  readonly partition: number;
  readonly limits: ReadLimits;
  /** Missing: what is there is taken at once. */
  readonly gathering?: Gathering;
  readonly markOf: (record: LoggedRecord) => Mark;
  readonly isAbove: (mark: Mark, highWater: Mark | null) => boolean;
  readonly sink: ConsumerSink<Mark>;
  readonly signal: AbortSignal;
  /** After each batch: records applied and dropped, for metrics. */
  readonly onBatch?: (applied: number, dropped: number, progress: Progress<Mark>) => void;
}

/** Runs until the signal is aborted. @throws whatever log or sink throw; start again to retry. */
export async function consumeOnce<Mark>(options: ConsumeOptions<Mark>): Promise<void> {
  const { log, topic, partition, sink, signal } = options;
  let progress = (await sink.progress(partition)) ?? { nextOffset: 0, highWater: null };
  const reader = await log.reader(topic, partition, progress.nextOffset);
  try {
    while (!signal.aborted) {
      const batch = await reader.read(options.limits);
      if (batch.length === 0) continue;
      const beganAtMs = options.gathering?.clock.now() ?? 0;
      progress = await applyBatch(batch, progress, options);
      await gathered(batch, beganAtMs, options);
    }
  } finally {
    await reader.close();
  }
}

/** Waits for the next batch to fill, where this one was all that there was. */
async function gathered<Mark>(
  batch: readonly LoggedRecord[],
  beganAtMs: number,
  { gathering, limits, signal }: ConsumeOptions<Mark>,
): Promise<void> {
  if (gathering === undefined || batch.length >= limits.recordsMax) return;
  const { clock, everyMs } = gathering;
  // A reader gives what it has fetched, which is less than a batch now and then: who is behind is told by the records' age.
  if (beganAtMs - batch.at(-1)!.appendedAtMs > everyMs) return;
  // A clock that is set back makes nobody wait longer.
  const spentMs = Math.max(0, clock.now() - beganAtMs);
  if (spentMs < everyMs) await clock.sleep(everyMs - spentMs, signal);
}

/** In as many parts as the sink wants. @returns where that leads; unfinished only where the signal was aborted. */
async function applyBatch<Mark>(
  batch: readonly LoggedRecord[],
  before: Progress<Mark>,
  options: ConsumeOptions<Mark>,
): Promise<Progress<Mark>> {
  const { partition, sink, signal } = options;
  let progress = before;
  let rest = recordsAbove(batch, before.highWater, options);
  let dropped = batch.length - rest.length;
  for (;;) {
    const count = rest.length === 0 ? 0 : ((await sink.applicable?.(partition, rest, signal)) ?? rest.length);
    if (count === 0 && rest.length > 0) return progress;
    const part = rest.slice(0, count);
    rest = rest.slice(count);
    progress = {
      nextOffset: rest[0]?.record.offset ?? batch.at(-1)!.offset + 1,
      highWater: part.at(-1)?.mark ?? progress.highWater,
    };
    await sink.apply(partition, part, progress);
    options.onBatch?.(part.length, dropped, progress);
    if (rest.length === 0) return progress;
    dropped = 0;
  }
}

function recordsAbove<Mark>(
  batch: readonly LoggedRecord[],
  highWater: Mark | null,
  { markOf, isAbove }: Pick<ConsumeOptions<Mark>, "markOf" | "isAbove">,
): readonly MarkedRecord<Mark>[] {
  const above: MarkedRecord<Mark>[] = [];
  let highest = highWater;
  for (const record of batch) {
    const mark = markOf(record);
    if (!isAbove(mark, highest)) continue;
    highest = mark;
    above.push({ record, mark });
  }
  return above;
}
