/**
 * Answers to calls that wait in other processes: appended to `kadun.answers`, in the partition that the call named.
 *
 * Owns: the queue of each partition and its one append in flight.
 * Does not own: when its producer is made anew (answer-producer.ts), what a caller is told when no answer comes (the
 * gateway's stand-in speaks).
 *
 * 1. Nothing waits for an answer to be appended: the decision is in its log, whoever asked again is told it.
 * 2. Where answers cannot be appended they are dropped and counted: a minute later nobody waits for them.
 */

import type { LogEntry } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Counter, Metrics } from "../../platform/metrics/metrics.js";
import { decodeAddress } from "../../schemas/answer-address.js";
import { encodeAnswerMessage } from "../../schemas/answer-message.js";
import { AnswerProducer, type AnswerProducerOptions } from "./answer-producer.js";
import type { Answer } from "./detector-options.js";

/** 5,000 answers/s for a second: callers behind them have their stand-in by then. */
const QUEUED_MAX = 5000;
const APPEND_MAX = 1000;

export interface AnswerSenderOptions extends AnswerProducerOptions {
  readonly partitionCount: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export class AnswerSender {
  private readonly queues = new Map<number, LogEntry[]>();
  private readonly sending = new Map<number, Promise<void>>();
  private readonly dropped: Counter;

  private constructor(
    private readonly options: AnswerSenderOptions,
    private readonly producer: AnswerProducer,
  ) {
    this.dropped = options.metrics.counter({
      name: "kadun_detector_answers_dropped_total",
      help: "Answers that could not be sent to the process whose call waited",
      labels: ["reason"],
    });
  }

  /** @throws what `openProducer` throws. */
  static async open(options: AnswerSenderOptions): Promise<AnswerSender> {
    return new AnswerSender(options, await AnswerProducer.open(options));
  }

  /** The detector's `onAnswer`. */
  readonly send = ({ header, outcomes, isBootstrapped }: Answer): void => {
    const address = decodeAddress(header);
    if (address === null || address.partition >= this.options.partitionCount) {
      this.dropped.add(1, { reason: "address" });
      return;
    }
    const queue = this.queueOf(address.partition);
    if (queue.length >= QUEUED_MAX) {
      this.dropped.add(1, { reason: "queue" });
      return;
    }
    const key = Buffer.from(address.instance).toString("hex");
    queue.push({ key, header, value: encodeAnswerMessage({ outcomes, isBootstrapped }) });
    if (!this.sending.has(address.partition))
      this.sending.set(address.partition, this.run(address.partition));
  };

  /** After what is queued was sent or dropped; closes the producer. */
  async close(): Promise<void> {
    await Promise.all(this.sending.values());
    await this.producer.close();
  }

  private queueOf(partition: number): LogEntry[] {
    const known = this.queues.get(partition);
    if (known !== undefined) return known;
    const queue: LogEntry[] = [];
    this.queues.set(partition, queue);
    return queue;
  }

  /** One append in flight; what came meanwhile goes together with the next. Never rejects. */
  private async run(partition: number): Promise<void> {
    const queue = this.queueOf(partition);
    // The answers of one batch come in one turn and go together.
    await Promise.resolve();
    while (queue.length > 0) {
      const entries = queue.splice(0, APPEND_MAX);
      try {
        await this.producer.append(partition, entries);
      } catch (error) {
        this.dropped.add(entries.length, { reason: "append" });
        this.options.logger.warn("detector.answers-dropped", { partition, count: entries.length, error });
      }
    }
    this.sending.delete(partition);
  }
}
