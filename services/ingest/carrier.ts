/**
 * The carrier: reads the decisions log for persons who moved to another key (docs/decisions/0009).
 *
 * Owns: one loop for each partition it is given, trying again.
 * Does not own: who decides about the partitions (all of them embedded, a group of processes distributed), what is
 * carried (carrier-sink.ts), the writer, which closes after it.
 *
 * 1. Two processes may carry one partition for a while: the judge of the new key takes each record in once.
 * 2. Errors that may pass are waited out without end; any other ends the carrier, once, by `onFailure`: without it
 *    records of persons who moved would wait for ever.
 */

import type { Clock } from "../../platform/clock/clock.js";
import { consumeOnce } from "../../platform/event-log/consume-once.js";
import type { ReadLimits } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import { DECISIONS_IN_ORDER } from "../../schemas/topics.js";
import { CarrierSink, type CarrierSinkOptions } from "./carrier-sink.js";
import { PassingTrouble } from "./passing-trouble.js";

const LIMITS: ReadLimits = { recordsMax: 1_000, bytesMax: 4 << 20, waitMs: 250 };
const BACKOFF_FIRST_MS = 50;
/** A broker that fails over takes seconds. */
const BACKOFF_MAX_MS = 5_000;

export interface CarrierOptions extends CarrierSinkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The process has to end. Called at most once. */
  readonly onFailure: (error: unknown) => void;
}

interface Lane {
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

export class Carrier {
  private readonly sink: CarrierSink;
  private readonly lanes = new Map<number, Lane>();
  private isClosed = false;
  private hasFailed = false;

  constructor(private readonly options: CarrierOptions) {
    this.sink = new CarrierSink(options);
  }

  /** From now on these partitions of the decisions log, and no others. */
  assign(partitions: readonly number[]): void {
    if (this.isClosed) return;
    for (const [partition, lane] of this.lanes)
      if (!partitions.includes(partition)) {
        lane.stopping.abort();
        this.lanes.delete(partition);
      }
    for (const partition of partitions) if (!this.lanes.has(partition)) this.begin(partition);
  }

  /** Carries what it has read, reads no more. Idempotent. */
  async close(): Promise<void> {
    this.isClosed = true;
    const lanes = [...this.lanes.values()];
    for (const { stopping } of lanes) stopping.abort();
    await Promise.all(lanes.map(({ ended }) => ended));
  }

  private begin(partition: number): void {
    const stopping = new AbortController();
    const ended = this.run(partition, stopping.signal).catch((error: unknown) => this.fail(error));
    this.lanes.set(partition, { stopping, ended });
  }

  private fail(error: unknown): void {
    if (this.hasFailed || this.isClosed) return;
    this.hasFailed = true;
    this.options.onFailure(error);
  }

  private async run(partition: number, signal: AbortSignal): Promise<void> {
    const { log, clock, logger } = this.options;
    const trouble = new PassingTrouble({
      clock,
      firstMs: BACKOFF_FIRST_MS,
      maxMs: BACKOFF_MAX_MS,
      onWait: (error, attempt) => logger.warn("ingest.carrier-retries", { partition, attempt, error }),
    });
    while (!signal.aborted) {
      try {
        await consumeOnce({
          log,
          ...DECISIONS_IN_ORDER,
          partition,
          limits: LIMITS,
          sink: this.sink,
          signal,
          onBatch: () => trouble.over(),
        });
      } catch (error) {
        if (signal.aborted) return;
        await trouble.pass(error, signal);
      }
    }
  }
}
