/**
 * One reader's place between the fetches and the reads: what has come, what went wrong, who waits.
 *
 * Owns: its queue, the failure the next read is to get, since when nothing could be fetched.
 * Does not own: the requests (fetch lanes), where the leader is (fetcher).
 *
 * 1. An answer counts only where it is one to a fetch at the offset that is next now: two lanes may ask for the same.
 * 2. A failure that is the read's affair halts the feed until a read has got it: nothing is fetched for nobody.
 */

import { EventLogError } from "../event-log.js";
import { RecordQueue } from "./record-queue.js";

/** Fetched ahead of the reader, at most one answer more: two reads of 1 MiB in hand keep a fast reader busy. */
const BUFFERED_BYTES_MAX = 1 << 20;

export interface FeedOptions {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
  /** After so long without an answer reads are refused. */
  readonly outageMsMax: number;
  readonly now: () => number;
  /** There is room again, or a read wants an answer. */
  readonly onWanting: () => void;
  readonly onClosed: () => void;
}

export interface FeedAnswer {
  readonly records: Buffer;
  /** Of the fetch. */
  readonly offset: number;
  /** A read was asking when the fetch was sent. */
  readonly wasAsked: boolean;
  /** False where the server had records, but no room for them in its answer. */
  readonly isWholeAnswer: boolean;
}

export type AskOutcome = "something" | "nothing" | "no answer";

export class PartitionFeed {
  readonly topic: string;
  readonly partition: number;
  /** "topic/partition". */
  readonly key: string;
  readonly queue: RecordQueue;
  isClosed = false;
  /** A read wants to know whether there is anything now. */
  isAsking = false;
  /** Failures since the last answer. */
  failures = 0;
  /** Records or a failure, since a read asked. */
  private hasCome = false;
  private failure: EventLogError | null = null;
  private failedAt = 0;
  private readSinceMs = 0;
  private outageSinceMs: number | null = null;
  private lastOutage: unknown = null;
  private wake: (() => void) | null = null;
  /** Of the last wait, for the next one of the same length: a live reader waits hundreds of times a second. */
  private timer: { readonly timeout: NodeJS.Timeout; readonly ms: number } | null = null;

  constructor(private readonly options: FeedOptions) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.key = `${options.topic}/${options.partition}`;
    this.queue = new RecordQueue(options.topic, options.partition, options.fromOffset);
  }

  get hasRoom(): boolean {
    return !this.isClosed && this.failure === null && this.queue.bufferedBytes < BUFFERED_BYTES_MAX;
  }

  /** Refused at an offset that was a damaged batch's, or before more was appended: it is no news of what is next. */
  forgetOldRefusal(isNewRead: boolean): void {
    if (isNewRead) this.readSinceMs = this.options.now();
    const isRefusal = this.failure?.code === "OFFSET_OUT_OF_RANGE";
    if (isRefusal && (isNewRead || this.failedAt !== this.queue.fetchOffset)) this.failure = null;
  }

  /** What stopped the feed; given once, then fetching may go on. */
  takeFailure(): EventLogError | null {
    const { failure } = this;
    this.failure = null;
    return failure;
  }

  /** Resolves when something has come, at the latest after `waitMs`. */
  waitForRecords(waitMs: number): Promise<void> {
    this.options.onWanting();
    return this.waiting(waitMs);
  }

  /** Resolves with what a fetch that is yet to be sent finds, or with what comes before. */
  async ask(timeoutMs: number): Promise<AskOutcome> {
    this.isAsking = true;
    this.hasCome = false;
    this.options.onWanting();
    await this.waiting(timeoutMs);
    const wasAnswered = !this.isAsking;
    this.isAsking = false;
    if (this.hasCome) return "something";
    return wasAnswered ? "nothing" : "no answer";
  }

  /** Told after records were handed out. */
  drained(): void {
    if (this.hasRoom) this.options.onWanting();
  }

  /** An answer without error. @returns whether it brought records. */
  onAnswer({ records, offset, wasAsked, isWholeAnswer }: FeedAnswer): boolean {
    this.failures = 0;
    this.outageSinceMs = null;
    if (this.isClosed || offset !== this.queue.fetchOffset) return false;
    try {
      const hasRecords = this.queue.add(records);
      if (hasRecords) this.hasCome = true;
      if (hasRecords || (wasAsked && isWholeAnswer)) this.settle();
      return hasRecords;
    } catch (error) {
      this.halt(error);
      return false;
    }
  }

  /** The offset of a fetch is out of range. Where a read began after it was sent, another fetch is to say so. */
  onRefused(error: EventLogError, sentAtMs: number): void {
    if (sentAtMs >= this.readSinceMs) this.halt(error);
  }

  /** The next read gets it. */
  halt(error: unknown): void {
    this.failure =
      error instanceof EventLogError
        ? error
        : new EventLogError("FAILED", this.about(error), { cause: error });
    this.failedAt = this.queue.fetchOffset;
    this.hasCome = true;
    this.settle();
  }

  /** A try that may be repeated has failed. */
  onOutage(error: unknown): void {
    this.lastOutage = error;
    const now = this.options.now();
    this.outageSinceMs ??= now;
    if (now - this.outageSinceMs >= this.options.outageMsMax) this.halt(this.unreachable());
  }

  unreachable(): EventLogError {
    const { lastOutage } = this;
    const reason = lastOutage === null ? "no answer yet" : this.about(lastOutage);
    const message = `${this.key} cannot be read: ${reason}; it is being tried again`;
    return new EventLogError("UNREACHABLE", message, { retryable: true, cause: lastOutage ?? undefined });
  }

  close(): void {
    this.isClosed = true;
    this.options.onClosed();
    this.settle();
    clearTimeout(this.timer?.timeout);
    this.timer = null;
  }

  private about(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
  }

  private settle(): void {
    this.isAsking = false;
    this.wake?.();
  }

  private waiting(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.wakeAfter(Math.ceil(ms));
      this.wake = () => {
        this.wake = null;
        resolve();
      };
    });
  }

  private wakeAfter(ms: number): void {
    if (this.timer?.ms === ms) {
      this.timer.timeout.refresh();
      return;
    }
    clearTimeout(this.timer?.timeout);
    this.timer = { timeout: setTimeout(() => this.wake?.(), ms), ms };
  }
}
