/**
 * Answers of judges in other processes: read from this process's partition of `kadun.answers`, given to waiting calls.
 *
 * Owns: the reader and its restarts.
 * Does not own: the waiting calls (`answers.ts`), the partition's other readers (several processes may share one).
 *
 * 1. It begins at the partition's end: answers of before belong to calls of before.
 * 2. After an error it begins at the end again; calls whose answers were missed get the stand-in's.
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog, LoggedRecord, LogReader, ReadLimits } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import { type AnswerMessage, decodeAnswerMessage } from "../../schemas/answer-message.js";
import { Topic } from "../../schemas/topics.js";
import type { Answers } from "./answers.js";

const LIMITS: ReadLimits = { recordsMax: 1000, bytesMax: 4 << 20, waitMs: 250 };
const BACKOFF_MS = 250;

export interface AnswerReceiverOptions {
  readonly log: EventLog;
  readonly partition: number;
  readonly answers: Answers;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class AnswerReceiver {
  private readonly stopping = new AbortController();
  private reader: LogReader | null = null;
  private ended: Promise<void> = Promise.resolve();
  private lastAnswer: AnswerMessage | null = null;

  private constructor(private readonly options: AnswerReceiverOptions) {}

  /** Resolves when answers that are sent from now on will be read. @throws EventLogError. */
  static async open(options: AnswerReceiverOptions): Promise<AnswerReceiver> {
    const receiver = new AnswerReceiver(options);
    receiver.reader = await receiver.atTheEnd();
    receiver.ended = receiver.run();
    return receiver;
  }

  /** Does it read? While it does not, all calls end with the stand-in. */
  get isReading(): boolean {
    return this.reader !== null;
  }

  /** Did the judge that answered last know the state of all cards? null before the first answer. */
  get isBootstrapped(): boolean | null {
    return this.lastAnswer?.isBootstrapped ?? null;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.reader?.close();
    await this.ended;
  }

  private async atTheEnd(): Promise<LogReader> {
    const { log, partition } = this.options;
    const { end } = await log.bounds(Topic.ANSWERS, partition);
    return log.reader(Topic.ANSWERS, partition, end);
  }

  private async run(): Promise<void> {
    const { clock, logger, partition } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        this.reader ??= await this.atTheEnd();
        for (const record of await this.reader.read(LIMITS)) this.deliver(record);
      } catch (error) {
        if (signal.aborted) break;
        logger.warn("ingest.answers-not-read", { partition, error });
        await this.reader?.close().catch(() => {});
        this.reader = null;
        await clock.sleep(BACKOFF_MS, signal);
      }
    }
    await this.reader?.close().catch(() => {});
  }

  private deliver({ header, value, offset }: LoggedRecord): void {
    const { answers, logger, partition } = this.options;
    if (!answers.awaits(header)) return;
    try {
      this.lastAnswer = decodeAnswerMessage(value);
      answers.deliver({ header, ...this.lastAnswer });
    } catch (error) {
      logger.error("ingest.answer-unreadable", { partition, offset, error });
    }
  }
}
