/**
 * The producer of `kadun.answers`, made anew where it has become useless: a lane that takes nothing more (CORRUPT) would
 * take nothing until the process is started again.
 *
 * Owns: the one producer of the topic, when the next one is opened.
 * Does not own: what becomes of answers that could not be appended (answer-sender.ts).
 *
 * 1. There is one producer at a time: the next one is opened after the one before was closed.
 * 2. Each further attempt comes later, until every partition that failed has taken something again.
 * 3. The other partitions use the old producer until it is closed, and wait while the next one is opened.
 */

import type { Clock } from "../../platform/clock/clock.js";
import { EventLogError, type LogEntry, type LogProducer } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";

const BACKOFF_MS_FIRST = 1_000;
/** What is dropped meanwhile is late for its caller, no more. */
const BACKOFF_MS_MAX = 30_000;

export interface AnswerProducerOptions {
  /** Of `kadun.answers`; called again after the one before was closed. */
  readonly openProducer: () => Promise<LogProducer>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class AnswerProducer {
  private readonly closing = new AbortController();
  private readonly failing = new Set<number>();
  private renewing: Promise<void> | null = null;
  private swapping: Promise<void> | null = null;
  private attempt = 0;

  private constructor(
    private readonly options: AnswerProducerOptions,
    /** null where the next one could not be opened yet. */
    private producer: LogProducer | null,
  ) {}

  /** @throws what `openProducer` throws. */
  static async open(options: AnswerProducerOptions): Promise<AnswerProducer> {
    return new AnswerProducer(options, await options.openProducer());
  }

  /** @throws EventLogError and whatever the producer throws: the entries may be in the log, or not. */
  async append(partition: number, entries: readonly LogEntry[]): Promise<void> {
    await this.swapping;
    const { producer } = this;
    if (producer === null) throw noProducer();
    try {
      await producer.append(partition, entries);
      this.worked(partition);
    } catch (error) {
      if (producer === this.producer && isUseless(error)) this.failed(partition);
      throw error;
    }
  }

  /** After the append in flight. Idempotent. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.renewing;
    await this.producer?.close();
  }

  private worked(partition: number): void {
    if (this.failing.delete(partition) && this.failing.size === 0) this.attempt = 0;
  }

  private failed(partition: number): void {
    this.failing.add(partition);
    if (this.closing.signal.aborted) return;
    this.renewing ??= this.renew().finally(() => {
      this.renewing = null;
    });
  }

  private async renew(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.closing;
    let isRenewed = false;
    while (!isRenewed && !signal.aborted) {
      this.attempt++;
      await clock.sleep(Math.min(BACKOFF_MS_MAX, BACKOFF_MS_FIRST * 2 ** (this.attempt - 1)), signal);
      if (signal.aborted) return;
      this.swapping = this.swap();
      await this.swapping;
      this.swapping = null;
      isRenewed = this.producer !== null;
    }
  }

  /** Never rejects. */
  private async swap(): Promise<void> {
    const { openProducer, logger } = this.options;
    const { attempt } = this;
    try {
      const { producer } = this;
      this.producer = null;
      await producer?.close();
      this.producer = await openProducer();
      logger.info("detector.answers-begin-anew", { attempt });
    } catch (error) {
      logger.warn("detector.answers-wait", { attempt, error });
    }
  }
}

/** May the same producer's next append work? What the entries themselves are refused for says nothing about it. */
function isUseless(error: unknown): boolean {
  if (!(error instanceof EventLogError)) return true;
  return !error.retryable && error.code !== "VALUE_TOO_LARGE" && error.code !== "APPEND_IN_FLIGHT";
}

function noProducer(): EventLogError {
  return new EventLogError("FAILED", "the producer of answers is being opened anew", { retryable: true });
}
