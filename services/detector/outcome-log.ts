/**
 * The decisions log as one partition's detector writes it.
 *
 * Owns: one append in flight, suppression of outcomes that the log already holds, knowing up to where outcomes are safe.
 * Does not own: the producer (shared by the partitions of a process), judging.
 *
 * 1. Outcomes are appended in journal order without a gap: what fails ends the detector, nothing is sent behind it.
 * 2. Outcomes at or below the tail read on assignment are not appended again (a crash came after their append).
 * 3. A state may be stored only once all outcomes it includes are durable here (`durableUpTo`): a replay skips what
 *    the state includes, and would never make those outcomes again.
 */

import type { EventLog, LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import { encodeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import {
  decodePosition,
  encodePosition,
  isAbove,
  type OutcomePosition,
  Topic,
} from "../../schemas/topics.js";

/** What one journal record led to. */
export interface JudgedRecord {
  readonly journalOffset: number;
  readonly personKey: string;
  readonly outcomes: readonly LoggedOutcome[];
}

export class OutcomeLog {
  private waiting: Waiter[] = [];
  private ended: { readonly reason: unknown } | null = null;
  private loggedOffset = -1;
  private durableOffset = -1;

  private constructor(
    private readonly producer: LogProducer,
    private readonly partition: number,
    private readonly held: OutcomePosition | null,
  ) {}

  /** Reads how far an earlier owner came. */
  static async open(log: EventLog, producer: LogProducer, partition: number): Promise<OutcomeLog> {
    const tail = await log.tail(Topic.DECISIONS, partition);
    return new OutcomeLog(producer, partition, tail === null ? null : decodePosition(tail.header));
  }

  /** Journal offset of the last outcome an earlier owner had appended; −1 for none. */
  get heldOffset(): number {
    return this.held?.journalOffset ?? -1;
  }

  /**
   * Begins the append of a batch judged up to `upToOffset`, once the batch before is through; how many outcomes were
   * not appended because the log holds them.
   * @returns settles when the batch is in the log. Await it before the next call.
   */
  append(judged: readonly JudgedRecord[], upToOffset: number): { suppressed: number; done: Promise<void> } {
    const entries: LogEntry[] = [];
    let suppressed = 0;
    for (const { journalOffset, personKey, outcomes } of judged)
      for (const [sequence, outcome] of outcomes.entries()) {
        const position = { journalOffset, sequence };
        if (!isAbove(position, this.held)) suppressed++;
        else entries.push({ key: personKey, value: encodeBody(outcome), header: encodePosition(position) });
      }
    return { suppressed, done: this.appendEntries(entries, upToOffset) };
  }

  private async appendEntries(entries: readonly LogEntry[], upToOffset: number): Promise<void> {
    try {
      if (entries.length > 0) await this.producer.append(this.partition, entries);
    } catch (error) {
      this.close(error);
      throw error;
    }
    this.loggedOffset = upToOffset;
    const waiting = this.waiting.filter(({ offset }) => offset > upToOffset);
    for (const waiter of this.waiting) if (waiter.offset <= upToOffset) waiter.resolve();
    this.waiting = waiting;
  }

  /** Resolves when all outcomes of the records up to the offset survive a crash of the machine. */
  async durableUpTo(offset: number): Promise<void> {
    if (this.loggedOffset < offset) await this.loggedUpTo(offset);
    if (this.durableOffset >= offset) return;
    const logged = this.loggedOffset;
    await this.producer.flush();
    this.durableOffset = Math.max(this.durableOffset, logged);
  }

  private loggedUpTo(offset: number): Promise<void> {
    if (this.ended !== null) return Promise.reject(this.ended.reason);
    return new Promise((resolve, reject) => {
      this.waiting.push({ offset, resolve, reject });
    });
  }

  /** Nothing will be appended any more: whoever waits is told why. */
  close(reason: unknown): void {
    this.ended ??= { reason };
    for (const { reject } of this.waiting) reject(reason);
    this.waiting = [];
  }
}

interface Waiter {
  readonly offset: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}
